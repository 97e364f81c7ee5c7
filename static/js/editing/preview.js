// The page as it would be, beside its form and a moment after the last keystroke; or what is still wrong, each leading to its line.
import { button as makeButton, form, labelOf, make, once } from "./form.js";
import { lead } from "./lead.js";
import { ready } from "./submitting.js";

const AFTER = 800, KEY = "vorschau-daneben";
const preview = form?.querySelector("button[name=_preview]");

// What the portal makes of the form: `page`, a document; else `errors`, pairs of a field's id and what is wrong with it.
async function asked() {
  try {
    await ready();
    const body = new FormData(form);
    body.set("_preview", "1");
    const response = await fetch(form.action, { method: "POST", body });
    if (response.redirected) return { errors: [["", "Ihre Anmeldung ist abgelaufen. Was Sie getippt haben, bleibt in diesem Browser."]] };
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const errors = [...page.querySelectorAll(".errorlist > li")].map((item) => [fieldOf(item.parentNode), item.textContent.trim()]);
    if (errors.length) return { errors };
    return response.ok ? { page } : { errors: [["", "Die Vorschau geht gerade nicht. Sie kommt mit der nächsten Änderung."]] };
  } catch (error) {
    return { errors: [["", error instanceof TypeError ? "Keine Verbindung zum Portal." : error.message]] };
  }
}

// The id of the field that a list of errors is of, or of the row or rows.
function fieldOf(list) {
  const id = list.id.replace(/_error$/, "");
  return [id, `${id}_0`, list.closest(".inline-related, .inline-group")?.id].find((each) => document.getElementById(each)) ?? "";
}

function said([id, message]) {
  const [, line, text] = message.match(/^Zeile (\d+): (.*)$/s) ?? [, , message];
  if (!id) return make("li", {}, text);
  const label = labelOf(document.getElementById(id)) || "Schritte";
  const link = make("a", { href: `#${id}` }, line ? `${label}, Zeile ${line}` : label);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    lead(id, Number(line));
  });
  return make("li", {}, link, `: ${text}`);
}

function list(errors) {
  return errors.length ? [make("p", {}, "Das steht der Vorschau noch im Weg:"), make("ul", {}, ...errors.map(said))] : [];
}

function start() {
  const frame = make("iframe", { class: "live-preview", title: "Vorschau" });
  const problems = make("div", { class: "preview-errors", role: "status", tabindex: "-1" });
  const pane = make("section", { class: "preview-pane", "aria-label": "Vorschau beim Schreiben" }, frame);
  let timer, running = null, isAgain = false;

  function show(page) {
    page.querySelectorAll("script").forEach((script) => script.remove());
    const shown = frame.contentDocument;
    // Only the body is changed: nothing flickers, and it stays where it was scrolled to.
    if (shown?.URL === "about:srcdoc") shown.body.replaceWith(shown.adoptNode(page.body));
    else frame.srcdoc = `<!doctype html>${page.documentElement.outerHTML}`;
  }

  frame.addEventListener("load", () => {
    const shown = frame.contentDocument;
    shown.querySelector("main")?.scrollIntoView();
    shown.addEventListener("submit", (event) => event.preventDefault());
    shown.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || !link.protocol.startsWith("http")) return;
      event.preventDefault();
      const inside = link.getAttribute("href").startsWith("#") && shown.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (inside) inside.scrollIntoView();
      else window.open(link.href, "_blank", "noopener");
    });
  });

  // One question at a time.
  async function ask() {
    while (running) await running;
    running = asked();
    const found = await running;
    running = null;
    const isOpen = !pane.hidden;
    if (found.page && isOpen) show(found.page);
    if (isOpen || !found.page) problems.replaceChildren(...list(found.errors ?? []));
    else problems.replaceChildren();
    return found;
  }

  async function refresh() {
    if (running) return void (isAgain = true);
    await ask();
    if (isAgain) soon();
    isAgain = false;
  }

  function soon() {
    clearTimeout(timer);
    if (!pane.hidden) timer = setTimeout(refresh, AFTER);
  }

  function open(isOpen) {
    pane.hidden = !isOpen;
    toggle.setAttribute("aria-pressed", String(isOpen));
    document.body.classList.toggle("with-preview", isOpen);
    (isOpen ? pane : form).prepend(problems);
    problems.replaceChildren();
  }

  const toggle = makeButton("Vorschau beim Schreiben", () => {
    open(pane.hidden);
    localStorage.setItem(KEY, pane.hidden ? "" : "1");
    if (!pane.hidden) refresh();
  });
  preview.after(toggle);
  form.after(pane);
  open(localStorage.getItem(KEY) === "1");
  // An empty form has nothing to show yet.
  if (!pane.hidden && once.dataset.key) refresh();
  form.addEventListener("input", soon);

  // A tab of its own is opened once there is something to show.
  let isFine = false;
  form.addEventListener("submit", async (event) => {
    if (event.submitter !== preview) return;
    if (isFine) return void (isFine = false);
    event.preventDefault();
    if ((await ask()).page) {
      isFine = true;
      form.requestSubmit(preview);
    } else {
      problems.focus();
    }
  });
}

if (preview) start();
