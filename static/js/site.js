/* Comfort for readers. Every page works without it. */
"use strict";

const status = document.getElementById("meldung_");

/** Say something to screen readers; the same words twice in a row are said twice. */
function say(text) {
  status.textContent = "";
  setTimeout(() => (status.textContent = text), 50);
}

/** What this browser keeps; a browser may refuse to keep anything. */
const kept = {
  read(name, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(name)) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  write(name, value) {
    try {
      localStorage.setItem(name, JSON.stringify(value));
    } catch {
      // Then it holds until the page is left.
    }
  },
};

/* Copy a link */

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Without https there is no clipboard API.
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) throw new Error("refused");
}

/** A function that says for a while on a control that something was copied. */
function confirming(control, label) {
  const text = label.textContent;
  let timer;
  return (words) => {
    label.textContent = words;
    control.classList.add("copied");
    say(words);
    clearTimeout(timer);
    timer = setTimeout(() => {
      label.textContent = text;
      control.classList.remove("copied");
    }, 2500);
  };
}

for (const link of document.querySelectorAll("a[data-copy]")) {
  const confirm = confirming(link, link.querySelector(".scripted"));
  link.setAttribute("role", "button");
  link.title = "Link kopieren";
  link.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      link.click();
    }
  });
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const focused = document.activeElement;
    try {
      await copy(link.href);
    } catch {
      location.href = link.href;
      return;
    }
    focused?.focus({ preventScroll: true });
    confirm("Link kopiert");
  });
}

/* Copy an answer or a step as formatted text, and say what to ask about it: what makes the texts is fetched when it is about to be needed */

const { passingOn, suggesting, orderTools } = document.currentScript.dataset;
const passing = () => import(passingOn);

function fetchSoon(control, needed = passing) {
  for (const when of ["pointerenter", "focusin"]) control.addEventListener(when, () => needed().catch(() => {}), { once: true });
}

/** Put a text on the clipboard by all its types. `text` is a promise: Safari lets no one copy who waited for it. */
async function copyFormatted(text, root) {
  try {
    const blob = async (type) => new Blob([(await text)[type]], { type });
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob("text/plain"), "text/html": blob("text/html") })]);
  } catch {
    // Without https there is no clipboard API. What is marked stays so if this is refused too.
    getSelection().selectAllChildren(root);
    const made = await text;
    const put = (event) => {
      event.preventDefault();
      for (const type in made) event.clipboardData.setData(type, made[type]);
    };
    document.addEventListener("copy", put);
    const copied = document.execCommand("copy");
    document.removeEventListener("copy", put);
    if (!copied) throw new Error("refused");
    getSelection().removeAllRanges();
  }
}

for (const button of document.querySelectorAll("[data-copy-text]")) {
  const confirm = confirming(button, button.firstElementChild);
  const refused = document.createElement("p");
  refused.className = "notice";
  refused.textContent = "Das hat nicht geklappt. Der Text ist jetzt markiert: Bitte kopieren Sie ihn mit Strg+C.";
  fetchSoon(button);
  button.addEventListener("click", async () => {
    const text = passing().then(({ copied }) => copied(button));
    try {
      await copyFormatted(text, button.closest(".step, .answer, .entry"));
      confirm("Kopiert");
    } catch {
      button.closest(".tools, .step-head").after(refused);
      say(refused.textContent);
    }
  });
}

for (const link of document.querySelectorAll("a[data-ask-mail]")) {
  fetchSoon(link);
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      link.href = (await passing()).questionMail(link.href);
    } catch {
      // Then the mail has the question and the address.
    }
    location.href = link.href;
  });
}

for (const details of document.querySelectorAll("details[data-ask]")) {
  const begin = () => passing().then(({ askByPhone }) => askByPhone(details, { copy, confirming, say }), () => {});
  details.addEventListener("toggle", begin, { once: true });
}

/* Suggestions while typing */

for (const input of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("ul");
  list.id = `${input.id}_vorschlaege`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Vorschläge");
  list.hidden = true;
  input.parentElement.append(list);
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  const begin = () => import(suggesting).then(({ suggest }) => suggest(input, list, say), () => {});
  if (document.activeElement === input) begin();
  else input.addEventListener("focus", begin, { once: true });
}

/* "/" leads to the search field, unless the reader has turned it off */

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  const input = document.querySelector("input[data-suggest]");
  if (!input || !kept.read("hilfe:taste", true)) return;
  event.preventDefault();
  input.focus();
  input.select();
});

for (const box of document.querySelectorAll("[data-shortcut]")) {
  box.checked = kept.read("hilfe:taste", true);
  box.addEventListener("change", () => kept.write("hilfe:taste", box.checked));
}

/* A hidden branch stays hidden in this browser */

for (const box of document.querySelectorAll("[data-hide-branch]")) {
  const name = `hilfe:ausgeblendet:${box.dataset.hideBranch}`;
  box.checked = kept.read(name, false) === true;
  box.addEventListener("change", () => kept.write(name, box.checked));
}

/* A walkthrough's steps ticked off by their names, for several orders; both follow where the address of the whole changes */

const boxes = [...document.querySelectorAll("input[data-step]")];

/** Of each name that led to a step that of the step today, "" where there is none any more. */
function knownSteps() {
  const known = new Map([...document.querySelectorAll(".gone-notes[id]")].map((gone) => [gone.id, ""]));
  for (const box of boxes) {
    known.set(box.dataset.name, box.dataset.name);
    for (const gone of box.closest(".step").querySelectorAll(".gone-notes[id]")) known.set(gone.id, box.dataset.name);
  }
  return known;
}

