// What buttons and keys make of a Markdown text: functions of {text, start, end} that return the same, changed.
//
// Where something can't be, `problem` says why, and the text stays as it is.
import { CODE, TABLE, cells, read, splice, touched } from "./markdown_lines.js";
import { IN_CODE, bold, code, italic, strike } from "./markdown_inline.js";

export { inCode, linkAt, linked } from "./markdown_inline.js";

const IN_TABLE = "In einer Tabelle geht das nicht. Bitte setzen Sie den Cursor davor oder dahinter.";
const NO_DEEPER = "Weiter einrücken lässt sich dieser Punkt nicht. Esc, dann Tab verlässt das Feld.";
const NO_HIGHER = "Dieser Punkt steht schon ganz links. Esc, dann Tab verlässt das Feld.";
const TEMPLATE = ["| Spalte | Spalte |", "| --- | --- |", "| Wert | Wert |"];

const indentation = (text) => text.search(/[^ ]|$/);
const isFilled = (line) => line && line.kind !== "blank";
const isOf = (kinds) => (line) => kinds.includes(line.kind);
const itemOf = (line) => line.begun.findLast((box) => box.kind === "item");
const depthOf = (line, box) => line.boxes.indexOf(box);
// What stands before a further line of the same block, in so many boxes.
function prefixOf(line, depth = line.boxes.length) {
  const parts = line.boxes.slice(0, depth).map((box, place) => {
    if (box.kind !== "quote" && line.begun.includes(box)) return " ".repeat(box.offset);
    const written = line.text.slice(line.cols[place], line.cols[place + 1]);
    return box.kind === "quote" && !written.endsWith(" ") ? `${written} ` : written;
  });
  return parts.join("");
}
const emptyLine = (prefix) => `${prefix.trimEnd()}\n`;
const selected = (state, from, to) => ({ ...state, start: from, end: to });

// The last line of what the items that begin on a line hold, or other boxes.
function lastOf(lines, number, boxes = lines[number].begun.filter((box) => box.kind === "item")) {
  let last = number;
  for (let next = number + 1; next < lines.length; next++) {
    if (boxes.some((box) => lines[next].boxes.includes(box))) last = isFilled(lines[next]) ? next : last;
    else if (isFilled(lines[next])) break;
  }
  return last;
}

// Keep what was made apart from the lines before and behind it, where they would run into each other.
function apart(state, first, last, { before, behind }) {
  const lines = read(state.text);
  const edits = [];
  const above = lines[first - 1];
  const below = lines[last + 1];
  const shared = (one, other) => {
    let depth = 0;
    while (one.boxes[depth] && one.boxes[depth] === other.boxes[depth]) depth += 1;
    return prefixOf(other, depth);
  };
  if (isFilled(above) && before(above)) edits.push({ at: lines[first].at, add: emptyLine(shared(above, lines[first])) });
  if (isFilled(below) && behind(below)) edits.push({ at: below.at, add: emptyLine(shared(lines[last], below)) });
  return splice(state, edits);
}

// Edits that move all that an item holds below its first line by some columns.
function shifted(lines, box, by) {
  return lines
    .filter((line) => line.number > box.line && line.boxes.includes(box) && line.text.trim())
    .map((line) => {
      const column = line.cols[depthOf(line, box)];
      return by > 0 ? { at: line.at + column, add: " ".repeat(by) } : { at: line.at + column, remove: -by };
    });
}

// Count the numbered lists through in which some lines stand; those that begin anew begin with 1.
function renumbered(state, numbers, anew = () => false) {
  const lines = read(state.text);
  const lists = new Set(numbers.flatMap((n) => lines[n]?.boxes.map((box) => box.list)).filter((list) => list?.ordered));
  const edits = [...lists].flatMap((list) => {
    const first = anew(list.items[0]) ? 1 : parseInt(list.items[0].marker);
    return list.items.flatMap((box, place) => numberedAs(lines, box, first + place));
  });
  return splice(state, edits);
}

// Edits that give an item of a numbered list another number.
function numberedAs(lines, box, number) {
  const [line, written, wanted] = [lines[box.line], box.marker.length - 1, String(number)];
  if (parseInt(box.marker) === number) return [];
  const at = line.at + line.cols[depthOf(line, box)] + box.indent;
  return [{ at, remove: written, add: wanted }, ...(wanted.length === written ? [] : shifted(lines, box, wanted.length - written))];
}

