// What the parts of the Markdown fields share. Everything here is comfort: without it the field is a plain text field.
//
// A field is a `textarea.markdown`; its text is the truth. While an editing view is shown in its place, `field.view` is that view (see
// surface.js). Events on the field: `view:changed`, something in the view did; `text:set`, its text was set by a script.

import { csrf } from "./form.js";

const lines = new WeakMap(); // what stands below a field

// Call `prepare(field)` for each Markdown field there is, and for each that comes with a new row.
export function eachField(prepare) {
  const all = (root) =>
    root.querySelectorAll("textarea.markdown").forEach((field) => field.name.includes("__prefix__") || prepare(field));
  all(document);
  document.addEventListener("formset:added", (event) => all(event.target));
}

// Ask one of the addresses that a field names (`data-url-…`). Returns what it answers (JSON); throws an Error that can be shown.
export async function ask(field, name, data) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", csrf());
  for (const [key, value] of Object.entries(data)) body.append(key, value);
  let response;
  try {
    response = await fetch(field.getAttribute(`data-url-${name}`), { method: "POST", body });
  } catch {
    throw new Error("Keine Verbindung zum Portal.");
  }
  if (response.redirected || response.status === 403) {
    throw new Error("Ihre Anmeldung ist abgelaufen. Bitte melden Sie sich in einem zweiten Tab wieder an, und machen Sie dann hier weiter.");
  }
  const answer = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
  if (!response.ok) throw new Error(answer.error ?? "Das hat nicht geklappt.");
  return answer;
}

// Put Markdown in the place of what is selected, in the view that is shown; one Ctrl+Z takes it back.
export function insert(field, markdown) {
  if (field.view) return field.view.insert(markdown);
  field.focus();
  // Marked as obsolete, and the only way that leaves the field's own undo whole.
  if (!document.execCommand("insertText", false, markdown)) {
    field.setRangeText(markdown, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// Say something below a field, aloud too; an empty message takes it away.
export function say(field, message) {
  if (!lines.has(field)) {
    const line = document.createElement("p");
    line.className = "field-says";
    line.setAttribute("role", "status");
    const box = field.closest(".markdown-box"); // beside the box it would be squeezed into what is left of the row
    if (box) box.append(line);
    else field.after(line);
    lines.set(field, line);
  }
  lines.get(field).textContent = message;
}

// What has to be done before a form is sent: functions that return a promise each (or nothing). `submitting.js` waits for them.
export const beforeSending = new Set();
