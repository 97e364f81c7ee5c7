// What is typed and not saved stays in this browser, under its account and form, and is offered when the form is opened again.
// It goes once the portal says that it is saved (a cookie with the name of the form), is discarded, or after two weeks.
import { button, fields, form, isChanged, labelOf, make, once, placeOf, refused, same, values } from "./form.js";

const PREFIX = "entwurf/", LASTS = 14 * 24 * 3600_000, MOST = 2_000_000; // characters of all together
const own = once && `${PREFIX}${once.dataset.user}${location.pathname}${once.getAttribute("value")}`;

// The drafts in this browser: [key, text], the newest first.
function all() {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  return keys.map((key) => [key, localStorage.getItem(key)]).sort((a, b) => sinceOf(b[1]) - sinceOf(a[1]));
}

function sinceOf(text) {
  try {
    return JSON.parse(text).since;
  } catch {
    return 0;
  }
}

function store(key, text) {
  let left = MOST - text.length;
  for (const [other, kept] of all()) {
    if (other !== key && (left -= kept.length) < 0) localStorage.removeItem(other);
  }
  try {
    if (text.length <= MOST) localStorage.setItem(key, text);
  } catch {
    // The browser keeps nothing, or no more: then it is as without this.
  }
}

const rowOf = (place) => place.split("/")[0];

// Everything that was changed; of a row all of it, in case it is no longer there.
function typed() {
  const found = [...fields()].map(([name, elements]) => ({ place: placeOf(name), elements, isNew: refused || isChanged(elements) }));
  const rows = new Set(found.filter(({ place, isNew }) => isNew && place.includes("/")).map(({ place }) => rowOf(place)));
  return found
    .filter(({ place, isNew }) => isNew || rows.has(rowOf(place)))
    .map(({ place, elements, isNew }) => ({ place, isNew, values: values(elements), shown: shown(elements), label: labelOf(elements[0]) }));
}

function shown(elements) {
  return elements.flatMap((element) => {
    if (element.options) return [...element.selectedOptions].map((option) => option.label);
    if (["checkbox", "radio"].includes(element.type)) return element.checked ? [labelText(element)] : [];
    return [element.value];
  }).join(", ");
}

const labelText = (element) => element.labels[0]?.textContent.trim() || "ja";

let timer = null;

function write() {
  clearTimeout(timer);
  timer = null;
  const found = typed();
  if (found.length) store(own, JSON.stringify({ since: Date.now(), fields: found }));
  else localStorage.removeItem(own);
}

// The elements at a place; where their row is gone, or was a new one, those of a new row.
function elementsAt(place, newRows) {
  if (!place.includes("/")) return fields().get(place);
  const name = [...fields().keys()].find((each) => placeOf(each) === place);
  if (name && !place.includes("+")) return fields().get(name);
  const [row, field] = place.split("/"), set = row.match(/^[^-+]+/)[0];
  if (!newRows.has(row)) {
    document.querySelector(`#${set}-group .add-row button`)?.click();
    newRows.set(row, `${set}-${form.elements[`${set}-TOTAL_FORMS`].value - 1}`);
  }
  return fields().get(`${newRows.get(row)}-${field}`);
}

function put(elements, { values: wanted, shown: label }) {
  for (const element of elements) {
    if (["checkbox", "radio"].includes(element.type)) element.checked = wanted.includes(element.value);
    else if (element.options) choose(element, wanted, label);
    else element.value = wanted[0] ?? "";
    element.dispatchEvent(new Event("text:set"));
    for (const type of ["input", "change"]) element.dispatchEvent(new Event(type, { bubbles: true }));
  }
}

function choose(element, wanted, label) {
  for (const value of wanted) {
    // A field that asks for its choices has none but the chosen one.
    if (![...element.options].some((option) => option.value === value)) element.add(new Option(label, value));
  }
  for (const option of element.options) option.selected = wanted.includes(option.value);
}

// What of a draft is not in the form already, with what stands there: a new row counts as there where one says all the same.
function missing(draft) {
  const now = new Map([...fields()].map(([name, elements]) => [placeOf(name), elements]));
  const rows = (all) => [...new Set(all.filter(([place]) => place.includes("/")).map(([place]) => rowOf(place)))];
  const textOf = (row, all) => JSON.stringify(all.filter(([place]) => rowOf(place) === row).map(([place, own]) => [place.split("/")[1], own]));
  const shownNow = [...now].map(([place, elements]) => [place, values(elements)]);
  const there = new Set(rows(shownNow).map((row) => textOf(row, shownNow)));
  const drafted = draft.fields.map((field) => [field.place, field.values]);
  const isThere = ({ place }) => now.has(place) && !place.includes("+");
  return draft.fields
    .filter((field) => {
      if (!isThere(field)) return !there.has(textOf(rowOf(field.place), drafted));
      return field.isNew && !same(values(now.get(field.place)), field.values);
    })
    .map((field) => ({ ...field, stands: isThere(field) ? shown(now.get(field.place)) : "" }));
}