// The same with the blocks of the marked lines written out, so that what is made of a line makes nothing else of its neighbours.
function settled(given) {
  const state = untabbed(given);
  const lines = read(state.text);
  const marked = touched(lines, state);
  const last = marked.at(-1);
  const isInside = (line) => line && (line.boxes.length || line.goesOn || !isFilled(line));
  const all = [...marked];
  while (lines[last].boxes.length && isInside(lines[all.at(-1) + 1])) all.push(all.at(-1) + 1);
  const begun = all.map((number) => {
    while (lines[number].goesOn || lines[number].kind === "underline") number -= 1;
    return number;
  });
  const edits = [...new Set(begun)].flatMap((number) => writtenOut(lines, number));
  const behind = lines.slice(last + 1).find(isFilled);
  // Indented code would become a part of a list or callout: it gets a fence.
  if (behind?.kind === "code" && lines[last].kind !== "code") edits.push(...fenced(lines, behind));
  if (lines[last + 1]?.goesOn) edits.push(...asText(lines[last + 1], edits));
  return splice(state, edits);
}

// Edits that give each line of a paragraph the signs of its boxes, and a heading with a line below it signs in front.
function writtenOut(lines, first) {
  const edits = [];
  const column = (line) => line.at + line.cols.at(-1);
  const lead = (line) => indentation(line.text.slice(line.cols.at(-1)));
  let last = first;
  for (; lines[last + 1]?.goesOn; last++) {
    const line = lines[last + 1];
    const missing = lines[first].boxes.slice(line.boxes.length);
    const signs = missing.map((box) => (box.kind === "quote" ? "> " : " ".repeat(box.offset))).join("");
    if (missing.length) edits.push({ at: column(line), remove: lead(line), add: signs });
  }
  const underline = lines[last + 1];
  if (underline?.kind !== "underline") return edits;
  const signs = underline.text.includes("=") ? "# " : "## ";
  edits.push({ at: column(lines[first]), remove: lead(lines[first]), add: signs });
  for (const line of lines.slice(first + 1, last + 1)) {
    edits.push({ at: line.at - 1, remove: 1 + line.cols.at(-1) + lead(line), add: " " });
  }
  return [...edits, { at: underline.at - 1, remove: 1 + underline.text.length }];
}

// Edits for what a paragraph goes on with and would be code, or an item, where it began one.
function asText(line, others) {
  const column = line.at + line.cols.at(-1);
  const [, lead, number] = /^( *)(\d{1,9}(?=[.)](?: |$)))?/.exec(line.text.slice(line.cols.at(-1)));
  const edits = number ? [{ at: column + lead.length + number.length, add: "\\" }] : [];
  const isMoved = lead.length < 4 || others.some((edit) => edit.at === column);
  return isMoved ? edits : [{ at: column, remove: lead.length }, ...edits];
}

// The same with spaces for the tabs that lines begin with, as the portal reads them; not in code.
function untabbed(state) {
  const edits = read(state.text).flatMap((line) => {
    const [lead] = /^[ \t>]*/.exec(line.text);
    if (!lead.includes("\t") || line.kind === "fenced") return [];
    let spaced = "";
    for (const sign of lead) spaced += sign === "\t" ? " ".repeat(4 - (spaced.length % 4)) : sign;
    return [{ at: line.at, remove: lead.length, add: spaced }];
  });
  return splice(state, edits);
}

function fenced(lines, first) {
  let last = first;
  for (const line of lines.slice(first.number)) {
    if (isFilled(line) && line.kind !== "code") break;
    if (isFilled(line)) last = line;
  }
  const block = lines.slice(first.number, last.number + 1).filter(isFilled);
  const prefix = prefixOf(first);
  const fence = "`".repeat(3);
  return [
    { at: first.at + first.cols.at(-1), add: `${fence}\n${prefix}` },
    ...block.map((line) => ({ at: line.at + line.cols.at(-1), remove: 4 })),
    { at: last.at + last.text.length, add: `\n${prefix}${fence}` },
  ];
}

