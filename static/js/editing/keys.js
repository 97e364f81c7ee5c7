// The toolbar above each Markdown field, and its keys. They do the same in the text and in the editing view.
import { choose } from "./chooser.js";
import { eachField, insert, say } from "./fields.js";
import { insertPicture } from "./paste.js";
import { choosePicture, pictureAt } from "./picture.js";
import { COMMANDS, inCode, linkAt, linked, newline, tab } from "./markdown_text.js";

// [command, what the button says, its name where that is more, keys]; an empty one parts groups.
const BUTTONS = [
  ["bold", "Fett", "", "Strg+B"],
  ["italic", "Kursiv", "", "Strg+I"],
  ["strike", "abc", "Durchgestrichen (abc)"],
  ["code", "Code"],
  [],
  ["heading2", "Überschrift"],
  ["heading3", "Zwischentitel"],
  [],
  ["list", "Liste", "", "Strg+Umschalt+8"],
  ["numbered", "Nummeriert", "", "Strg+Umschalt+7"],
  ["quote", "Zitat"],
  ["codeblock", "Quelltext"],
  [],
  ["hinweis", "Hinweis"],
  ["achtung", "Achtung"],
  ["table", "Tabelle"],
  ["link", "Link", "", "Strg+K"],
  ["picture", "Bild"],
  [],
  ["undo", "↶", "Rückgängig", "Strg+Z"],
  ["redo", "↷", "Wiederholen", "Strg+Y"],
];
const AT_ONCE = ["table", "undo", "redo"]; // the others are something that the words at the cursor are, or are not
const CONTROL = { b: "bold", i: "italic", k: "link" };
const CONTROL_SHIFT = { Digit7: "numbered", Digit8: "list" };
const HELP = [
  ["Strg+B, Strg+I", "fett, kursiv"],
  ["Strg+K, oder / am Anfang eines Wortes", "Link: Einträge, Schritte, Ansprechpartner, Dateien, offene Stellen"],
  ["Strg+Umschalt+8, Strg+Umschalt+7", "Liste, nummerierte Liste"],
  ["Enter", "der nächste Punkt, die nächste Zeile einer Tabelle; noch einmal beendet beides"],
  ["Tab, Umschalt+Tab", "Punkte einrücken und zurück; in einer Tabelle zur nächsten Zelle und zurück"],
  ["Strg+V, auch Ablegen", "ein Bild einfügen, zum Beispiel ein Bildschirmfoto"],
  ["Enter, Entf, Strg+X auf einem Bild", "ändern, löschen, an eine andere Stelle nehmen"],
  ["Esc, dann Tab", "verlässt das Feld"],
  ["Strg+Z, Strg+Y", "rückgängig, wiederholen"],
];

const stateOf = (field) => ({ text: field.value, start: field.selectionStart, end: field.selectionEnd });

// Show what was made of a field's text: the smallest change, so that one Ctrl+Z takes it back.
function show(field, made) {
  const { value: text } = field;
  let first = 0;
  const shorter = Math.min(text.length, made.text.length);
  while (first < shorter && text[first] === made.text[first]) first += 1;
  let same = 0;
  while (same < shorter - first && text.at(-1 - same) === made.text.at(-1 - same)) same += 1;
  field.focus();
  if (text !== made.text) {
    // A moved selection ends what was typed so far: that is undone by itself.
    field.setSelectionRange(0, 0);
    field.setSelectionRange(first, text.length - same);
    const words = made.text.slice(first, made.text.length - same);
    if (words) insert(field, words);
    else document.execCommand("delete");
  }
  field.setSelectionRange(made.start, made.end);
}

// In a walkthrough `##` and `###` are sections and steps: headings begin below them.
function levelsBelow(field) {
  const kind = field.form?.elements.namedItem("kind");
  return field.name.startsWith("steps-") || kind?.value === "walkthrough" ? 2 : 0;
}

async function run(field, command) {
  say(field, "");
  if (command === "link") return link(field);
  if (command === "picture") return picture(field).catch((error) => say(field, error.message));
  if (field.view) return field.view.run(command, levelsBelow(field));
  if (command === "undo" || command === "redo") {
    field.focus();
    return document.execCommand(command);
  }
  const { problem, ...made } = COMMANDS[command](stateOf(field), levelsBelow(field));
  if (problem) say(field, problem);
  show(field, made);
}

async function link(field) {
  if (field.view) {
    const markdown = await choose(field, field.view.link());
    field.view.focus();
    if (markdown !== null) await insert(field, markdown);
    return;
  }
  const state = stateOf(field);
  const there = linkAt(state);
  const { start, end, label } = there ?? linked(state);
  const markdown = await choose(field, { label, target: there?.target });
  if (markdown === null) return;
  const place = start + markdown.length;
  show(field, { text: state.text.slice(0, start) + markdown + state.text.slice(end), start: place, end: place });
}

