// A dialog above a field, of which Enter takes what it says; Esc, or its button to leave, gives null.
import { make } from "./form.js";

// `markup`: a form, with a title of this id and a button `data-way="leave"`. `ended(answer)` is called once the dialog is gone.
export function dialogOf(field, title, markup, ended) {
  const { selectionStart: start, selectionEnd: end } = field;
  const dialog = make("dialog", { class: "chooser", "aria-labelledby": title });
  dialog.innerHTML = markup;
  document.body.append(dialog);
  const part = (selector) => dialog.querySelector(selector);
  let settle;
  const answered = new Promise((resolve) => (settle = resolve));

  function leave(answer) {
    if (!dialog.isConnected) return;
    dialog.close();
    dialog.remove();
    // Browsers give the focus back, not the place in the text.
    if (document.activeElement === field) field.setSelectionRange(start, end);
    ended(answer);
    settle(answer);
  }

  // Shows it; a promise of what `leave` is called with.
  function opened(take) {
    dialog.addEventListener("keydown", (event) => {
      // In a field of the dialog Enter inserts, but where it ends an input method's word.
      if (event.key === "Enter" && event.isComposing) event.preventDefault();
    });
    part("form").addEventListener("submit", (event) => {
      event.preventDefault();
      take();
    });
    part("[data-way=leave]").addEventListener("click", () => leave(null));
    // Before it closes: what is typed next shall find the cursor in its place.
    for (const event of ["cancel", "close"]) dialog.addEventListener(event, () => leave(null));
    dialog.showModal();
    return answered;
  }

  return { dialog, part, leave, opened };
}