// A command on blocks, which are written out first; where it changes nothing, all stays as it is.
const onBlocks = (command) => (state, ...more) => {
  const begun = settled(state);
  const { problem, ...made } = command(begun, ...more);
  return problem || made.text === begun.text ? { ...state, problem } : made;
};

// A command on words; where there are none, on an empty line, a sample is put.
const onWords = (command) => (state) => {
  const { sample, mark, ...made } = command(state);
  if (!sample) return made;
  const begun = settled(state);
  const lines = read(begun.text);
  return placed(begun, lines[touched(lines, begun)[0]], [sample], mark);
};

// Lists

function list(state, ordered) {
  const lines = read(state.text);
  const marked = touched(lines, state).map((number) => lines[number]);
  if (marked.some(isOf(CODE))) return { ...state, problem: IN_CODE };
  if (marked.some(isOf(TABLE))) return { ...state, problem: IN_TABLE };
  const filled = marked.filter((line) => !["blank", "callout", "rule", "underline"].includes(line.kind));
  const sample = `${ordered ? "1." : "-"} Punkt`;
  if (!filled.length || isIntroduction(state, filled)) return placed(state, marked.at(-1), [sample], "Punkt");
  // A line that only goes on with a marked item belongs to it.
  const chosen = filled.filter(
    (line) => itemOf(line) || !line.boxes.some((box) => box.kind === "item" && filled.includes(lines[box.line])),
  );
  const numbers = chosen.map((line) => line.number);
  if (chosen.every((line) => itemOf(line)?.list.ordered === ordered)) return withoutMarkers(state, lines, numbers);
  const changed = renumbered(splice(state, withMarkers(lines, chosen, ordered)), numbers);
  const last = lastOf(read(changed.text), numbers.at(-1));
  return apart(changed, numbers[0], last, { before: () => false, behind: (line) => line.goesOn || line.kind === "text" });
}

// Whether the cursor stands behind words that say what follows: "Sie brauchen:"
function isIntroduction({ start, end }, [line, more]) {
  const written = line.text.trimEnd();
  return start === end && !more && !line.begun.length && written.endsWith(":") && start >= line.at + written.length;
}

function withMarkers(lines, chosen, ordered) {
  const edits = [];
  let room = 3; // how far a line may be indented and still begin an item
  let base = 0;
  chosen.forEach((line, place) => {
    if (place && chosen[place - 1].number !== line.number - 1) [room, base] = [3, 0];
    const item = itemOf(line);
    if (item) {
      if (item.list.ordered === ordered) return;
      const column = line.cols[depthOf(line, item)] + item.indent;
      const marker = ordered ? "1." : "-";
      edits.push({ at: line.at + column, remove: item.marker.length, add: marker });
      edits.push(...shifted(lines, item, marker.length - item.marker.length));
      return;
    }
    // A further line of an item becomes the next one.
    const within = line.goesOn && line.boxes.at(-1)?.kind === "item" ? line.boxes.at(-1) : null;
    const column = within ? line.cols.at(-2) : line.cols.at(-1);
    const rest = line.text.slice(column);
    const signs = line.kind === "heading" ? /^ *#+ */.exec(rest)[0].length : 0;
    const indent = signs ? 0 : indentation(rest);
    const wanted = within ? within.indent : indent <= room ? indent : base;
    const marker = ordered ? "1. " : `${within && !within.list.ordered ? within.marker : bulletAbove(lines, line)} `;
    edits.push({ at: line.at + column + wanted, remove: (signs || indent) - (signs ? 0 : wanted), add: marker });
    base = wanted + marker.length;
    room = base + 3;
  });
  return edits;
}

// The sign of the list that ends right above, else "-".
function bulletAbove(lines, line) {
  const above = lines.slice(0, line.number).findLast(isFilled);
  const item = above?.boxes[line.boxes.length];
  return item?.kind === "item" && !item.list.ordered ? item.marker : "-";
}

