// What stands in a line of Markdown: bold and its like, put around words and taken away; links.
import { CODE, cells, read, splice, touched } from "./markdown_lines.js";

const LINK = /(?<!!)\[((?:[^[\]\\]|\\.|\[(?:[^[\]\\]|\\.)*\])*)\]\(\s*<?((?:[^\s()<>]|\([^\s()]*\))*)>?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/gs;
const ADDRESS = /<[a-z][\w+.-]*:[^\s<>]*>|https?:\/\/[^\s<>)\]|]*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
const ALONE = /[\p{L}\p{N}]/u;
const WORD = /[\p{L}\p{N}_-]/u;

export const IN_CODE = "In einem Code-Block bleibt alles, wie es geschrieben ist.";
const NO_TEXT = "Hier steht kein Text, der so werden kann.";

const isLetter = (sign) => sign !== undefined && ALONE.test(sign);
const isSpace = (sign) => sign === undefined || /\s/.test(sign);
const opens = (before, after) => isLetter(after) || (!isSpace(after) && !isLetter(before));
const closes = (before, after) => isLetter(before) || (!isSpace(before) && !isLetter(after));

// Where code stands in a text: {start, end, inner}, `inner` being how many ticks there are.
function codeSpans(text) {
  const runs = [...text.matchAll(/(?<!\\)`+/g)];
  const found = [];
  for (let place = 0; place < runs.length; place++) {
    const other = runs.findIndex((run, at) => at > place && run[0].length === runs[place][0].length);
    if (other < 0) continue;
    found.push({ start: runs[place].index, end: runs[other].index + runs[other][0].length, inner: runs[place][0].length, sign: "`" });
    place = other;
  }
  return found;
}

function found(pattern, text) {
  return [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length, match }));
}

// What can't be cut: code, links (but for their words), addresses.
function wholes(text) {
  const code = codeSpans(text);
  const outside = (span) => !code.some((other) => span.start < other.end && span.end > other.start);
  const links = found(LINK, text).filter(outside);
  const isLinked = (span) => links.some((link) => span.start >= link.start && span.end <= link.end);
  const addresses = found(ADDRESS, text).filter((span) => outside(span) && !isLinked(span));
  return { code, links, addresses };
}

// What stands between signs: {start, end, inner, sign}, `inner` being how many signs there are on each side.
function emphasised(text, { code, links, addresses }) {
  const blind = [...code, ...addresses, ...links.map(({ end, match }) => ({ start: end - match[0].length + match[1].length + 2, end }))];
  const open = [];
  const spans = [];
  for (const run of text.matchAll(/\\.|\*+|_+|~~+/gs)) {
    let { index: at } = run;
    let length = run[0].length;
    const sign = run[0][0];
    if (sign === "\\" || blind.some((span) => at >= span.start && at < span.end)) continue;
    const [before, after] = [text[at - 1], text[at + length]];
    const canClose = closes(before, after) && !(sign === "_" && isLetter(after));
    while (canClose && length) {
      const place = open.findLastIndex((other) => other.sign === sign);
      if (place < 0) break;
      const start = open[place];
      open.length = place + 1;
      const inner = sign === "~" ? 2 : Math.min(2, length, start.length);
      spans.push({ start: start.at + start.length - inner, end: at + inner, inner, sign });
      start.length -= inner;
      if (!start.length) open.length = place;
      at += inner;
      length -= inner;
    }
    if (length && opens(before, after) && !(sign === "_" && isLetter(before))) open.push({ at, length, sign });
  }
  return spans;
}

const isKind = {
  bold: (span) => span.inner === 2 && "*_".includes(span.sign),
  italic: (span) => span.inner === 1 && "*_".includes(span.sign),
  strike: (span) => span.sign === "~",
  code: (span) => span.sign === "`",
};

