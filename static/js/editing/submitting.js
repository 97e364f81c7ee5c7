// A form is sent once, whatever is clicked meanwhile, and leaving with unsaved text asks.
import { beforeSending } from "./fields.js";
import { changed, csrf, form as ours, make } from "./form.js";

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
  if (form !== ours || !beforeSending.size) return;
  event.preventDefault();
  sendOnceReady(form, submitter);
});

document.addEventListener("keydown", (event) => {
  const button = ours?.querySelector("[name=_continue]") ?? ours?.querySelector("[name=_save]");
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || !button) return;
  event.preventDefault();
  ours.requestSubmit(button);
});

addEventListener("pageshow", (event) => event.persisted && sending && mark(sending, false));
addEventListener("beforeunload", (event) => changed() && sending !== ours && event.preventDefault());
