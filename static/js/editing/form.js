// The form of a page of ours: its fields, and what was typed into them and is not saved.

// Names this very form, as it was shown once; its data say whose it is and of what.
export const once = document.querySelector("input[name=_once]");
export const form = once?.form ?? null;
// A form that was refused comes back with what was typed: all of it is unsaved.
export const refused = Boolean(once?.dataset.posted);

const NO_TEXT = ["hidden", "file", "password", "submit", "button"];

function isField(element) {
  const { name, type } = element;
  return name && type !== "fieldset" && !NO_TEXT.includes(type) && !name.includes("__prefix__") && (name[0] !== "_" || name === "_why");
}

// Name → its elements: checkboxes of one name belong together.
export function fields() {
  const found = new Map();
  for (const element of form.elements) {
    if (isField(element)) found.set(element.name, [...(found.get(element.name) ?? []), element]);
  }
  return found;
}

// What is chosen or typed: now, or `loaded`, when the page came.
export function values(elements, loaded = false) {
  return elements.flatMap((element) => {
    if (["checkbox", "radio"].includes(element.type)) {
      return (loaded ? element.defaultChecked : element.checked) ? [element.value] : [];
    }
    if (!element.options) return [loaded ? element.defaultValue : element.value];
    const options = [...element.options];
    const chosen = options.filter((option) => (loaded ? option.defaultSelected : option.selected));
    return (chosen.length || element.multiple ? chosen : options.slice(0, 1)).map((option) => option.value);
  });
}

export const same = (one, other) => one.length === other.length && one.every((value, i) => value === other[i]);

export const isChanged = (elements) => !same(values(elements), values(elements, true));

// Whether there is something that a leave would lose.
export const changed = () => form !== null && (refused || [...fields().values()].some(isChanged) || [...form.elements].some(({ view, list, value }) => view?.isAhead || (list && value)));

// Of a field in a row (of a step): the row's prefix and the field's own name.
export const inRow = (name) => name.match(/^(\w+-\d+)-(\w+)$/)?.slice(1);

// Where a field stands, right also after rows were moved: „title“, „steps-17/body“ by the key of its row, or „steps+2/body“ in a new one.
export function placeOf(name) {
  const [row, field] = inRow(name) ?? [];
  if (!row) return name;
  const key = form?.elements[`${row}-id`]?.value, set = row.replace(/-\d+$/, "");
  return key ? `${set}-${key}/${field}` : `${set}+${row.slice(set.length + 1)}/${field}`;
}

// What a field is called beside it, with its row.
export function labelOf(element) {
  const text = (found) => found?.textContent.replace(/\s+/g, " ").replace(/:\s*$/, "").trim() ?? "";
  const label = text(element.closest(".fieldBox, .form-row")?.querySelector("label, legend") ?? element.labels?.[0]);
  const row = element.closest(".inline-related");
  return row ? `Schritt ${text(row.querySelector(".step-number")) || "(neu)"}: ${label}` : label;
}

// An element with attributes and what stands in it.
export function make(tag, attributes = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content);
  return element;
}

export function button(label, act) {
  const made = make("button", { type: "button", class: "button" }, label);
  made.addEventListener("click", act);
  return made;
}

// The token that a login in another tab may have replaced.
export const csrf = () => document.cookie.match(/(?:^|; )csrftoken=(\w+)/)?.[1] ?? form?.elements.csrfmiddlewaretoken.value;
