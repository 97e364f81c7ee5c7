// Which of both is shown, a text as it will look or its Markdown; remembered in this browser.
import { beforeSending, eachField, say } from "./fields.js";
import { Surface } from "./surface.js";
import * as unwritten from "./unwritten.js";

const CHOICE = "editing-view";
const NEAR = "600px"; // how far from being seen a text is prepared

const switches = new Map();

function addSwitch(field) {
  const box = field.closest(".markdown-box") ?? field;
  const group = document.createElement("div");
  group.className = "view-switch";
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Darstellung");
  for (const [choice, label] of [["on", "Gestaltet"], ["off", "Markdown"]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", async () => {
      await (choice === "on" ? open(field) : closed(field));
      if (Boolean(field.view) === (choice === "on")) localStorage.setItem(CHOICE, choice);
      (field.view ?? field).focus();
    });
    button.dataset.choice = choice;
    group.append(button);
  }
  const line = document.createElement("div");
  line.className = "view-line";
  line.append(group);
  box.prepend(line);
  switches.set(field, group);
  pressed(field);
  if ((localStorage.getItem(CHOICE) ?? "on") === "on") seen.observe(field);
}

function pressed(field) {
  for (const button of switches.get(field).children) {
    button.setAttribute("aria-pressed", String((button.dataset.choice === "on") === Boolean(field.view)));
  }
}

async function open(field) {
  if (field.view) return;
  try {
    const surface = await Surface.of(field, () => showField(field));
    if (field.view) return;
    const line = document.activeElement === field && field.value.slice(0, field.selectionStart).split("\n").length;
    field.view = surface;
    field.hidden = true;
    field.after(surface.element);
    switches.get(field).after(surface.tools.element);
    pressed(field);
    if (line) surface.focus(line); // a fault had led into the field
  } catch (error) {
    say(field, error.message);
  }
}

async function closed(field) {
  if (!field.view) return;
  try {
    await field.view.write();
  } catch (error) {
    say(field, error.message);
    return;
  }
  showField(field);
}

function showField(field) {
  field.view.close();
  field.view = null;
  field.hidden = false;
  pressed(field);
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      open(target);
    }
  },
  { rootMargin: NEAR },
);

eachField((field) => {
  addSwitch(field);
  document.querySelector(`label[for="${field.id}"]`)?.addEventListener("click", () => field.view?.focus());
  beforeSending.add(() => field.isConnected && field.view?.write());
  addEventListener("pagehide", () => field.view?.keep());
  unwritten.offer(field).catch((error) => say(field, error.message));
});
