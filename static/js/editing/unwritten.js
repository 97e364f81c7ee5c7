// What the editing view shows and has not brought into its field yet: without a connection or a login, or in the moment before. It is kept in this browser
// until it is there, and offered when the field is shown again.
import { ask } from "./fields.js";
import { button, make, once, placeOf } from "./form.js";

const PREFIX = "ansicht/", LASTS = 14 * 24 * 3600_000;

const keyOf = (field) => `${PREFIX}${once?.dataset.user}${location.pathname}/${placeOf(field.name)}`;

export function keep(field, view) {
  try {
    localStorage.setItem(keyOf(field), JSON.stringify({ since: Date.now(), view }));
  } catch {
    // The browser keeps nothing, or no more: then it is as without this.
  }
}

export function forget(field) {
  localStorage.removeItem(keyOf(field));
}

export async function offer(field) {
  const kept = JSON.parse(localStorage.getItem(keyOf(field)) ?? "null");
  if (!kept || kept.since < Date.now() - LASTS) return forget(field);
  const { text } = await ask(field, "written", { view: kept.view });
  if (text === field.value) return forget(field);
  const done = () => {
    forget(field);
    box.remove();
  };
  const take = button("Übernehmen", () => {
    done();
    field.value = text;
    field.dispatchEvent(new Event("text:set"));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const words = "Das haben Sie hier zuletzt getippt und nicht gesichert:";
  const box = make(
    "div",
    { class: "unsaved", role: "status" },
    make("p", {}, words),
    make("pre", { tabindex: "0" }, text),
    make("p", { class: "ways" }, take, button("Verwerfen", done)),
  );
  field.closest(".markdown-box").before(box);
}