function take(found) {
  const newRows = new Map();
  // Numbers of rows last: a row that comes or goes counts the others anew.
  for (const field of [...found.filter((each) => !isMoved(each)), ...found.filter(isMoved)]) {
    const elements = elementsAt(field.place, newRows);
    if (elements) put(elements, field);
  }
}

// Two texts with what is only in the one or the other marked: what lies between their common beginning and end.
function marked(stands, typed) {
  const [one, other] = [stands, typed].map((text) => text.split(/(\s+)/));
  let start = 0, end = 0;
  while (start < Math.min(one.length, other.length) && one[start] === other[start]) start++;
  while (end < Math.min(one.length, other.length) - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  const parts = (words, tag) => {
    const middle = words.slice(start, words.length - end).join("");
    return [words.slice(0, start).join(""), middle ? make(tag, {}, middle) : "", words.slice(words.length - end).join("")];
  };
  return [parts(one, "del"), parts(other, "ins")];
}

function compared({ label, stands, shown: text }) {
  const [one, other] = marked(stands, text);
  const column = (title, parts) =>
    make("div", {}, make("h4", {}, title), make("pre", { tabindex: "0", role: "group", "aria-label": `${label}: ${title}` }, ...parts));
  return make("section", {}, make("h3", {}, label), make("div", { class: "two-texts" }, column("Gesichert", one), column("Getippt", other)));
}

function when(moment) {
  const date = new Date(moment), today = new Date(), yesterday = new Date(today);
  yesterday.setDate(today.getDate() - 1);
  const time = date.toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
  if (date.toDateString() === today.toDateString()) return `von heute, ${time}`;
  if (date.toDateString() === yesterday.toDateString()) return `von gestern, ${time}`;
  return `vom ${date.toLocaleDateString("de-DE", { day: "numeric", month: "long" })}, ${time}`;
}

const isMoved = ({ place }) => place.endsWith("/place");

function offer(drafts) {
  const [first, ...others] = drafts;
  if (!first) return;
  const [key, text] = first, draft = JSON.parse(text), found = missing(draft);
  if (!found.length) {
    localStorage.removeItem(key);
    return offer(others);
  }
  const done = () => {
    localStorage.removeItem(key);
    box.remove();
    offer(others);
  };
  const box = make(
    "section",
    { class: "unsaved", "aria-labelledby": "unsaved-title" },
    make("h2", { id: "unsaved-title" }, `Ungesicherter Text ${when(draft.since)}`),
    make("p", {}, `Das haben Sie hier getippt und nicht gesichert${found.some(isMoved) ? "; auch die Reihenfolge der Schritte ist eine andere" : ""}.`),
    make(
      "p",
      { class: "ways" },
      button("Übernehmen", () => {
        take(found);
        write();
        done();
        form.querySelector("input:not([type=hidden]), select, textarea").focus();
      }),
      button("Verwerfen", done),
    ),
    ...found.filter((field) => !isMoved(field) && (field.isNew || field.shown !== field.stands)).map(compared),
  );
  form.before(box);
}

function forgetSaved() {
  const saved = document.cookie.match(/(?:^|; )gesichert=(\w+)/)?.[1];
  if (saved) document.cookie = "gesichert=; path=/admin/; max-age=0";
  for (const [key, text] of all()) {
    const name = key.slice(key.lastIndexOf("/") + 1);
    if (name === saved || name === once?.dataset.posted || sinceOf(text) < Date.now() - LASTS) localStorage.removeItem(key);
  }
}

forgetSaved();
if (form) {
  const inThisForm = own.slice(0, own.lastIndexOf("/") + 1);
  const found = all().filter(([key]) => key.startsWith(inThisForm) && key !== own);
  const soon = () => (timer ??= setTimeout(write, 500));
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  document.addEventListener("visibilitychange", () => timer && write());
  addEventListener("pagehide", () => timer && write());
  if (refused) write();
  // Came back from the browser's own memory after it was saved: what it shows is of before.
  addEventListener("pageshow", (event) => event.persisted && document.cookie.includes("gesichert=") && location.reload());
  offer(found);
}
