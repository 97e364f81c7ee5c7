// A form is sent once, whatever is clicked meanwhile, and leaving with unsaved text asks.
import { beforeSending } from "./fields.js";
import { changed, csrf, form as ours, labelOf, make } from "./form.js";
import { lead } from "./lead.js";

const PLACE = "stelle-im-formular";
const PATIENCE = 20_000; // milliseconds; what comes twice after that the portal itself saves once
let sending = null, isReady = false;

// All parts have brought what they show into its field. Rejects where one could not.
export const ready = () => Promise.all([...beforeSending].map((bring) => bring()));

export const isSending = () => sending !== null;

function mark(form, isOn) {
  sending = isOn ? form : null;
  for (const button of form.querySelectorAll("[type=submit], button:not([type])")) {
    if (isOn) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

// A date of which a part is missing would be sent as none.
function complete() {
  const half = [...ours.elements].find((element) => element.validity?.badInput);
  if (!half) return;
  lead(half.id);
  throw new Error(`„${labelOf(half)}“: Diese Angabe ist nicht vollständig.`);
}

if (ours) beforeSending.add(complete);

// Who saves and goes on finds the form where it was, with its row open.
const rowKey = (details) => details?.querySelector("input[name$='-id']")?.value;

function keepPlace() {
  const open = ours.querySelector(".inline-related > details[open]");
  sessionStorage.setItem(PLACE, JSON.stringify([location.pathname, scrollY, rowKey(open) ?? ""]));
}

function backToPlace() {
  const [path, top, key] = JSON.parse(sessionStorage.getItem(PLACE)) ?? [];
  sessionStorage.removeItem(PLACE);
  if (path !== location.pathname || document.querySelector(".faults")) return;
  const row = [...ours.querySelectorAll(".inline-related > details")].find((details) => key && rowKey(details) === key);
  if (row) row.open = true;
  scrollTo(0, top);
}

if (ours) backToPlace();

function begin(form) {
  mark(form, true);
  if (form.elements.csrfmiddlewaretoken) form.elements.csrfmiddlewaretoken.value = csrf();
  setTimeout(() => sending === form && mark(form, false), PATIENCE);
}

async function sendOnceReady(form, submitter) {
  try {
    await ready();
  } catch (error) {
    mark(form, false);
    form.querySelector(".not-sent")?.remove();
    form.append(make("p", { class: "errornote not-sent", role: "alert" }, `Noch nicht gesichert. ${error.message}`));
    return;
  }
  // While the event of the first click is on its way, a form can't be sent again.
  setTimeout(() => {
    isReady = true;
    form.requestSubmit(submitter);
  });
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method !== "post" || submitter?.formTarget === "_blank") return;
  if (isReady) return void (isReady = false);
  if (sending) return event.preventDefault();
  begin(form);
  if (form !== ours) return;
  if (submitter?.name === "_continue") keepPlace();
  event.preventDefault();
  sendOnceReady(form, submitter);
});

document.addEventListener("keydown", (event) => {
  const button = ours?.querySelector("[name=_continue]") ?? ours?.querySelector("[name=_save]");
  if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || !button) return;
  event.preventDefault();
  ours.requestSubmit(button);
});

addEventListener("pageshow", (event) => event.persisted && sending && mark(sending, false));
addEventListener("beforeunload", (event) => changed() && sending !== ours && event.preventDefault());
