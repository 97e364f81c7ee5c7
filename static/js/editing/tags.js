// The names in a field of tags as chips, each with a button that takes it away; what is typed is completed from those that there are.
import { make } from "./form.js";

const NAME = /"([^"]*)"|[^,"]+/g;

function prepare(input) {
  const names = new Set(), known = make("datalist", { id: `${input.id}_known` });
  known.append(...JSON.parse(input.dataset.tags).map((name) => make("option", { value: name })));
  const typed = make("input", { type: "text", id: input.id, list: known.id, autocomplete: "off", placeholder: "Schlagwort hinzufügen" });
  const chips = make("ul", { class: "chips" });
  const help = input.getAttribute("aria-describedby");
  if (help) typed.setAttribute("aria-describedby", help);

  function read() {
    names.clear();
    for (const [all, quoted] of input.value.matchAll(NAME)) if ((quoted ?? all).trim()) names.add((quoted ?? all).trim());
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

  function take() {
    const name = typed.value.replaceAll('"', "").trim();
    typed.value = "";
    if (!name || names.has(name)) return;
    names.add([...known.options].find((option) => option.value.toLowerCase() === name.toLowerCase())?.value ?? name);
    write();
  }

  typed.addEventListener("keydown", (event) => {
    if (["Enter", ","].includes(event.key) && typed.value) {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && !typed.value && names.size) {
      names.delete([...names].at(-1));
      write();
    }
  });
  typed.addEventListener("input", (event) => {
    event.stopPropagation(); // half a word is no tag yet
    const isChosen = !event.inputType || event.inputType === "insertReplacementText";
    if (isChosen && [...known.options].some((option) => option.value === typed.value)) take();
    else if (typed.value.includes(",")) typed.value.split(",").forEach((name) => ((typed.value = name), take()));
  });
  typed.addEventListener("change", (event) => event.stopPropagation());
  typed.addEventListener("blur", take);
  input.addEventListener("text:set", read);
  input.id += "_names"; // the label is of what one types into
  input.hidden = true;
  input.before(chips, typed, known);
  read();
}

document.querySelectorAll("input[data-tags]").forEach(prepare);
