// A live preview below the form: the form itself, sent to a frame a moment after the last keystroke.
"use strict";
const frame = document.querySelector(".live-preview");
const button = document.querySelector("button[name=_preview]");
if (frame && button) {
  const form = button.form;
  let timer;
  const toggle = document.createElement("button");
  toggle.type = "button";
  toggle.textContent = "Vorschau beim Schreiben";
  toggle.setAttribute("aria-pressed", "false");
  button.after(toggle);
  const refresh = () => {
    button.formTarget = frame.name;
    form.requestSubmit(button);
    button.formTarget = "_blank";
  };
  toggle.addEventListener("click", () => {
    frame.hidden = !frame.hidden;
    toggle.setAttribute("aria-pressed", String(!frame.hidden));
    if (!frame.hidden) refresh();
  });
  form.addEventListener("input", () => {
    clearTimeout(timer);
    if (!frame.hidden) timer = setTimeout(refresh, 800);
  });
}
