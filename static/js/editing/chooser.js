// One search over all that a text can link to: entries and their steps, contacts, files, gaps, addresses.
import { dialogOf } from "./dialog.js";
import { ask } from "./fields.js";

const KINDS = [
  ["", "Alles"],
  ["faq", "Einträge"],
  ["schritt", "Schritte"],
  ["kontakt", "Ansprechpartner"],
  ["datei", "Dateien"],
  ["offen", "Offene Stellen"],
];
const PATIENCE = 150; // milliseconds after the last keystroke
const MARKUP = `
  <form method="dialog" novalidate>
    <h2 id="chooser-title">Link einfügen</h2>
    <div class="chooser-search">
      <p><label for="chooser-query">Suchen, oder eine Adresse einfügen</label>
        <input id="chooser-query" type="text" role="combobox" aria-autocomplete="list" aria-controls="chooser-list" aria-expanded="false"
          autocomplete="off" spellcheck="false" maxlength="500"></p>
      <p><label for="chooser-kind">Nur</label> <select id="chooser-kind"></select></p>
    </div>
    <ul id="chooser-list" role="listbox" aria-label="Ziele"></ul>
    <div class="chooser-new" data-for="kontakt" hidden>
      <p><label for="chooser-name">Name</label> <input id="chooser-name" name="name" type="text"></p>
      <p><label for="chooser-phone">Telefon</label> <input id="chooser-phone" name="phone" type="tel"></p>
      <p><label for="chooser-email">E-Mail</label> <input id="chooser-email" name="email" type="email"></p>
      <p><label for="chooser-url">Seite</label> <input id="chooser-url" name="url" type="url" placeholder="https://…"></p>
    </div>
    <div class="chooser-new" data-for="datei" hidden>
      <p><label for="chooser-file-title">Titel</label> <input id="chooser-file-title" name="title" type="text"></p>
      <p><label for="chooser-upload">Datei (PDF, XLSX oder DOCX; Leser können sie sofort herunterladen)</label>
        <input id="chooser-upload" name="upload" type="file" accept=".pdf,.xlsx,.docx"></p>
    </div>
    <p class="chooser-label"><label for="chooser-label">Text des Links</label> <input id="chooser-label" type="text" autocomplete="off"></p>
    <p class="chooser-says" role="status"></p>
    <div class="chooser-ways">
      <button type="submit">Einfügen</button>
      <button type="button" data-way="remove" hidden>Link entfernen</button>
      <button type="button" data-way="leave">Abbrechen</button>
    </div>
  </form>`;