function withoutMarkers(state, lines, numbers) {
  // An item within another that goes too: from the inner ones to the outer, each looked at anew.
  let changed = state;
  for (const number of numbers.toReversed()) {
    const now = read(changed.text);
    const line = now[number];
    const item = itemOf(line);
    const column = line.cols[depthOf(line, item)];
    const content = line.cols[depthOf(line, item) + 1];
    changed = splice(changed, [{ at: line.at + column, remove: content - column }, ...shifted(now, item, -item.offset)]);
  }
  const before = (line) => ["text", ...TABLE].includes(line.kind);
  const behind = (line) => line.begun.some((box) => box.kind === "item") || ["rule", "code", "text"].includes(line.kind);
  let last = Math.max(...numbers.map((number) => lastOf(lines, number)));
  while (lines[last + 1]?.goesOn) last += 1;
  // What stood above an inner item and now stands behind its text does not go on with that.
  const now = read(changed.text);
  const loose = numbers.filter((number) => now[number].goesOn && now[number].boxes.length < now[number - 1].boxes.length);
  changed = splice(changed, loose.map((number) => ({ at: now[number].at, add: "\n" })));
  return apart(changed, numbers[0], last + loose.length, { before, behind });
}

// Blocks around lines

// What can only be taken together with the line above.
const GOES_ON = {
  head: ["delimiter"],
  delimiter: ["row"],
  row: ["row"],
  fence: ["fenced", "closing"],
  fenced: ["fenced", "closing"],
  text: ["underline"],
};

// The lines that are marked, as a whole: with the table, code or items of which one is marked; and in how many boxes all stand,
// `deepest` at most.
function grouped(state, deepest = Infinity) {
  const lines = read(state.text);
  const marked = touched(lines, state).filter((number) => isFilled(lines[number]));
  if (!marked.length) return { lines, empty: lines[touched(lines, state).at(-1)] };
  let [first, last] = [marked[0], marked.at(-1)];
  for (;;) {
    while (["delimiter", "row", "fenced", "closing"].includes(lines[first].kind)) first -= 1;
    while (GOES_ON[lines[last].kind]?.includes(lines[last + 1]?.kind)) last += 1;
    const all = lines.slice(first, last + 1).filter(isFilled);
    const isShared = (box, depth) =>
      (box.kind === "quote" || box.line < first) && all.every((line) => line.boxes[depth] === box);
    let depth = 0;
    while (depth < deepest && all[0].boxes[depth] && isShared(all[0].boxes[depth], depth)) depth += 1;
    const inner = all.flatMap((line) => line.boxes.slice(depth));
    const from = Math.min(first, ...inner.map((box) => box.line));
    const to = Math.max(last, lastOf(lines, last, inner));
    if (from === first && to === last) return { lines, first, last, depth, all };
    [first, last] = [from, to];
  }
}

// The innermost box of a kind that all these lines stand in.
function boxAround(all, kind) {
  return all[0]?.boxes.findLast((box) => box.kind === kind && all.every((line) => line.boxes.includes(box)));
}

const always = { before: (line) => line.kind !== "callout", behind: () => true };

// Put some lines in a box: what stands before each of them, and lines of its own above and below them.
function wrapped(state, { lines, first, last, depth, all }, { sign = "", above = [], below = [] }) {
  const prefix = prefixOf(all[0], depth);
  const edits = [];
  for (const line of lines.slice(first, last + 1)) {
    const column = line.cols[depth] ?? line.text.length;
    if (line.text.slice(column).trim()) {
      const gap = line.text[column - 1] === ">" ? " " : "";
      const head = line.number === first ? above.map((text) => `${text}\n${prefix}`).join("") : "";
      edits.push({ at: line.at + column, add: (head && gap) + head + (head ? "" : gap) + sign });
    } else if (sign.trim()) {
      edits.push({ at: line.at, remove: line.text.length, add: (prefix + sign).trimEnd() });
    }
  }
  const end = lines[last].at + lines[last].text.length;
  const changed = splice(state, edits);
  const grown = splice({ text: state.text, start: end, end }, edits).start;
  const text = changed.text.slice(0, grown) + below.map((line) => `\n${prefix}${line}`).join("") + changed.text.slice(grown);
  return apart({ ...changed, text }, first, last + above.length + below.length, always);
}

// What stands before a block on an empty line: what goes on below it in the boxes of the line above does so behind it too.
function prefixAt(lines, line) {
  const above = lines.slice(0, line.number).findLast(isFilled);
  const below = lines.slice(line.number).find(isFilled);
  const depth = above && below ? below.boxes.findIndex((box, place) => box !== above.boxes[place]) : 0;
  const shared = depth < 0 ? below.boxes.length : depth;
  return shared > line.boxes.length ? prefixOf(below, shared) : prefixOf(line);
}

