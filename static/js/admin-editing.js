// Comfort for editors; everything here can be done without it.
"use strict";

// What one can write, inserted at the cursor: [label of the button, text before, text after, placeholder].
const INSERTS = [
  ["Fett", "**", "**", "wichtig"],
  ["Liste", "\n- ", "", "Punkt"],
  ["Link", "[", "](https://)", "Text"],
  ["Eintrag", "[", "](faq:anker)", "Text"],
  ["Kontakt", "[", "](kontakt:lizenzteam)", ""],
  ["Datei", "[", "](datei:kuerzel)", "Text"],
  ["Offene Stelle", "[", "](offen:kuerzel)", "Was fehlt"],
  ["Hinweis", "\n!!! hinweis\n    ", "\n", "Text"],
  ["Achtung", "\n!!! achtung\n    ", "\n", "Text"],
  ["Tabelle", "\nSpalte | Spalte\n--- | ---\n", " | Wert\n", "Wert"],
];

function insert(field, before, after, placeholder) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const inner = value.slice(start, end) || placeholder;
  field.setRangeText(before + inner + after, start, end, "end");
  field.setSelectionRange(start + before.length, start + before.length + inner.length);
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function addButtons(field) {
  if (field.name.includes("__prefix__") || field.dataset.buttons) return;
  field.dataset.buttons = "yes";
  const bar = document.createElement("div");
  bar.className = "insert-bar";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Einfügen");
  for (const [label, ...what] of INSERTS) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => insert(field, ...what));
    bar.append(button);
  }
  const box = document.createElement("div");
  field.replaceWith(box);
  box.append(bar, field);
}

// Rows that are dragged by a handle get their numbers anew.
function sortable(container, rows, numberOf) {
  let dragged = null;
  const renumber = () => {
    let number = 0;
    for (const row of rows()) {
      const field = numberOf(row);
      if (field) field.value = ++number;
    }
  };
  const prepare = (row) => {
    if (row.querySelector(".drag-handle") || !numberOf(row)) return;
    const handle = document.createElement("span");
    handle.className = "drag-handle";
    handle.title = "Ziehen, um die Reihenfolge zu ändern";
    handle.textContent = "↕";
    handle.draggable = true;
    handle.addEventListener("dragstart", (event) => {
      dragged = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(row, 0, 0);
      row.classList.add("dragged");
    });
    handle.addEventListener("dragend", () => {
      row.classList.remove("dragged");
      dragged = null;
      renumber();
    });
    row.addEventListener("dragover", (event) => {
      if (!dragged || dragged === row || dragged.dataset.group !== row.dataset.group) return;
      event.preventDefault();
      const { top, height } = row.getBoundingClientRect();
      row[event.clientY > top + height / 2 ? "after" : "before"](dragged);
    });
    numberOf(row).before(handle);
  };
  rows().forEach(prepare);
  document.addEventListener("formset:added", () => rows().forEach(prepare));
}

document.querySelectorAll("textarea.markdown").forEach(addButtons);
document.addEventListener("formset:added", (event) => {
  event.target.querySelectorAll("textarea.markdown").forEach(addButtons);
});

const steps = document.querySelector("#steps-group");
if (steps) {
  sortable(
    steps,
    () => [...steps.querySelectorAll(".inline-related:not(.empty-form)")],
    (row) => row.querySelector("input[name$=-place]"),
  );
}
const list = document.querySelector("#result_list tbody");
if (list) {
  for (const row of list.rows) row.dataset.group = row.querySelector(".field-category")?.textContent ?? "";
  sortable(list, () => [...list.rows], (row) => row.querySelector("input[name$=-position]"));
}