// The parts of the marked lines that can be bold: what each paragraph's line, item or cell says of them.
function pieces(state, lines) {
  const isCursor = state.start === state.end;
  return touched(lines, state).flatMap((number) => {
    const line = lines[number];
    if ([...CODE, "blank", "delimiter", "rule", "underline", "callout"].includes(line.kind)) return [];
    const column = line.cols.at(-1);
    const rest = line.text.slice(column);
    const signs = line.kind === "heading" ? /^ *#+ */.exec(rest)[0].length : rest.search(/\S|$/);
    const parts = ["head", "row"].includes(line.kind) ? cells(rest) : [{ start: signs, end: rest.trimEnd().length }];
    return parts
      .map((part) => [line.at + column + part.start, line.at + column + part.end])
      .filter(([start, end]) => start <= state.end && end >= state.start)
      .map(([start, end]) => ({ ...trimmed(state.text, Math.max(start, state.start), Math.min(end, state.end)), limits: [start, end] }))
      .filter((piece) => isCursor || piece.start < piece.end);
  });
}

// Whether a part begins or ends in a link, or holds all of it: not whether it stands in its words.
function cuts(link, { start, end }) {
  return start < link.end && end > link.start && !(start > link.start && end <= link.end - link.tail);
}

function trimmed(text, start, end) {
  while (start < end && isSpace(text[start])) start += 1;
  while (start < end && isSpace(text[end - 1])) end -= 1;
  // Not between a backslash and its sign.
  if (start < end && text[start - 1] === "\\") start -= 1;
  if (start < end && text[end - 1] === "\\" && /\S/.test(text[end] ?? "")) end += 1;
  return { start, end };
}

// The lines of the paragraph, item or cell in which a place is, as a part of the text.
function paragraphAround(lines, place) {
  let first = lines.findLast((line) => line.at <= place).number;
  let last = first;
  while (lines[first].goesOn) first -= 1;
  while (lines[last + 1]?.goesOn) last += 1;
  return [lines[first].at + lines[first].cols.at(-1), lines[last].at + lines[last].text.length];
}