/** What was kept, whatever wrote it: orders with the names of their steps, and which is shown. Numbers are of before steps had names. */
function keptOrders(slug, formerly) {
  const known = knownSteps();
  const [saved = {}] = [slug, ...formerly.trim().split(" ")].map((one) => kept.read(`hilfe:bestellungen:${one}`)).filter(Boolean);
  const pairs = Array.isArray(saved.orders) ? saved.orders : [];
  const named = (step) => boxes.find((box) => Number(box.dataset.step) === step)?.dataset.name ?? (known.get(step) || step);
  const orders = new Map(pairs.filter((pair) => Array.isArray(pair) && Array.isArray(pair[1])).map(([order, done]) => [order, done.map(named)]));
  return { orders, current: orders.has(saved.current) ? saved.current : [...orders.keys()][0], isKept: pairs.length > 0 };
}

for (const form of document.querySelectorAll("form[data-orders]")) {
  const name = `hilfe:bestellungen:${form.dataset.orders}`;
  const find = (what) => form.querySelector(`[data-${what}]`);
  const select = find("order");
  const first = select.options[0].value;
  const my = { form, find, boxes, keep, say, copy, knownSteps, confirm: confirming(find("hand-over"), find("hand-over")) };
  const tools = () => import(orderTools).then(({ toolsOf }) => (my.tools ??= toolsOf(my)));

  function load() {
    const { orders, current = first, isKept } = keptOrders(form.dataset.orders, form.dataset.formerly);
    if (!orders.size) orders.set(first, []);
    Object.assign(my, { orders, current });
    return isKept;
  }

  function shown(box) {
    return box.closest(".step").offsetParent !== null;
  }

  /** There from the first tick on, and then for as long as the page; what one reads stays where it is. */
  function reveal() {
    if (!form.hidden || (my.orders.size === 1 && !my.orders.get(my.current).length && my.current === first)) return;
    const reads = boxes.find((box) => box.getBoundingClientRect().top > 0);
    const top = reads?.getBoundingClientRect().top;
    form.hidden = false;
    if (document.readyState === "complete" && reads) scrollBy({ top: reads.getBoundingClientRect().top - top, behavior: "instant" });
  }

  function draw() {
    const done = my.orders.get(my.current);
    const names = [...my.orders.keys()];
    select.replaceChildren(...names.map((order) => new Option(order, order, false, order === my.current)));
    find("remove").hidden = names.length < 2;
    for (const box of boxes) box.checked = done.includes(box.dataset.name);
    const counted = boxes.filter(shown);
    const open = counted.filter((box) => !box.checked);
    find("progress").textContent = `${counted.length - open.length} von ${counted.length} ${counted.length === 1 ? "Schritt" : "Schritten"} erledigt`;
    find("next").replaceChildren();
    if (open.length && open.length < counted.length) {
      const step = open[0].closest(".step");
      const link = document.createElement("a");
      link.href = `#${open[0].dataset.name}`;
      const who = step.querySelector(".who:not(.actor-offen)")?.innerText.trim().replace(/\s+/g, ", ");
      link.textContent = `Schritt ${open[0].dataset.step}${who ? ` (${who})` : ""}`;
      find("next").append("Als Nächstes: ", link);
    } else if (!open.length) {
      find("next").append("Geschafft!");
    }
    reveal();
  }

  function keep() {
    kept.write(name, { current: my.current, orders: [...my.orders] });
    draw();
  }

  for (const box of boxes) {
    box.addEventListener("change", () => {
      const done = new Set(my.orders.get(my.current));
      done[box.checked ? "add" : "delete"](box.dataset.name);
      my.orders.set(my.current, [...done]);
      keep();
      say(find("progress").textContent);
    });
  }
  select.addEventListener("change", () => {
    my.current = select.value;
    keep();
    say(find("progress").textContent);
  });
  fetchSoon(form, tools);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", async ({ target }) => {
    const { does } = target.closest("button")?.dataset ?? {};
    if (does) (await tools())[does]();
  });
  const takeOver = async () => location.hash.startsWith("#bestellung.") && (await tools()).takeOver();
  for (const box of document.querySelectorAll("[data-hide-branch]")) box.addEventListener("change", draw);
  addEventListener("hashchange", () => {
    draw();
    takeOver();
  });
  // Another tab may tick off the same order.
  addEventListener("storage", (event) => {
    if (event.key === name) {
      load();
      draw();
    }
  });
  if (load()) keep();
  else draw();
  takeOver();
}

/* Paper: what is open of the order that was ticked off last; who hands the sheet on */

for (const label of document.querySelectorAll("[data-only-open]")) {
  const { orders, current } = keptOrders(label.dataset.onlyOpen, label.dataset.formerly);
  const done = orders.get(current);
  if (done?.length) import(orderTools).then(({ onlyOpen }) => onlyOpen(label, current, done, boxes, say));
}

for (const field of document.querySelectorAll("[data-keep]")) {
  field.value = String(kept.read(field.dataset.keep, ""));
  field.addEventListener("input", () => kept.write(field.dataset.keep, field.value));
}

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

// What a reader says about an answer is sent without leaving the page; what comes back stands where the form was.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-feedback]");
  if (!form) return;
  event.preventDefault();
  try {
    await (await passing()).sendFeedback(form, event.submitter);
  } catch {
    form.removeAttribute("data-feedback"); // the browser's own way tells what is wrong
    form.requestSubmit(event.submitter);
  }
});