// Put a new block on an empty line, or below one with text, with `mark` selected in it.
function placed(state, line, block, mark) {
  const prefix = isFilled(line) ? prefixOf(line) : prefixAt(read(state.text), line);
  const written = block.map((text) => prefix + text).join("\n");
  const end = line.at + line.text.length;
  const at = isFilled(line) ? end + 1 : line.at;
  const text = isFilled(line) ? state.text.slice(0, end) + `\n${written}` : state.text.slice(0, at) + written;
  const from = at + written.indexOf(mark);
  const made = selected({ text: text + state.text.slice(end) }, from, from + mark.length);
  const first = line.number + isFilled(line);
  const isItem = /^(-|1\.) /.test(block[0]);
  const changed = apart(made, first, first + block.length - 1, {
    before: (above) => above.kind !== "callout" && !(isItem && (itemOf(above) || above.boxes.length > line.boxes.length)),
    behind: (below) => !(isItem && itemOf(below)),
  });
  return renumbered(changed, touched(read(changed.text), changed));
}

function quote(state) {
  const group = grouped(state);
  const { lines } = group;
  const marked = touched(lines, state).map((number) => lines[number]);
  const isBetween = group.empty && prefixAt(lines, group.empty) !== prefixOf(group.empty);
  const around = !isBetween && boxAround(group.empty ? marked : marked.filter(isFilled), "quote");
  if (!around && group.empty) return placed(state, group.empty, ["> Text"], "Text");
  if (!around) return wrapped(state, group, { sign: "> " });
  const { first, last } = grouped(state, depthOf(marked.find((line) => line.boxes.includes(around)), around) + 1);
  const all = group.empty ? marked : lines.slice(first, last + 1);
  const edits = all
    .filter((line) => line.boxes.includes(around))
    .map((line) => {
      const depth = depthOf(line, around);
      return { at: line.at + line.cols[depth], remove: line.cols[depth + 1] - line.cols[depth] };
    });
  return apart(splice(state, edits), all[0].number, all.at(-1).number, always);
}

function callout(state, name) {
  const group = grouped(state);
  if (group.empty) return placed(state, group.empty, [`!!! ${name}`, "    Text"], "Text");
  const { lines } = group;
  const around = boxAround(touched(lines, state).map((number) => lines[number]).filter(isFilled), "callout");
  if (!around) return wrapped(state, group, { sign: "    ", above: [`!!! ${name}`] });
  const head = lines[around.line];
  if (around.name !== name) {
    const column = head.text.indexOf(around.name, head.cols[depthOf(head, around)]);
    return splice(state, [{ at: head.at + column, remove: around.name.length, add: name }]);
  }
  const depth = depthOf(head, around);
  const last = lastOf(lines, around.line, [around]);
  const inner = lines.slice(around.line + 1, last + 1);
  const edits = inner
    .filter(isFilled)
    .map((line) => ({ at: line.at + line.cols[depth], remove: line.cols[depth + 1] - line.cols[depth] }));
  const column = head.at + head.cols[depth];
  let end = last;
  if (around.title) edits.push({ at: column, remove: head.text.length - head.cols[depth], add: `**${around.title}**\n` });
  else if (inner.length && isFilled(inner[0])) {
    // The text of the first line takes the place of the head, be it in an item.
    edits.shift();
    edits.push({ at: column, remove: inner[0].at + inner[0].cols[depth + 1] - column });
    end -= 1;
  } else edits.push({ at: column, remove: head.text.length - head.cols[depth] });
  if (around.title) end += 1;
  return apart(splice(state, edits), around.line, end, {
    before: (line) => ["text", ...TABLE].includes(line.kind),
    behind: () => true,
  });
}