// The same with the cursor before a sign in which it stands: between two stars, or behind a backslash.
function besideSigns({ text, start, end }) {
  if (start < end) return { text, start, end };
  if (text[start - 1] === "\\") start -= 1;
  while (/[*_~`]/.test(text[start - 1]) && text[start - 1] === text[start]) start -= 1;
  return { text, start, end: start };
}

// A part with what stands around it: `spans` are those of the kind that is asked for, `others` what else there is.
function looked(state, lines, name, piece) {
  const [from, to] = paragraphAround(lines, piece.start);
  const text = state.text.slice(from, to);
  const whole = wholes(text);
  const at = (span) => ({ ...span, start: span.start + from, end: span.end + from });
  const all = [...emphasised(text, whole), ...whole.code.map((span) => ({ ...span, solid: true }))].map(at);
  // In the words of a link all can be; `tail` is what stands behind them.
  const links = whole.links.map(at).map((link) => ({ ...link, inner: 1, tail: link.end - link.start - link.match[1].length - 1 }));
  const addresses = whole.addresses.map(at).map((span) => ({ ...span, solid: true }));
  const others = [...all.filter((span) => !isKind[name](span)), ...links, ...addresses];
  return { piece: wordAt(state, piece), spans: all.filter(isKind[name]), others };
}

// Parts in two lines that one thing holds together are one.
function joined(all) {
  const parts = [];
  for (const one of all) {
    const last = parts.at(-1);
    const both = (span) => span.start < last.piece.end && span.end > one.piece.start;
    if (last && [...one.spans, ...one.others].some(both)) last.piece = { ...last.piece, end: one.piece.end };
    else parts.push(one);
  }
  return parts;
}

function toggled(given, name, signs, sample) {
  const state = besideSigns(given);
  const lines = read(state.text);
  const marked = touched(lines, state).map((number) => lines[number]);
  if (marked.every((line) => line.kind === "blank")) return { ...state, sample: signs + sample + signs, mark: sample };
  const chosen = joined(pieces(state, lines).map((piece) => looked(state, lines, name, piece)));
  if (!chosen.length) return { ...state, problem: marked.some((line) => CODE.includes(line.kind)) ? IN_CODE : NO_TEXT };
  const all = chosen.filter(({ piece, others }) => name !== "code" || !others.some((link) => link.tail && cuts(link, piece)));
  if (!all.length) return { ...state, problem: "Ein Link kann nicht im Code stehen." };
  if (isNowhere(state, all)) return typedIn(state, signs, sample);
  const around = ({ piece, spans }) => {
    const { start, end } = bare(state.text, piece);
    return spans.find((span) => span.start <= start && span.end >= end);
  };
  if (all.every(around)) {
    return splice(state, all.flatMap((one) => unwrapped(state, one, around(one))));
  }
  const made = all.filter((one) => !around(one)).map((one) => wrapped(state.text, one, signs, name)).filter(Boolean);
  if (!made.length) return { ...state, problem: NO_TEXT };
  const changed = splice(state, made.flatMap((one) => one.edits));
  if (all.length > 1) return changed;
  // What is marked stays marked: the words, without the signs.
  const [{ start, end, sign, edits }] = made;
  const grown = edits
    .filter((edit) => edit.at < end && edit.at >= start)
    .reduce((sum, edit) => sum + (edit.add?.length ?? 0) - (edit.remove ?? 0), 0);
  return { ...changed, start: start + sign.length, end: end + grown };
}

// Whether the cursor is on no word, nor in what already is what it shall be.
function isNowhere({ start }, [{ piece, spans, others }, more]) {
  const holds = (span) => span.start <= start && span.end >= start;
  const isInside = (other) => other.solid && other.start < start && other.end > start;
  return !more && piece.start === piece.end && !spans.some(holds) && !others.some(isInside);
}

// A part without the signs at its ends.
function bare(text, { start, end }) {
  while (start < end && /[*_~`]/.test(text[start])) start += 1;
  while (start < end && /[*_~`]/.test(text[end - 1])) end -= 1;
  return { start, end };
}

// The word on which the cursor is, where nothing is marked.
function wordAt(state, piece) {
  let { start, end } = piece;
  if (state.start !== state.end) return piece;
  [start, end] = [state.start, state.start];
  while (start > piece.limits[0] && WORD.test(state.text[start - 1])) start -= 1;
  while (end < piece.limits[1] && WORD.test(state.text[end])) end += 1;
  while (start < end && !isLetter(state.text[start])) start += 1;
  while (start < end && !isLetter(state.text[end - 1])) end -= 1;
  return { ...piece, start, end };
}

function typedIn({ text, start }, signs, sample) {
  if (text[start - 1] === "*" || text[start] === "*") signs = signs.replaceAll("*", "_");
  const from = start + signs.length;
  return { text: text.slice(0, start) + signs + sample + signs + text.slice(start), start: from, end: from + sample.length };
}

// Take the signs from a part of what stands between them, with all of what it would cut; of all where nothing is marked.
function unwrapped(state, { piece, others }, span) {
  const { text } = state;
  const [from, to] = [span.start + span.inner, span.end - span.inner];
  const signs = text.slice(span.start, from);
  let { start, end } = state.start === state.end || piece.start < from || piece.end > to ? { start: from, end: to } : piece;
  const isCut = (other) => other.start >= from && other.end <= to && other.start < end && other.end > start;
  for (let cut; (cut = others.filter(isCut).find((other) => other.start < start || other.end > end)); ) {
    [start, end] = [Math.min(start, cut.start), Math.max(end, cut.end)];
  }
  const edits = [];
  const before = trimmed(text, from, start);
  const behind = trimmed(text, end, to);
  if (before.start === before.end) edits.push({ at: span.start, remove: span.inner });
  else edits.push({ at: before.end, add: signs });
  if (behind.start === behind.end) edits.push({ at: to, remove: span.inner });
  else edits.push({ at: behind.start, add: signs });
  return edits;
}

// Edits that put signs around a piece; what it would cut in two is taken in as a whole.
function wrapped(text, { piece, spans, others }, signs, name) {
  let { start, end } = piece;
  const covered = () => spans.filter((span) => span.start <= end && span.end >= start);
  for (let again = true; again; ) {
    again = false;
    for (const other of [...others, ...covered()]) {
      const isOwn = spans.includes(other);
      const inside = start >= other.start + other.inner && end <= other.end - (other.tail ?? other.inner) && !other.solid && !isOwn;
      const around = start <= other.start && end >= other.end;
      const apartFrom = start >= other.end || end <= other.start;
      if (inside || around || (apartFrom && !isOwn)) continue;
      [start, end, again] = [Math.min(start, other.start), Math.max(end, other.end), true];
    }
  }
  // Code shows every sign: what was bold in it is so no more.
  const inCode = (other) => name === "code" && other.sign && other.start >= start && other.end <= end;
  const taken = [...covered(), ...others.filter(inCode)];
  const edits = taken.flatMap((span) => [{ at: span.start, remove: span.inner }, { at: span.end - span.inner, remove: span.inner }]);
  const isTaken = (place) => edits.some((edit) => place >= edit.at && place < edit.at + edit.remove);
  let sign = signs;
  if (name === "code") {
    const plain = splice({ text, start, end }, edits);
    const inner = plain.text.slice(plain.start, plain.end);
    const ticks = (inner.match(/`+/g) ?? []).map((run) => run.length);
    while (ticks.includes(sign.length)) sign += "`";
  } else {
    // Where it would not be read as such a sign, it stands a letter further in; or out, where it would part others' signs.
    const isEdge = (place) => others.some((other) => other.start === place || other.end === place);
    const out = [start < piece.start || isEdge(start), end > piece.end || isEdge(end)];
    while (start < end && !opens(text[start - 1], text[start])) start += out[0] ? -1 : text[start] === "\\" ? 2 : 1;
    while (end > start && !closes(text[end - 1], text[end])) end += out[1] ? 1 : text[end - 2] === "\\" ? -2 : -1;
    if (start >= end) return null;
    const beside = [start - 1, start, end - 1, end].some((place) => text[place] === "*" && !isTaken(place));
    if (name === "italic" && beside && !isLetter(text[start - 1]) && !isLetter(text[end])) sign = "_";
  }
  edits.unshift({ at: start, add: sign });
  edits.push({ at: end, add: sign });
  return { edits, start, end, sign };
}

