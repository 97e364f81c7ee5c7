// A document that is pasted keeps its headings, lists and tables: its HTML goes along with the text that one sees.
import { worthHtml } from "./editing/clipboard_html.js";

const field = document.querySelector("textarea[data-html]");
const html = document.getElementById(field.dataset.html);
const says = document.getElementById("pasted-says");
const MOST = 2_000_000; // characters of HTML: what is sent at once is limited

field.addEventListener("paste", (event) => {
  const found = worthHtml(event.clipboardData);
  const isAll = field.selectionEnd - field.selectionStart === field.value.length;
  if (!found || !isAll) return;
  if (found.length > MOST) {
    says.textContent = "Das ist zu viel, um es mit seiner Gestaltung einzufügen. Speichern Sie es besser als .docx, und wählen Sie die Datei.";
    return;
  }
  event.preventDefault();
  field.value = event.clipboardData.getData("text/plain");
  html.value = found;
  says.textContent = "Eingefügt, mit Überschriften, Listen und Tabellen.";
});

field.addEventListener("input", () => {
  if (html.value) says.textContent = "Seit Ihrer Änderung zählt nur noch, was Sie hier lesen, ohne Gestaltung.";
  html.value = "";
});
