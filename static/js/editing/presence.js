// Who else has this form open, and whether somebody has saved it meanwhile: asked for again and again while it is used.
import { changed, csrf, form, make, once } from "./form.js";
import { isSending } from "./submitting.js";

const EVERY = 20_000, UNUSED = 600_000, OPEN = "offenes-formular";
const ours = once?.dataset.key ? { url: once.dataset.urlEditing, model: once.dataset.model, key: once.dataset.key } : null;

function said(data) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", csrf());
  for (const [name, value] of Object.entries(data)) body.set(name, value);
  return body;
}

const leave = ({ url, ...what }) => navigator.sendBeacon(url, said({ ...what, leaving: "1" }));

// Saved, and another page came: the former form is closed.
const former = JSON.parse(sessionStorage.getItem(OPEN));
if (former && (former.model !== ours?.model || former.key !== ours?.key)) leave(former);
sessionStorage.removeItem(OPEN);

const LOGIN = ["Ihre Anmeldung ist abgelaufen. Was Sie getippt haben, bleibt in diesem Browser. ", "Neu anmelden"];

function anew(label) {
  const link = make("a", { href: location.href }, label);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
  return link;
}

function watch(bar) {
  let used = Date.now(), shown = "";

  // Said once, not at each turn.
  function say(...content) {
    const text = content.map((part) => part.textContent ?? part).join("");
    if (text === shown) return;
    shown = text;
    bar.replaceChildren(...content);
  }

  async function ask() {
    if ((document.hidden && !changed()) || Date.now() - used > UNUSED) return;
    let response;
    try {
      response = await fetch(ours.url, { method: "POST", body: said({ ...ours, base: form.elements._base.value }) });
    } catch {
      return say("Keine Verbindung zum Portal. Was Sie tippen, bleibt in diesem Browser.");
    }
    if (response.redirected || response.status === 403) {
      return say(LOGIN[0], make("a", { href: "/admin/", target: "_blank" }, LOGIN[1]));
    }
    if (!response.ok) return;
    const { others, saved } = await response.json();
    say(...others.map((text) => make("span", {}, text, " ")), ...(saved ? [make("span", {}, saved, " "), anew("Neu laden")] : []));
  }

  for (const type of ["input", "keydown", "pointerdown", "focus", "scroll"]) {
    addEventListener(type, () => (used = Date.now()), { passive: true });
  }
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  addEventListener("pageshow", (event) => event.persisted && ask());
  addEventListener("pagehide", () => (isSending() ? sessionStorage.setItem(OPEN, JSON.stringify(ours)) : leave(ours)));
  setInterval(ask, EVERY);
  ask();
}

if (ours) {
  const bar = make("div", { class: "presence", role: "status" });
  (form.querySelector(".save-bar") ?? form).prepend(bar);
  watch(bar);
}