export const bold = (state) => toggled(state, "bold", "**", "wichtig");
export const italic = (state) => toggled(state, "italic", "*", "betont");
export const strike = (state) => toggled(state, "strike", "~~", "überholt");
export const code = (state) => toggled(state, "code", "`", "Code");

// Whether code stands where the cursor is.
export function inCode(state) {
  const lines = read(state.text);
  const [from, to] = paragraphAround(lines, state.start);
  const line = lines.findLast((other) => other.at <= state.start);
  const place = state.start - from;
  return CODE.includes(line.kind) || codeSpans(state.text.slice(from, to)).some(({ start, end }) => start < place && end > place);
}

// The link in which the cursor is: where it stands, its label and its target; or null.
export function linkAt(state) {
  const lines = read(state.text);
  if (inCode(state)) return null;
  const [from, to] = paragraphAround(lines, state.start);
  const link = wholes(state.text.slice(from, to)).links.find((one) => {
    const [start, end] = [one.start + from, one.end + from];
    return start <= state.start && end >= state.end && (state.start < state.end || (start < state.start && end > state.end));
  });
  return link ? { start: link.start + from, end: link.end + from, label: link.match[1], target: link.match[2] } : null;
}

// What is marked, without spaces around it: the words of a link to be, in one line.
export function linked(state) {
  const { start, end } = trimmed(state.text, state.start, state.end);
  return { start, end, label: state.text.slice(start, end).replace(/\s*\n[\s>]*/g, " ") };
}
