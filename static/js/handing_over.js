/* An order handed over by a link: its name and what is ticked off stand in the fragment, which no server sees. */

const START = "#bestellung."; // a dot stands in no id of a page
const LONGEST = 2000;
const VERSION = 1;

/** A step's name in few letters, so that mail programs leave the link whole. */
const short = (name) => [...name].reduce((sum, sign) => (Math.imul(sum, 31) + sign.codePointAt(0)) >>> 0, 7).toString(36);

export function linkTo(order, names) {
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

/** Ask whether to take over what the address hands over, and forget it there. Resolves to the name that it gets and the ticks, or to null.
    `orders`: a Map of what is here; `numberOf`: what a step is numbered; `tell` says why there is nothing to ask. */
export async function offered({ orders, known, numberOf, tell }) {
  const found = handedOver(location.hash, known);
  const forget = () => history.replaceState(null, "", location.pathname + location.search);
  if (!found) {
    forget();
    tell("Dieser Link ist unvollständig oder gehört nicht zu diesem Ablauf. Es hat sich nichts geändert.");
    return null;
  }
  const { order, names } = found;
  const here = orders.get(order) ?? [];
  const more = names.filter((name) => !here.includes(name));
  const answer = await ask(order, names, here, more.map(numberOf));
  forget();
  if (!answer) return null;
  if (answer === "join") return { order, names: [...here, ...more] };
  let number = 2;
  while (orders.has(`${order} (${number})`)) number += 1;
  return { order: `${order} (${number})`, names };
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
