// What the lines of a Markdown text are: read as `faq/dialect/blocks.py` does, as far as editing has to know.
//
// A box is what holds other blocks: a quote, an item, a callout.

const ITEM = /^(?:([*+-])|(\d{1,9})([.)]))(?= |$)/;
const FENCE = /^(?:`{3,}(?=[^`]*$)|~{3,})/;
const DELIMITERS = /^\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$/;
const CALLOUT = /^!!! *([^\s"]*)(?: +"(.*)")? *$/;

export const TABLE = ["head", "delimiter", "row"];
export const CODE = ["fence", "fenced", "closing", "code"];

const indentation = (text) => text.search(/[^ ]|$/);

// Where the cells of a table's row begin and end in it, without the spaces around them.
export function cells(text) {
  const found = [];
  const end = text.trimEnd().length;
  let from = indentation(text);
  if (text[from] === "|") from += 1;
  for (let place = from; place <= end; place++) {
    if (place < end && (text[place] !== "|" || text[place - 1] === "\\")) continue;
    if (place < end || place > from) {
      const cell = text.slice(from, place);
      const start = cell.trim() ? from + indentation(cell) : Math.min(from + 1, place);
      found.push({ start, end: start + cell.trim().length });
    }
    from = place + 1;
  }
  return found;
}

// The lines of a text. Each has its `text`, where it begins (`at`), its `kind`, the `boxes` that it stands in, those of them that it
// begins (`begun`), the column at which each box's content begins (`cols`: one more than boxes) and whether it goes on with a paragraph.
export function read(text) {
  const root = { inner: null };
  const lines = [];
  let open = [];
  let leaf = null;
  let at = 0;
  for (const written of text.split("\n")) {
    const line = { text: written, at, number: lines.length, kind: "text", boxes: [], begun: [], cols: [0], goesOn: false };
    at += written.length + 1;
    lines.push(line);
    let kept = 0; // boxes that go on
    let col = 0;
    for (const box of open) {
      const rest = written.slice(col);
      if (box.kind === "quote") {
        const sign = /^ {0,3}> ?/.exec(rest);
        if (!sign) break;
        col += sign[0].length;
      } else if (!rest.trim()) {
        if (box.empty) break;
        if (line.boxes.length === kept && rest.length >= box.offset) col += box.offset;
        else {
          kept += 1;
          continue;
        }
      } else if (indentation(rest) >= box.offset) col += box.offset;
      else break;
      if (line.boxes.length === kept) {
        line.boxes.push(box);
        line.cols.push(col);
      }
      kept += 1;
    }
    const direct = kept === open.length;
    const rest = () => written.slice(col);
    const close = () => {
      open = open.slice(0, kept);
      leaf = null;
    };
    const parent = () => open.at(-1) ?? root;
    const begin = (kind) => {
      close();
      parent().inner = null;
      open.forEach((box) => (box.empty = false));
      line.kind = kind;
    };
    const push = (box, width) => {
      open.forEach((other) => (other.empty = false));
      open.push(box);
      col += width;
      line.boxes.push(box);
      line.begun.push(box);
      line.cols.push(col);
      kept = open.length;
    };

    if (direct && leaf?.kind === "fence") {
      const closing = rest().trim();
      const ends = indentation(rest()) < 4 && closing.startsWith(leaf.sign) && !closing.replaceAll(leaf.sign[0], "");
      line.kind = ends ? "closing" : "fenced";
      if (ends) leaf = null;
      continue;
    }
    if (!rest().trim()) {
      line.kind = "blank";
      if (!(direct && leaf?.kind === "code") && (!direct || leaf)) close();
      continue;
    }

    let paragraph = direct && leaf?.kind === "paragraph";
    let said = false;
    while (!said) {
      const indent = indentation(rest());
      if (indent > 3) break;
      const here = rest().slice(indent);
      let match;
      if (here.startsWith(">")) {
        close();
        parent().inner = null;
        push({ kind: "quote", line: line.number }, indent + (here[1] === " " ? 2 : 1));
      } else if (/^#{1,6}(?= |$)/.test(here)) {
        begin("heading");
        said = true;
      } else if ((match = FENCE.exec(here))) {
        begin("fence");
        leaf = { kind: "fence", sign: match[0] };
        said = true;
      } else if ((match = CALLOUT.exec(here))) {
        begin("callout");
        push({ kind: "callout", line: line.number, offset: 4, name: match[1], title: match[2], indent }, written.length - col);
        said = true;
      } else if (paragraph && /^(?:=+|-+) *$/.test(here)) {
        line.kind = "underline";
        leaf = null;
        said = true;
      } else if (/^(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$/.test(here)) {
        begin("rule");
        said = true;
      } else if ((match = ITEM.exec(here)) && !(paragraph && (Number(match[2] ?? 1) !== 1 || !here.slice(match[0].length).trim()))) {
        close();
        const behind = here.slice(match[0].length);
        const spaces = !behind.trim() || indentation(behind) > 4 ? 1 : indentation(behind);
        const sign = match[1] ?? match[3];
        if (parent().inner?.sign !== sign) parent().inner = { sign, ordered: !match[1], items: [] };
        const offset = indent + match[0].length + spaces;
        const box = { kind: "item", line: line.number, offset, indent, marker: match[0], list: parent().inner, inner: null, empty: true };
        parent().inner.items.push(box);
        push(box, Math.min(offset, written.length - col));
        paragraph = false;
        said = !rest().trim();
      } else if (paragraph && here.includes("|") && DELIMITERS.test(here) && isHead(lines.at(-2), here)) {
        Object.assign(lines.at(-2), { kind: "head", goesOn: false });
        line.kind = "delimiter";
        leaf = { kind: "table" };
        said = true;
      } else break;
      if (!said) paragraph = false;
    }
    if (said) continue;

    const still = kept === open.length;
    if (indentation(rest()) > 3 && leaf?.kind !== "paragraph") {
      if (leaf?.kind !== "code" || !still) {
        begin("code");
        leaf = { kind: "code" };
      }
      line.kind = "code";
    } else if (leaf?.kind === "paragraph" && (still || open.slice(kept).every((box) => box.kind !== "callout"))) {
      line.goesOn = true;
    } else if (still && leaf?.kind === "table") {
      line.kind = "row";
    } else {
      begin("text");
      leaf = { kind: "paragraph" };
    }
  }
  return lines;
}

function isHead(line, delimiters) {
  return line.text.includes("|") && cells(line.text.slice(line.cols.at(-1))).length === cells(delimiters).length;
}

// The numbers of the lines that a selection touches; not the one at whose very beginning it ends.
export function touched(lines, { start, end }) {
  return lines
    .filter((line) => line.at <= end && line.at + line.text.length >= start && !(end > start && line.at === end))
    .map((line) => line.number);
}

// Make changes of a text at once: `edits` are {at, remove, add}; the selection goes with what it was on.
export function splice(state, edits) {
  let { text, start, end } = state;
  const isCursor = start === end;
  const moved = (place, stays, edit) => {
    const { at, remove = 0, add = "" } = edit;
    if (place < at || (place === at && remove === 0 && stays)) return place;
    if (place >= at + remove) return place + add.length - remove;
    return at + Math.min(place - at, add.length);
  };
  // From the end, so that places stay; of several at one place the first given stands first.
  const ordered = edits.map((edit, order) => ({ ...edit, order })).sort((a, b) => b.at - a.at || b.order - a.order);
  for (const edit of ordered) {
    const { at, remove = 0, add = "" } = edit;
    text = text.slice(0, at) + add + text.slice(at + remove);
    start = moved(start, false, edit);
    end = isCursor ? start : moved(end, true, edit);
  }
  return { text, start, end: Math.max(start, end) };
}
