// What the lines of a Markdown text are: read as `faq/dialect/blocks.py` does, as far as editing has to know.
//
// A box is what holds other blocks: a quote, an item, a callout.

const ITEM = /^(?:([*+-])|(\d{1,9})([.)]))(?= |$)/;
const FENCE = /^(?:`{3,}(?=[^`]*$)|~{3,})/;
const HEADING = /^#{1,6}(?= |$)/;
const UNDERLINE = /^(?:=+|-+) *$/;
const RULE = /^(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$/;
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
  const reader = new Reader();
  for (const written of text.split("\n")) reader.read(written);
  return reader.lines;
}

class Reader {
  lines = [];
  #root = { inner: null }; // `inner`: the list that another item would go on with, here and in each box
  #open = []; // the boxes that the line before stands in
  #leaf = null; // the kind of block that it ends with, where the next line may go on with that
  #kept = 0; // how many of the boxes go on in this line
  #col = 0; // where the rest of the line begins
  #at = 0;

  read(written) {
    this.line = { text: written, at: this.#at, number: this.lines.length, kind: "text", boxes: [], begun: [], cols: [0], goesOn: false };
    this.#at += written.length + 1;
    this.lines.push(this.line);
    this.#goOn();
    const isDirect = this.#kept === this.#open.length;
    if (isDirect && this.#leaf?.kind === "fence") this.#readFenced();
    else if (!this.#rest.trim()) this.#readBlank(isDirect);
    else if (!this.#begins(isDirect && this.#leaf?.kind === "paragraph")) this.#readText();
  }

  get #rest() {
    return this.line.text.slice(this.#col);
  }

  get #parent() {
    return this.#open.at(-1) ?? this.#root;
  }

  // Which of the open boxes the line goes on with. An empty line does with items and callouts, though it may lack their columns.
  #goOn() {
    const { line } = this;
    [this.#kept, this.#col] = [0, 0];
    for (const box of this.#open) {
      const rest = this.#rest;
      const isWritten = line.boxes.length === this.#kept;
      let width = box.offset;
      if (box.kind === "quote") width = /^ {0,3}> ?/.exec(rest)?.[0].length;
      else if (!rest.trim() && box.empty) width = undefined;
      else if (indentation(rest) < width) width = rest.trim() ? undefined : null;
      if (width === undefined) break;
      this.#kept += 1;
      if (width === null || !isWritten) continue;
      this.#col += width;
      line.boxes.push(box);
      line.cols.push(this.#col);
    }
  }

  #readFenced() {
    const closing = this.#rest.trim();
    const { sign } = this.#leaf;
    const ends = indentation(this.#rest) < 4 && closing.startsWith(sign) && !closing.replaceAll(sign[0], "");
    this.line.kind = ends ? "closing" : "fenced";
    if (ends) this.#leaf = null;
  }

  #readBlank(isDirect) {
    this.line.kind = "blank";
    if (!isDirect || (this.#leaf && this.#leaf.kind !== "code")) this.#close();
  }

  #readText() {
    const isDirect = this.#kept === this.#open.length;
    const kind = this.#leaf?.kind;
    if (indentation(this.#rest) > 3 && kind !== "paragraph") {
      if (kind !== "code" || !isDirect) this.#begin("code", { kind: "code" });
      this.line.kind = "code";
    } else if (kind === "paragraph" && (isDirect || this.#open.slice(this.#kept).every((box) => box.kind !== "callout"))) {
      this.line.goesOn = true;
    } else if (kind === "table" && isDirect) this.line.kind = "row";
    else this.#begin("text", { kind: "paragraph" });
  }

  // Whether the line, in what boxes it begins too, begins a block that its signs say.
  #begins(inParagraph) {
    for (;;) {
      const indent = indentation(this.#rest);
      if (indent > 3) return false;
      const here = this.#rest.slice(indent);
      const item = ITEM.exec(here);
      if (here.startsWith(">")) this.#beginQuote(indent + (here[1] === " " ? 2 : 1));
      else if (this.#beginsBlock(here, inParagraph)) return true;
      else if (!item || (inParagraph && !mayInterrupt(item, here))) return inParagraph && this.#beginsTable(here);
      else this.#beginItem(item, here, indent);
      inParagraph = false;
      if (!this.#rest.trim() && item) return true;
    }
  }

  // A block without others in it, or a callout.
  #beginsBlock(here, inParagraph) {
    const [fence, callout] = [FENCE.exec(here), CALLOUT.exec(here)];
    if (HEADING.test(here)) this.#begin("heading");
    else if (fence) this.#begin("fence", { kind: "fence", sign: fence[0] });
    else if (callout) {
      this.#begin("callout");
      const [, name, title] = callout;
      this.#push({ kind: "callout", line: this.line.number, offset: 4, name, title }, this.#rest.length);
    } else if (inParagraph && UNDERLINE.test(here)) [this.line.kind, this.#leaf] = ["underline", null];
    else if (RULE.test(here)) this.#begin("rule");
    else return false;
    return true;
  }

  #beginQuote(width) {
    this.#close();
    this.#parent.inner = null;
    this.#push({ kind: "quote", line: this.line.number }, width);
  }

  #beginItem([marker, bullet, , sign = bullet], here, indent) {
    this.#close();
    const behind = here.slice(marker.length);
    const spaces = !behind.trim() || indentation(behind) > 4 ? 1 : indentation(behind);
    if (this.#parent.inner?.sign !== sign) this.#parent.inner = { sign, ordered: !bullet, items: [] };
    const list = this.#parent.inner;
    const box = { kind: "item", line: this.line.number, offset: indent + marker.length + spaces, indent, marker, list, inner: null, empty: true };
    list.items.push(box);
    this.#push(box, Math.min(box.offset, this.#rest.length));
  }

  // Whether the line makes the last one of a paragraph the head of a table.
  #beginsTable(here) {
    const head = this.lines.at(-2);
    const isTable = here.includes("|") && head.text.includes("|") && DELIMITERS.test(here);
    if (!isTable || cells(head.text.slice(head.cols.at(-1))).length !== cells(here).length) return false;
    Object.assign(head, { kind: "head", goesOn: false });
    this.line.kind = "delimiter";
    this.#leaf = { kind: "table" };
    return true;
  }

  #begin(kind, leaf = null) {
    this.#close();
    this.#parent.inner = null;
    this.#open.forEach((box) => (box.empty = false));
    this.line.kind = kind;
    this.#leaf = leaf;
  }

  #push(box, width) {
    this.#open.forEach((other) => (other.empty = false));
    this.#open.push(box);
    this.#col += width;
    this.line.boxes.push(box);
    this.line.begun.push(box);
    this.line.cols.push(this.#col);
    this.#kept = this.#open.length;
  }

  // End what stands open but for the boxes that go on.
  #close() {
    this.#open = this.#open.slice(0, this.#kept);
    this.#leaf = null;
  }
}

// Whether an item can begin in a paragraph, where a number may be a part of the text.
function mayInterrupt([marker, , number = 1], here) {
  return Number(number) === 1 && here.slice(marker.length).trim() !== "";
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
