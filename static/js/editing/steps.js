// The steps of a walkthrough as closed rows: put in where one says, moved by mouse and keyboard, with the numbers they will be saved with.
import { sortable } from "../sortable.js";
import { button, make, same } from "./form.js";

const group = document.querySelector("#steps-group");
const template = group?.querySelector(".empty-form");

const rows = () => [...group.querySelectorAll(".inline-related:not(.empty-form)")];
const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
const value = (row, name) => field(row, name).value.trim();
const isGoing = (row) => field(row, "DELETE")?.checked;
const numberOf = (row) => Number(value(row, "place"));

function start() {
  group.querySelector(".inline-related.extra")?.remove(); // for those without scripts; here a button adds one
  const total = group.querySelector("[name$=-TOTAL_FORMS]"), said = make("p", { class: "visually-hidden", role: "status" });
  total.value = rows().length;

  function inOrder() {
    const wanted = rows().sort((one, other) => (numberOf(one) || Infinity) - (numberOf(other) || Infinity));
    // A row that is moved loses the focus: where all is in order already nobody who types in it is disturbed.
    if (!same(rows(), wanted)) wanted.forEach((row) => template.before(row));
    number();
  }

  const put = (row, handle) => {
    handle.tabIndex = 0;
    handle.setAttribute("role", "button");
    const add = button("+", () => insert(row));
    add.className = "step-insert";
    row.querySelector("details").before(handle);
    row.append(add);
  };

  function insert(before) {
    const index = total.value++;
    const made = make("template");
    made.innerHTML = template.outerHTML.replaceAll("__prefix__", index);
    const row = made.content.firstElementChild;
    row.classList.remove("empty-form");
    row.id = row.id.replace("empty", index);
    if (before) before.after(row);
    else group.querySelector(".inline-related").before(row);
    if (before) field(row, "section").value = value(before, "section");
    row.dispatchEvent(new CustomEvent("formset:added", { bubbles: true, detail: { formsetName: "steps" } }));
    row.querySelector("details").open = true;
    number();
    field(row, "title").focus();
  }

  // As it will be saved: who goes has no number, the others one after the other.
  function number() {
    let last = 0, section = "";
    for (const row of rows()) {
      const going = isGoing(row);
      if (!going) field(row, "place").value = ++last;
      row.classList.toggle("going", Boolean(going));
      summarise(row, going ? "" : last);
      const heading = row.querySelector(".step-section");
      heading.textContent = value(row, "section");
      heading.hidden = going || heading.textContent === section;
      if (!going) section = heading.textContent;
    }
    ways.first.hidden = !last;
  }

  function summarise(row, number) {
    const show = (part, text) => (row.querySelector(`.step-${part}`).textContent = text);
    const actors = [...row.querySelectorAll("[name$=-actors]:checked")].map((box) => box.value).join(", ");
    const gaps = field(row, "body").value.split("](offen:").length - 1;
    show("number", number);
    show("title", value(row, "title") || "Neuer Schritt");
    show("facts", [actors, value(row, "duration")].filter(Boolean).join(" · "));
    show("gaps", gaps ? `${gaps} offene ${gaps === 1 ? "Stelle" : "Stellen"}` : "");
    row.querySelector(".drag-handle")?.setAttribute("aria-label", `Schritt ${number || "(wird gelöscht)"} verschieben, mit den Pfeiltasten`);
    row.querySelector(".step-insert")?.setAttribute("aria-label", `Schritt nach ${number || "diesem"} einfügen`);
  }

  // Between steps of one section, or of none, it is of theirs.
  function joinSection(row) {
    const staying = rows().filter((other) => !isGoing(other)), at = staying.indexOf(row);
    const [before, after] = [staying[at - 1], staying[at + 1]].map((other) => other && value(other, "section"));
    if (before !== undefined && (after ?? before) === before) field(row, "section").value = before;
  }

  function moved(row) {
    joinSection(row);
    number();
    field(row, "place").dispatchEvent(new Event("input", { bubbles: true })); // drafts are kept of what was changed
    said.textContent = `${value(row, "title") || "Der Schritt"}: jetzt Nr. ${numberOf(row)}`;
  }

  // A number that is typed moves the row there.
  function moveTo(row, wanted) {
    const others = rows().filter((other) => other !== row && !isGoing(other));
    if (wanted >= 1 && wanted <= others.length) others[wanted - 1].before(row);
    else others.at(-1)?.after(row);
    moved(row);
    field(row, "place").focus();
  }

  const ways = { first: button("+", () => insert(null)), last: button("Schritt hinzufügen", () => insert(rows().at(-1))) };
  ways.first.className = "step-insert";
  ways.first.setAttribute("aria-label", "Schritt am Anfang einfügen");
  group.querySelector(".inline-heading").append(ways.first);
  template.after(make("p", { class: "add-row" }, ways.last), said);

  sortable(rows, put, moved);
  group.addEventListener("change", ({ target, isTrusted }) => {
    const row = target.closest(".inline-related");
    if (!isTrusted) setTimeout(inOrder); // a draft is taken: first all of it
    else if (target.name?.endsWith("-place")) moveTo(row, Number(target.value));
    else number();
  });
  // The row that was opened stays where it was, though another one closes above it.
  group.addEventListener("click", ({ target }) => {
    const summary = target.closest("summary"), top = summary?.getBoundingClientRect().top;
    if (summary) requestAnimationFrame(() => scrollBy({ top: summary.getBoundingClientRect().top - top, behavior: "instant" }));
  });
  group.addEventListener("input", ({ target }) => {
    const row = target.closest(".inline-related");
    if (row && !target.name?.endsWith("-place")) summarise(row, isGoing(row) ? "" : numberOf(row));
  });
  inOrder(); // a refused form comes back with new rows last, wherever they were
}

if (template) start();
