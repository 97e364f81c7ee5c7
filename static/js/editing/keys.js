// Buttons above a Markdown field.
import { eachField } from "./fields.js";

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

function insertAround(field, before, after, placeholder) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const inner = value.slice(start, end) || placeholder;
  field.setRangeText(before + inner + after, start, end, "end");
  field.setSelectionRange(start + before.length, start + before.length + inner.length);
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function addButtons(field) {
  const bar = document.createElement("div");
  bar.className = "insert-bar";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Einfügen");
  for (const [label, ...what] of INSERTS) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => insertAround(field, ...what));
    bar.append(button);
  }
  const box = document.createElement("div");
  box.className = "markdown-box";
  field.replaceWith(box);
  box.append(bar, field);
}

eachField(addButtons);
