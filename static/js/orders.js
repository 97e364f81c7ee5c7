/* What one does with orders beside ticking steps off. Fetched when it is about to be needed. A link that hands one over has its name and
   what is ticked off in the fragment, which no server sees. */

const START = "#bestellung."; // a dot stands in no id of a page
const LONGEST = 2000;
const VERSION = 1;

/** A step's name in few letters, so that mail programs leave the link whole. */
const short = (name) => [...name].reduce((sum, sign) => (Math.imul(sum, 31) + sign.codePointAt(0)) >>> 0, 7).toString(36);

function linkTo(order, names) {
  const bytes = new TextEncoder().encode(JSON.stringify([VERSION, order, ...names.map(short)]));
  const text = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return location.origin + location.pathname + START + text;
}

/** What a fragment hands over: { order, names }, or null. `known`: a Map of each name that links know to that of today's step, "" where there is none. */
function handedOver(fragment, known) {
  if (fragment.length > LONGEST) return null;
  try {
    const text = atob(fragment.slice(START.length).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(text, (sign) => sign.charCodeAt(0));
    const [version, order, ...steps] = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const named = new Map([...known].map(([name, today]) => [short(name), today]));
    const isName = typeof order === "string" && order.trim() === order && order && order.length <= 60 && !/\p{C}/u.test(order);
    if (version !== VERSION || !isName || !steps.every((step) => named.has(step))) return null;
    return { order, names: [...new Set(steps.map((step) => named.get(step)))].filter(Boolean) };
  } catch {
    return null;
  }
}

const ticks = (number) => (number === 1 ? "einem Haken" : `${number} Haken`);

/** What the buttons of the form do, by name. `my`: its state and what of the page they need. */
export function toolsOf(my) {
  const { form, find, boxes, keep, say } = my;
  const [select, naming, field] = [find("order"), find("naming"), find("name")];
  const progress = () => find("progress").textContent;
  let renamed;

  function askName(order) {
    renamed = order;
    field.value = order ?? "";
    naming.hidden = false;
    field.select();
  }

  function doneNaming() {
    naming.hidden = true;
    field.setCustomValidity("");
  }

  function shows(order, said) {
    my.current = order;
    keep();
    select.focus();
    say(said());
  }

  field.addEventListener("input", () => field.setCustomValidity(""));
  form.addEventListener("submit", () => {
    const order = field.value.replace(/\p{C}/gu, "").trim(); // what a link takes
    if (!order) return field.focus();
    if (renamed !== undefined && order !== renamed && my.orders.has(order)) {
      field.setCustomValidity("So heißt schon eine andere Bestellung.");
      return field.reportValidity();
    }
    if (renamed !== undefined) my.orders = new Map([...my.orders].map(([one, done]) => [one === renamed ? order : one, done]));
    else if (!my.orders.has(order)) my.orders.set(order, []);
    doneNaming();
    shows(order, () => `Bestellung ${order}: ${progress()}`);
  });

  const mayLose = (question) => !my.orders.get(my.current).length || window.confirm(question);

  return {
    add: () => askName(),
    rename: () => askName(my.current),
    cancel() {
      doneNaming();
      form.querySelector(`[data-does=${renamed === undefined ? "add" : "rename"}]`).focus();
    },
    async handOver() {
      const here = my.orders.get(my.current).filter((step) => boxes.some((box) => box.dataset.name === step));
      const link = linkTo(my.current, here);
      try {
        await my.copy(link);
        my.confirm("Link kopiert");
      } catch {
        prompt("Bitte kopieren Sie diesen Link:", link);
      }
    },
    reset() {
      if (!mayLose(`Alle Haken von „${my.current}“ entfernen?`)) return;
      my.orders.set(my.current, []);
      keep();
      say("Alle Haken entfernt");
    },
    remove() {
      if (!mayLose(`Bestellung „${my.current}“ mit ${ticks(my.orders.get(my.current).length)} löschen?`)) return;
      my.orders.delete(my.current);
      shows([...my.orders.keys()][0], () => `Bestellung gelöscht. Jetzt: ${my.current}`);
    },
    /** An order that the address hands over is taken over only after a question; afterwards the address has forgotten it. */
    async takeOver() {
      const found = handedOver(location.hash, my.knownSteps());
      const forget = () => history.replaceState(null, "", location.pathname + location.search);
      if (!found) {
        forget();
        return say("Dieser Link ist unvollständig oder gehört nicht zu diesem Ablauf. Es hat sich nichts geändert.");
      }
      const { order, names } = found;
      const here = my.orders.get(order) ?? [];
      const more = names.filter((name) => !here.includes(name));
      const numbers = more.map((name) => boxes.find((box) => box.dataset.name === name).dataset.step);
      const answer = await ask(order, names, here, numbers);
      forget();
      if (!answer) return;
      let own = order;
      for (let number = 2; answer === "own" && my.orders.has(own); number += 1) own = `${order} (${number})`;
      my.orders.set(own, answer === "own" ? names : [...(my.orders.get(order) ?? []), ...more]);
      shows(own, () => `Bestellung ${own} übernommen: ${progress()}`);
    },
  };
}

/** A sheet with what is still open of an order alone, if one wants that. */
export function onlyOpen(label, order, done, boxes, say) {
  const isDone = (box) => done.includes(box.dataset.name);
  const [choice, said] = [label.querySelector("input"), document.querySelector("[data-order-open]")];
  const open = boxes.filter((box) => !isDone(box)).length;
  const draw = () => {
    for (const box of boxes) box.closest(".step").hidden = choice.checked && isDone(box);
    for (const section of document.querySelectorAll(".steps-section")) section.hidden = !section.querySelector(".step:not([hidden])");
    said.hidden = !choice.checked;
  };
  label.hidden = false;
  label.querySelector("span").textContent = `Nur, was bei „${order}“ noch offen ist`;
  said.textContent = `${order}: noch ${open} von ${boxes.length} ${boxes.length === 1 ? "Schritt" : "Schritten"} offen`;
  choice.checked = location.hash === "#offen_";
  choice.addEventListener("change", () => {
    draw();
    say(choice.checked ? said.textContent : "Alle Schritte");
  });
  draw();
}

function ask(order, names, here, more) {
  const dialog = document.createElement("dialog");
  dialog.className = "offer";
  dialog.setAttribute("aria-labelledby", "angebot_");
  const title = document.createElement("h2");
  title.id = "angebot_";
  title.textContent = `Bestellung „${order}“ mit ${ticks(names.length)} übernehmen?`;
  const what = document.createElement("p");
  const added = more.length ? `Dazu kommt: Schritt ${new Intl.ListFormat("de").format(more.map(String))}.` : "Es kommt kein Haken dazu.";
  what.textContent = here.length
    ? `Sie haben hier schon eine Bestellung „${order}“ mit ${ticks(here.length)}. ${added} Von Ihren Haken geht keiner verloren.`
    : "Sie können dann hier weitermachen. Alles bleibt in diesem Browser.";
  const form = document.createElement("form");
  form.method = "dialog";
  for (const [value, label] of [["join", "Übernehmen"], ...(here.length ? [["own", "Als eigene Bestellung"]] : []), ["", "Nicht übernehmen"]]) {
    const button = document.createElement("button");
    button.value = value;
    button.textContent = label;
    form.append(button);
  }
  dialog.append(title, what, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) =>
    dialog.addEventListener("close", () => {
      dialog.remove();
      done(dialog.returnValue);
    }),
  );
}
