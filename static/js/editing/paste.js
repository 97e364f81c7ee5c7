// What is pasted from Word, a mail, a spreadsheet or a page becomes Markdown; one Ctrl+Z takes it back.
import { worthHtml } from "./clipboard_html.js";
import { ask, beforeSending, eachField, insert, say } from "./fields.js";
import { choosePicture, pictureFiles, picturesIn } from "./picture.js";

const FENCE = /^[\s>]*(?:```|~~~)/;

// The Markdown for what is on the clipboard, and what it leaves out; null where its plain text says the same.
export async function converted(field, clipboard) {
  const html = worthHtml(clipboard);
  if (html) return convert(field, html);
  const table = tableOf(clipboard);
  return table ? { text: table, leftOut: "" } : null;
}

async function convert(field, html) {
  // In a step the headings above belong to the walkthrough.
  const answer = await ask(field, "paste", { html, top: /^steps-/.test(field.name) ? 4 : 2 });
  return { text: answer.text, leftOut: answer.left_out };
}

// Rows of cells with tabs between them, as spreadsheets copy them, as a table; "" for any other text, and beside HTML.
function tableOf(clipboard) {
  if (clipboard.types.includes("text/html")) return "";
  const rows = clipboard.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n").map((row) => row.split("\t"));
  if (rows[0].length < 2 || rows.some((row) => row.length !== rows[0].length)) return "";
  const line = (cells) => `| ${cells.map((cell) => cell.trim().replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(rows[0]), line(rows[0].map(() => "---")), ...rows.slice(1).map(line)].join("\n");
}

// Markdown as it fits where the cursor stands: in an item, a callout or a quote, in a table's cell, in a line.
function fitted(field, markdown) {
  const { value, selectionStart: start, selectionEnd: end } = field;
  const [previous, before] = ["", ...value.slice(0, start).split("\n")].slice(-2);
  const [after, next = ""] = value.slice(end).split("\n", 2);
  if (/^\s*\|/.test(before)) return markdown.replace(/\n+/g, " ").replace(/(?<!\\)\|/g, "\\|");
  const [begun, quote, marker = ""] = /^(\s*(?:> ?)*)((?:[-*+]|\d+[.)]) +)?/.exec(before);
  const isList = /^(?:[-*+]|\d+[.)]) /.test(markdown);
  const isBlock = isList || markdown.includes("\n") || /^(?:#{1,6} |> |```|\||!!! |!\[)/.test(markdown);
  // A list goes on with one that is there; anything else would with a paragraph.
  const isApart = isBlock && !isList;
  let indent = quote + " ".repeat(marker.length);
  let text = markdown;
  if (isList && marker && before === begun) {
    // The item that was begun is the first of the list.
    field.setSelectionRange(start - marker.length, end);
    indent = quote;
  } else if (isBlock && before !== begun) {
    text = `\n\n${text}`;
  } else if (isApart && !marker && previous.trim() && !/^\s*!!!/.test(previous)) {
    text = `\n${text}`;
  }
  if (isBlock && after.trim()) text = `${text}\n\n`;
  else if (isApart && next.trim()) text = `${text}\n`;
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

// Ask what each of these pictures shows, and put it where the cursor stands, in a paragraph of its own.
export async function insertPictures(field, files) {
  for (const file of files) {
    const markdown = await choosePicture(field, { file });
    field.view?.focus();
    if (markdown === null) return;
    await insertPicture(field, markdown);
  }
}

export function insertPicture(field, markdown) {
  return insert(field, field.view ? markdown : fitted(field, markdown));
}

// What is dropped on a text: pictures; of another file the browser would make a page, and what was typed would be gone.
export function drop(field, event, place) {
  if (!event.dataTransfer.types.includes("Files")) return false;
  event.preventDefault();
  const pictures = pictureFiles(event.dataTransfer);
  if (pictures.length) {
    place();
    insertPictures(field, pictures).catch((error) => say(field, error.message));
  } else say(field, "Hier lassen sich nur Bilder ablegen. Eine Datei für Leser kommt über „Link“ in den Text.");
  return true;
}

async function paste(field, event) {
  const clipboard = event.clipboardData;
  const pictures = inCode(field) ? [] : picturesIn(clipboard);
  if (pictures.length) {
    event.preventDefault();
    insertPictures(field, pictures);
    return;
  }
  const [html, table, plain] = [worthHtml(clipboard), tableOf(clipboard), clipboard.getData("text/plain")];
  if (!(html || table) || inCode(field)) return;
  event.preventDefault();
  if (table) {
    insert(field, fitted(field, table));
    return;
  }
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

eachField((field) => {
  field.addEventListener("paste", (event) => {
    pending = paste(field, event);
  });
  field.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
  field.addEventListener("drop", (event) =>
    drop(field, event, () => {
      const at = document.caretPositionFromPoint?.(event.clientX, event.clientY);
      if (at?.offsetNode === field) field.setSelectionRange(at.offset, at.offset);
    }),
  );
});