// A new picture where the cursor stands, or another description, caption or picture for the one that is there.
async function picture(field) {
  const state = stateOf(field);
  const there = field.view ? field.view.picture() : pictureAt(state);
  const markdown = await choosePicture(field, { there });
  field.view?.focus();
  if (markdown === null) return;
  if (!field.view && there) {
    const place = there.start + markdown.length;
    show(field, { text: state.text.slice(0, there.start) + markdown + state.text.slice(there.end), start: place, end: place });
    return;
  }
  if (!field.view) field.setSelectionRange(state.end, state.end); // beside what is marked, not in its place
  await insertPicture(field, markdown);
}

// "/" where a word may begin opens the chooser; what is typed there and not chosen stays, behind the "/".
async function slash(field) {
  if (field.view) {
    let typed = "";
    const markdown = await choose(field, { onLeave: (query) => (typed = query) });
    field.view.focus();
    if (markdown === null) return field.view.type(typed);
    field.view.removeBefore(1);
    return insert(field, markdown);
  }
  const state = stateOf(field);
  const start = state.start - 1;
  const before = state.text[start - 1];
  if (state.text[start] !== "/" || (before !== undefined && !/\s/.test(before)) || inCode(state)) return;
  let typed = "";
  const markdown = await choose(field, { onLeave: (query) => (typed = query) });
  if (markdown === null) return typed && insert(field, typed);
  const place = start + markdown.length;
  show(field, { text: state.text.slice(0, start) + markdown + state.text.slice(state.end), start: place, end: place });
}

function onKey(field, event) {
  if (event.isComposing || event.altKey) return;
  const control = event.ctrlKey || event.metaKey;
  const command = control && (event.shiftKey ? CONTROL_SHIFT[event.code] : CONTROL[event.key.toLowerCase()]);
  const escaped = field.dataset.leaving;
  delete field.dataset.leaving;
  if (command) {
    event.preventDefault();
    run(field, command);
  } else if (event.key === "Escape") field.dataset.leaving = "1";
  else if (control || field.readOnly) return;
  else if ((event.key === "Enter" && !event.shiftKey) || (event.key === "Tab" && !escaped)) {
    const state = stateOf(field);
    const { problem, ...made } = event.key === "Enter" ? newline(state) : tab(state, event.shiftKey);
    const isSame = made.text === state.text && made.start === state.start && made.end === state.end;
    if (isSame && !problem) return; // it does what it does anywhere
    event.preventDefault();
    say(field, problem ?? "");
    show(field, made);
  }
}

function toolbarOf(field) {
  const bar = document.createElement("div");
  bar.className = "markdown-toolbar";
  bar.setAttribute("role", "toolbar");
  const name = field.labels[0]?.textContent.trim().replace(/:$/, "");
  bar.setAttribute("aria-label", name ? `Gestalten: ${name}` : "Gestalten");
  let group = null;
  for (const [command, text, more, keys] of [[], ...BUTTONS]) {
    if (!command) {
      group = document.createElement("span");
      bar.append(group);
      continue;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.dataset.command = command;
    button.tabIndex = bar.querySelector("button") ? -1 : 0;
    if (more) button.setAttribute("aria-label", more);
    button.title = [more || text, keys].filter(Boolean).join(", ");
    // The selection in the field stays as it is.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => run(field, command));
    group.append(button);
  }
  const buttons = [...bar.querySelectorAll("button")];
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    buttons[next % buttons.length].focus();
  });
  bar.addEventListener("focusin", (event) => buttons.forEach((button) => (button.tabIndex = button === event.target ? 0 : -1)));
  const press = () =>
    buttons.forEach((button) => {
      if (!field.view || AT_ONCE.includes(button.dataset.command)) button.removeAttribute("aria-pressed");
      else button.setAttribute("aria-pressed", String(Boolean(field.view.isActive(button.dataset.command))));
    });
  field.addEventListener("view:changed", press);
  return bar;
}

function helpOf(field) {
  const help = document.createElement("details");
  help.className = "markdown-help";
  const summary = document.createElement("summary");
  summary.textContent = "Tasten";
  const list = document.createElement("dl");
  list.id = `${field.id}-keys`;
  for (const [keys, what] of HELP) {
    const [term, words] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = keys;
    words.textContent = what;
    list.append(term, words);
  }
  help.append(summary, list);
  const leaving = document.createElement("span");
  leaving.id = `${field.id}-leaving`;
  leaving.hidden = true;
  leaving.textContent = "Esc, dann Tab verlässt das Feld.";
  help.append(leaving);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${leaving.id}`.trim());
  return help;
}

eachField((field) => {
  field.before(toolbarOf(field));
  field.after(helpOf(field));
  field.addEventListener("keydown", (event) => onKey(field, event));
  field.addEventListener("view:link", () => link(field));
  field.addEventListener("view:picture", () => run(field, "picture"));
  field.addEventListener("view:slash", () => slash(field));
  field.addEventListener("input", (event) => {
    if (event.inputType === "insertText" && event.data === "/" && !event.isComposing) slash(field);
  });
});