function codeblock(state) {
  const group = grouped(state);
  if (group.empty) return placed(state, group.empty, ["```", "Code", "```"], "Code");
  const { lines, first, last, all } = group;
  if (lines[first].kind === "fence" && !lines.slice(first + 1, last).some(isOf(["fence", "closing"]))) {
    const isClosed = lines[last].kind === "closing";
    const [open, shut] = [lines[first], lines[last]];
    if (last - first < 1 + isClosed) return state;
    const next = lines[first + 1];
    const edits = [{ at: open.at + open.cols.at(-1), remove: next.at + next.cols.at(-1) - open.at - open.cols.at(-1) }];
    if (isClosed) edits.push({ at: shut.at - 1, remove: shut.text.length + 1 });
    return apart(splice(state, edits), first, last - 1 - isClosed, always);
  }
  const longest = Math.max(2, ...all.flatMap((line) => (line.text.match(/`+/g) ?? []).map((ticks) => ticks.length)));
  const fence = "`".repeat(longest + 1);
  return wrapped(state, group, { above: [fence], below: [fence] });
}

function heading(state, level) {
  const lines = read(state.text);
  const marked = touched(lines, state).map((number) => lines[number]);
  if (marked.some(isOf(CODE))) return { ...state, problem: IN_CODE };
  if (marked.some(isOf(TABLE))) return { ...state, problem: IN_TABLE };
  const chosen = marked.filter((line) => !["blank", "callout", "rule", "underline"].includes(line.kind));
  const signs = `${"#".repeat(level)} `;
  if (!chosen.length) return placed(state, marked.at(-1), [`${signs}Überschrift`], "Überschrift");
  const written = (line) => /^ *(#{1,6})(?: +|$)/.exec(line.text.slice(line.cols.at(-1)));
  const off = chosen.every((line) => line.kind === "heading" && written(line)[1].length === level);
  const edits = chosen.map((line) => {
    const rest = line.text.slice(line.cols.at(-1));
    const length = line.kind === "heading" ? written(line)[0].length : indentation(rest);
    return { at: line.at + line.cols.at(-1), remove: length, add: off ? "" : signs };
  });
  const changed = splice(state, edits);
  if (!off) return changed;
  const behind = (line) => line.kind === "text" || line.kind === "rule" || line.kind === "underline" || itemOf(line) !== undefined;
  return apart(changed, chosen[0].number, chosen.at(-1).number, { before: (line) => ["text", ...TABLE].includes(line.kind), behind });
}

// Tables

function table(state) {
  const lines = read(state.text);
  let line = lines[touched(lines, state).at(-1)];
  if (isOf(["fence", "fenced", "closing"])(line)) return { ...state, problem: IN_CODE };
  while (["delimiter", "row"].includes(lines[line.number + 1]?.kind)) line = lines[line.number + 1];
  return placed(state, line, TEMPLATE, "Spalte");
}

// Where the cells of a line begin and end in the text.
function cellsOf(line) {
  const column = line.cols.at(-1);
  return cells(line.text.slice(column)).map(({ start, end }) => [line.at + column + start, line.at + column + end]);
}

// A row like the others below a line of a table: its text, and where its first cell is in it.
function rowFor(lines, line) {
  const head = lines.slice(0, line.number + 1).findLast(isOf(["head"]));
  const pipes = head.text.slice(head.cols.at(-1)).trimStart().startsWith("|");
  const prefix = prefixOf(line);
  const columns = cellsOf(head).length;
  const row = pipes ? `|${"  |".repeat(columns)}` : Array(columns).fill("").join(" | ");
  return { text: prefix + row, cell: prefix.length + (pipes ? 2 : 0) };
}

function rowBelow(state, lines, line) {
  const after = line.kind === "head" ? lines[line.number + 1] : line;
  const end = after.at + after.text.length;
  const row = rowFor(lines, after);
  const place = end + 1 + row.cell;
  return { text: `${state.text.slice(0, end)}\n${row.text}${state.text.slice(end)}`, start: place, end: place };
}

function otherCell(state, lines, line, back) {
  const all = lines.filter(isOf(["head", "row"]));
  const inTable = all.filter((row) => lines.slice(Math.min(row.number, line.number), Math.max(row.number, line.number)).every(isOf(TABLE)));
  const places = inTable.flatMap(cellsOf);
  const now = places.findLastIndex(([start]) => start <= Math.max(state.start, places[0][0]));
  const next = places[now + (back ? -1 : 1)];
  if (next) return selected(state, ...next);
  return back ? state : rowBelow(state, lines, line);
}

// Keys

// What a key makes of a text; the very same where it does what it does anywhere.
const onKey = (command) => (given, ...more) => {
  const state = untabbed(given);
  const made = command(state, ...more);
  if (made.problem) return { ...given, problem: made.problem };
  return made === state ? given : made;
};

export const newline = onKey(enter);
export const tab = onKey(indented);

// Go on with what the line is; on an empty one end it.
function enter(state) {
  const lines = read(state.text);
  const line = lines[touched(lines, { start: state.start, end: state.start })[0]];
  const column = state.start - line.at;
  if (state.end > line.at + line.text.length) return state;
  if (isBareMarker(state, line)) {
    const { problem, ...lifted } = filledIn(state, (filled) => nest(filled, true));
    return problem ? typed(selected(state, line.at - 1, line.at + line.text.length), "\n\n") : lifted;
  }
  if (TABLE.includes(line.kind)) return inTable(state, lines, line);
  const isCode = line.kind === "fenced" || (line.kind === "fence" && column === line.text.length);
  const box = line.boxes.at(-1);
  if (isCode && box && column >= line.cols.at(-1)) return typed(state, `\n${prefixOf(line)}`);
  if (CODE.includes(line.kind) || !box || column < line.cols.at(-1) || (line.kind === "callout" && column < line.text.length)) return state;
  const rest = line.text.slice(line.cols.at(-1));
  const isBetween = line.kind === "blank" && lines[line.number + 1]?.boxes.includes(box);
  if (rest.trim() || line.kind === "callout" || isBetween) {
    if (box.kind !== "item" || isBetween) return typed(state, `\n${prefixOf(line)}`);
    const depth = depthOf(line, box);
    const start = lines[box.line];
    const number = box.list.ordered ? `${parseInt(box.marker) + 1}${box.marker.at(-1)}` : box.marker;
    const before = prefixOf(start, depth).slice(0, start.cols[depth]) + " ".repeat(box.indent);
    const changed = typed(state, `\n${before}${number} `, /^ */.exec(state.text.slice(state.end))[0].length);
    return renumbered(changed, [line.number + 1]);
  }
  if (itemOf(line) && line.boxes.slice(0, -1).some((other) => other.kind === "item")) return nest(state, true);
  return ended(state, lines, line);
}

// Type something in the place of what is selected and of the spaces behind it.
function typed({ text, start, end }, words, behind = 0) {
  const place = start + words.length;
  return { text: text.slice(0, start) + words + text.slice(end + behind), start: place, end: place };
}

// Leave the innermost box by its empty last line, which becomes the line between.
function ended(state, lines, line) {
  const depth = line.boxes.length - 1;
  const outer = line.text.slice(0, line.cols[depth]);
  const between = emptyLine(outer);
  const isFirst = !isFilled(lines[line.number - 1]);
  let text = state.text.slice(0, line.at) + (isFirst ? "" : between) + outer;
  const place = text.length;
  const next = lines[line.number + 1];
  if (isFilled(next)) text += `\n${outer.trimEnd()}`;
  text += state.text.slice(line.at + line.text.length);
  return { text, start: place, end: place };
}

function inTable(state, lines, line) {
  const next = lines[line.number + 1];
  const isEmpty = line.kind === "row" && cellsOf(line).every(([start, end]) => start === end);
  if (!isEmpty || next?.kind === "row") return rowBelow(state, lines, line);
  const outer = prefixOf(line);
  const text = state.text.slice(0, line.at) + emptyLine(outer) + outer;
  const rest = (isFilled(next) ? `\n${outer.trimEnd()}` : "") + state.text.slice(line.at + line.text.length);
  return { text: text + rest, start: text.length, end: text.length };
}

// Whether somebody has begun an item below text, and not yet written it: as it stands the line is no item, but below a heading.
function isBareMarker({ start, end }, line) {
  const isAtEnd = start === end && start === line.at + line.text.length;
  return isAtEnd && /^[ >]*(?:[-*+]|1[.)]) +$/.test(line.text) && !itemOf(line) && !CODE.includes(line.kind);
}

// What a command makes of the item to be.
function filledIn({ text, start }, command) {
  const { problem, ...made } = command({ text: `${text.slice(0, start)}x${text.slice(start)}`, start: start + 1, end: start + 1 });
  const place = made.start - 1;
  return { text: made.text.slice(0, place) + made.text.slice(made.start), start: place, end: place, problem };
}

// The items of the marked lines one level deeper, or higher (`back`); in a table to the next cell, or the one before.
function indented(state, back) {
  const lines = read(state.text);
  const line = lines[touched(lines, state)[0]];
  if (TABLE.includes(line.kind)) return otherCell(state, lines, line, back);
  if (isBareMarker(state, line)) return filledIn(state, (filled) => nest(filled, back));
  return nest(state, back);
}

function nest(state, back) {
  const lines = read(state.text);
  const chosen = touched(lines, state).filter((number) => itemOf(lines[number]));
  // What stands in one that moves moves with it.
  const isHeld = (number) => (box) => box.kind === "item" && box.line !== number && chosen.includes(box.line);
  const moving = chosen.filter((number) => !lines[number].boxes.some(isHeld(number)));
  if (!moving.length) return state;
  let changed = state;
  for (const number of moving) changed = moved(changed, number, back);
  if (changed.text === state.text) return { ...state, problem: back ? NO_HIGHER : NO_DEEPER };
  const now = read(changed.text);
  const [first, last] = [Math.max(moving[0] - 1, 0), Math.min(lastOf(now, moving.at(-1)) + 1, now.length - 1)];
  const around = [...Array(last - first + 1).keys()].map((place) => first + place);
  return renumbered(changed, around, (box) => moving.includes(box.line));
}

function moved(state, number, back) {
  const lines = read(state.text);
  const line = lines[number];
  const item = line.begun.find((box) => box.kind === "item");
  const place = item.list.items.indexOf(item);
  const depth = depthOf(line, item);
  const parent = line.boxes.slice(0, depth).at(-1);
  if (back ? parent?.kind !== "item" : place < 1) return state;
  const joined = back ? parent : lastChild(lines, item.list.items[place - 1]);
  let { marker } = item;
  if (joined && !joined.list.ordered) marker = joined.marker;
  else if (joined ? !item.list.ordered : item.list.ordered) marker = `1${joined?.marker.at(-1) ?? marker.at(-1)}`;
  const grown = marker.length - item.marker.length;
  const column = line.cols[depth] + item.indent;
  const before = item.list.items[place - 1];
  const above = back ? lines[parent.line].cols[depth - 1] : lines[before.line].cols[depth] + before.offset;
  const to = above + (joined?.indent ?? 0);
  const from = line.at + column;
  const by = to - column;
  const edits = by > 0 ? [{ at: from, add: " ".repeat(by) }] : [{ at: from + by, remove: -by }];
  edits.push({ at: from, remove: item.marker.length, add: marker });
  const all = lines.filter((other) => other.number > number && other.boxes.includes(item) && other.text.trim());
  for (const other of all) {
    const at = other.at + other.cols[depth];
    const shift = by + grown;
    edits.push(shift > 0 ? { at, add: " ".repeat(shift) } : { at: at + Math.min(shift, 0), remove: -shift });
  }
  // Those that follow stand in it then, and begin a list.
  const following = back && item.list.ordered && item.list.items[place + 1];
  if (following) edits.push(...numberedAs(lines, following, 1));
  return splice(state, edits);
}

// The last item of the list that an item ends with.
function lastChild(lines, item) {
  const inside = lines.flatMap((line) => line.begun.filter((box) => box.kind === "item" && line.boxes[depthOf(line, box) - 1] === item));
  return inside.at(-1);
}

// The commands by their names; those of headings take how many levels lower they begin.
export const COMMANDS = {
  bold: onWords(bold),
  italic: onWords(italic),
  strike: onWords(strike),
  code: onWords(code),
  heading2: onBlocks((state, deeper = 0) => heading(state, 2 + deeper)),
  heading3: onBlocks((state, deeper = 0) => heading(state, 3 + deeper)),
  list: onBlocks((state) => list(state, false)),
  numbered: onBlocks((state) => list(state, true)),
  quote: onBlocks(quote),
  codeblock: onBlocks(codeblock),
  hinweis: onBlocks((state) => callout(state, "hinweis")),
  achtung: onBlocks((state) => callout(state, "achtung")),
  table: onBlocks(table),
};
