// What is pasted from Word, a mail, a spreadsheet or a page becomes Markdown; one Ctrl+Z takes it back.
import { ask, beforeSending, eachField, insert, say } from "./fields.js";

// What HTML says beyond its words: paragraphs, lists, tables, links, emphasis.
const SAYS_MORE =
  /<(?:p|div|br|h[1-6]|ul|ol|li|table|blockquote|pre|code|a|b|strong|i|em|s|strike|del|img|sup|sub)\b|font-weight:\s*(?:bold|[6-9]00)|font-style:\s*italic|line-through/i;
// Editors of plain text copy their colours along; what they mean is the text.
const OF_A_TEXT_EDITOR = /^\s*(?:<html>\s*<body>\s*)?(?:<!--StartFragment-->)?\s*(?:<meta[^>]*>)?\s*<(?:div|pre|span)[^>]*(?:white-space:\s*pre\b|monospace)[^>]*>/i;
// Pictures within the HTML itself: megabytes that would be sent for nothing.
const PICTURES = /(src\s*=\s*)("|')data:[^"']*\2/gi;
const FENCE = /^ {0,3}(```|~~~)/;

// The Markdown for what is on the clipboard, and what it leaves out; null where its plain text says the same.
export async function converted(field, clipboard) {
  const html = clipboard.getData("text/html").replace(PICTURES, "$1$2$2");
  if (worth(clipboard, html)) return convert(field, html);
  const table = tableOf(clipboard.getData("text/plain"));
  return table && { text: table, leftOut: "" };
}

function worth(clipboard, html) {
  const ownOrEditor = clipboard.types.includes("vscode-editor-data") || OF_A_TEXT_EDITOR.test(html);
  return Boolean(html) && !ownOrEditor && SAYS_MORE.test(html);
}

async function convert(field, html) {
  // In a step the headings above belong to the walkthrough.
  const answer = await ask(field, "paste", { html, top: /^steps-/.test(field.name) ? 4 : 2 });
  return { text: answer.text, leftOut: answer.left_out };
}

// Rows of cells with tabs between them, as spreadsheets copy them, as a table; "" for any other text.
function tableOf(text) {
  const rows = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n").map((row) => row.split("\t"));
  if (rows[0].length < 2 || rows.some((row) => row.length !== rows[0].length)) return "";
  const line = (cells) => `| ${cells.map((cell) => cell.trim().replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(rows[0]), line(rows[0].map(() => "---")), ...rows.slice(1).map(line)].join("\n");
}

// Markdown as it fits where the cursor stands: in an item or a callout, in a table's cell, in a line.
function fitted(field, markdown) {
  const { value, selectionStart: start, selectionEnd: end } = field;
  const lineStart = value.lastIndexOf("\n", start - 1) + 1;
  const before = value.slice(lineStart, start);
  const after = value.slice(end).split("\n", 1)[0];
  if (/^\s*\|/.test(before)) return markdown.replace(/\n+/g, " ").replace(/(?<!\\)\|/g, "\\|");
  const [quote, marker] = [/^\s*(?:> ?)*/.exec(before)[0], /^\s*(?:> ?)*((?:[-*+]|\d+[.)]) +)?/.exec(before)[1] ?? ""];
  const isList = /^(?:[-*+]|\d+[.)]) /.test(markdown);
  const isBlock = isList || markdown.includes("\n") || /^(?:#{1,6} |> |```|\||!!! )/.test(markdown);
  let indent = quote + " ".repeat(marker.length);
  let text = markdown;
  if (isList && marker && before === quote + marker) {
    // The item that was begun is the first of the list.
    field.setSelectionRange(lineStart + quote.length, end);
    indent = quote;
  } else if (isBlock && before !== quote + marker) {
    text = `\n\n${text}`;
  }
  if (isBlock && after.trim()) text = `${text}\n\n`;
  const [first, ...others] = text.split("\n");
  return [first, ...others.map((line) => (line ? indent + line : indent.trimEnd()))].join("\n");
}

function inCode(field) {
  const lines = field.value.slice(0, field.selectionStart).split("\n");
  return lines.filter((line) => FENCE.test(line)).length % 2 === 1;
}

// A form is sent with all that was pasted into it.
let pending = null;
beforeSending.add(() => pending);

async function paste(field, event) {
  const clipboard = event.clipboardData;
  const plain = clipboard.getData("text/plain");
  const html = clipboard.getData("text/html").replace(PICTURES, "$1$2$2");
  if (field.view || inCode(field)) return;
  if (!worth(clipboard, html)) {
    const table = html ? "" : tableOf(plain);
    if (!table) return;
    event.preventDefault();
    insert(field, fitted(field, table));
    return;
  }
  event.preventDefault();
  field.readOnly = true; // what is typed meanwhile would stand somewhere else
  say(field, "Wird eingefügt …");
  let found;
  try {
    found = await convert(field, html);
  } catch (error) {
    found = { text: plain, problem: error.message };
  }
  field.readOnly = false;
  insert(field, found.problem ? plain : fitted(field, found.text));
  say(field, outcome(found));
}

// What somebody who pasted has to know.
export function outcome({ problem, leftOut }) {
  return problem ? `Eingefügt ist nur der Text: ${problem}` : leftOut && `Nicht übernommen: ${leftOut}.`;
}

eachField((field) =>
  field.addEventListener("paste", (event) => {
    pending = paste(field, event);
  }),
);