// Plain words as Markdown that says them; what somebody wrote as Markdown keeps its signs, but for brackets that nothing closes.
export const escaped = (words) => words.replace(/[\\`*_[\]~<]/g, "\\$&");
function closed(markdown) {
  const open = [];
  const stray = [];
  for (const { 0: sign, index } of markdown.matchAll(/\\.|[[\]]/gs)) {
    if (sign === "[") open.push(index);
    else if (sign === "]" && open.pop() === undefined) stray.push(index);
  }
  const loose = new Set([...stray, ...open]);
  return markdown
    .split("")
    .map((sign, place) => (loose.has(place) ? `\\${sign}` : sign))
    .join("");
}

const SIGNS = { "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", " ": "%20" };
const address = (written) => written.replace(/[()<> ]/g, (sign) => SIGNS[sign]);

// Let somebody choose what to link to. Returns the link's Markdown, its words alone where the link shall go, or null.
//
// `label`: the link's words (Markdown), `target`: where it leads now, `kind`: what alone is looked for. `onLeave(query)` is called with
// what was typed where nothing was chosen; with it, a space as the first sign leaves too.
export function choose(field, { label = "", kind = "", target = "", onLeave } = {}) {
  const { dialog, part, leave, opened } = dialogOf(field, "chooser-title", MARKUP, (answer) => {
    clearTimeout(timer);
    if (answer === null) onLeave?.(making ? "" : query.value);
  });
  const [query, kinds, list, words] = ["query", "kind", "list", "label"].map((name) => part(`#chooser-${name}`));
  const says = part(".chooser-says");
  kinds.append(...KINDS.map(([value, text]) => new Option(text, value, false, value === kind)));
  query.value = target;
  words.value = label;
  part("[data-way=remove]").hidden = !target;
  if (target) part("h2").textContent = "Link ändern";

  let targets = [];
  let active = -1;
  let making = ""; // the kind of what is being made
  let isOwn = Boolean(label); // the words are somebody's, not the target's
  let asked = 0;
  let found = null; // a promise, while something is looked for
  let timer = null;

  function show(place) {
    active = place;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    const option = list.children[place];
    if (option) query.setAttribute("aria-activedescendant", option.id);
    else query.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
    if (!isOwn) words.value = targets[place]?.label ?? "";
  }

  function optionOf({ kind: name, title, note }, place) {
    const option = document.createElement("li");
    option.id = `chooser-option-${place}`;
    option.setAttribute("role", "option");
    const [what, strong, small] = ["small", "span", "small"].map((tag) => document.createElement(tag));
    what.className = "chooser-what";
    [what.textContent, strong.textContent, small.textContent] = [name, title, note];
    option.append(what, " ", strong, " ", small);
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => {
      show(place);
      take();
    });
    return option;
  }

  function look() {
    clearTimeout(timer);
    timer = null;
    const turn = ++asked;
    found = ask(field, "targets", { q: query.value, kind: kinds.value })
      .then((answer) => answer.targets, (error) => ({ problem: error.message }))
      .then((answer) => {
        if (turn !== asked || !dialog.open) return;
        targets = answer.problem ? [] : answer;
        list.replaceChildren(...targets.map(optionOf));
        query.setAttribute("aria-expanded", String(targets.length > 0));
        says.textContent = answer.problem ?? (targets.length ? (targets.length === 1 ? "Ein Ziel" : `${targets.length} Ziele`) : "Nichts gefunden.");
        show(targets.length && query.value.trim() ? 0 : -1);
      });
    return found;
  }

  function make({ make: what, label: name }) {
    making = what;
    part(".chooser-search").hidden = list.hidden = true;
    const fields = part(`.chooser-new[data-for=${what}]`);
    fields.hidden = false;
    const [first, ...others] = fields.querySelectorAll("input");
    first.value = name;
    part("[type=submit]").textContent = "Anlegen und einfügen";
    says.textContent = "";
    (others[0] ?? first).focus();
  }

  async function made() {
    const data = { kind: making };
    for (const input of part(`.chooser-new[data-for=${making}]`).querySelectorAll("input")) {
      if (input.type !== "file") data[input.name] = input.value;
      else if (input.files[0]) data[input.name] = input.files[0];
    }
    return (await ask(field, "create", data)).target;
  }

  function linkTo({ written, label: own }) {
    const text = isOwn ? closed(words.value.trim()) : escaped(making ? own : words.value.trim());
    const isWeb = !/^(faq|kontakt|datei|offen):/.test(written);
    leave(`[${text || (isWeb ? escaped(own) : "")}](${address(written)})`);
  }

  async function take() {
    if (making) {
      const button = part("[type=submit]");
      button.disabled = true;
      try {
        linkTo(await made());
      } catch (error) {
        says.textContent = error.message;
      }
      button.disabled = false;
      return;
    }
    if (timer) look();
    await found;
    const chosen = targets[active];
    if (!chosen) says.textContent = "Bitte wählen Sie ein Ziel.";
    else if (chosen.make) make(chosen);
    else linkTo(chosen);
  }

  query.addEventListener("input", () => {
    if (onLeave && query.value.startsWith(" ")) return leave(null);
    clearTimeout(timer);
    timer = setTimeout(look, PATIENCE);
  });
  query.addEventListener("keydown", (event) => {
    const next = { ArrowDown: active + 1, ArrowUp: active - 1 }[event.key];
    if (next === undefined || event.isComposing || !targets.length) return;
    event.preventDefault();
    show((next + targets.length) % targets.length);
  });
  words.addEventListener("input", () => (isOwn = words.value !== ""));
  kinds.addEventListener("change", look);
  part("[data-way=remove]").addEventListener("click", () => leave(label));
  const answered = opened(take);
  query.select();
  look();
  return answered;
}
