// The names in a field of tags as chips, each with a button that takes it away; what is typed is completed from those that there are.
import { beforeSending } from "./fields.js";
import { make } from "./form.js";

const namesIn = (text) => [...text.matchAll(/"([^"]*)"|[^,"]+/g)].map(([all, quoted]) => (quoted ?? all).trim()).filter(Boolean);

function prepare(input) {
  const names = new Set(), known = make("datalist", { id: `${input.id}_known` });
  known.append(...JSON.parse(input.dataset.tags).map((name) => make("option", { value: name })));
  const typed = make("input", { type: "text", id: input.id, list: known.id, autocomplete: "off", placeholder: "Schlagwort hinzufügen" });
  const chips = make("ul", { class: "chips", "aria-label": "Gewählte Schlagwörter" });
  const help = input.getAttribute("aria-describedby");
  if (help) typed.setAttribute("aria-describedby", help);

  function read() {
    names.clear();
    for (const name of namesIn(input.value)) names.add(name);
    show();
  }

  function write() {
    input.value = [...names].map((name) => (/[,"]/.test(name) ? `"${name}"` : name)).join(", ");
    input.dispatchEvent(new Event("input", { bubbles: true }));
    show();
  }

  function show() {
    chips.replaceChildren(...[...names].map((name) => {
      const out = make("button", { type: "button", "aria-label": `${name} entfernen` }, "×");
      out.addEventListener("click", () => {
        names.delete(name);
        write();
        typed.focus();
      });
      return make("li", {}, name, out);
    }));
  }

  // A quote that is not closed yet holds its commas together.
  const isWhole = () => typed.value.split('"').length % 2 === 1;

  function take() {
    const key = (name) => name.toLowerCase(), before = names.size;
    for (const name of namesIn(typed.value)) {
      const there = [...names].some((other) => key(other) === key(name));
      if (!there) names.add([...known.options].find(({ value }) => key(value) === key(name))?.value ?? name);
    }
    typed.value = "";
    if (names.size > before) write();
  }

  typed.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || (event.key === "," && isWhole())) {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && !event.repeat && !typed.value && names.size) {
      names.delete([...names].at(-1));
      write();
    }
  });
  typed.addEventListener("input", (event) => {
    event.stopPropagation(); // half a word is no tag yet
    const isChosen = !event.inputType || event.inputType === "insertReplacementText";
    if (isChosen ? [...known.options].some(({ value }) => value === typed.value) : typed.value.includes(",") && isWhole()) take();
  });
  typed.addEventListener("change", (event) => event.stopPropagation());
  typed.addEventListener("blur", take);
  beforeSending.add(take);
  input.addEventListener("text:set", read);
  input.id += "_names"; // the label is of what one types into
  input.before(chips, typed, known);
  if (document.activeElement === input) typed.focus(); // somebody is typing already
  input.hidden = true;
  read();
}

document.querySelectorAll("input[data-tags]").forEach(prepare);
