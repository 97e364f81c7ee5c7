/* What a reader passes on, made of what the page shows: an answer or a step as formatted and as plain text, and what to tell whom one asks.
   Fetched when it is about to be needed. */

const LONGEST = 1900; // of a mail's address, as in faq/public/mail.py
// A page may be read under another name than its public one.
const canonical = document.querySelector("link[rel=canonical]")?.href ?? location.href;

const UNNAMED = "Meine Bestellung"; // so an order is called until somebody names one

const PARTS = ".section-head, .step-head, .prose, .gap-note";
const LEFT_OUT = ".visually-hidden, .number, .copy, button, label";
const STRUCTURE = new Set("p ul ol li strong em code pre br hr blockquote table thead tbody tr th td".split(" "));
const BLOCKS = "p, h2, h3, h4, h5, h6, ul, ol, table, pre, hr, blockquote, aside";

function make(name, ...children) {
  const element = document.createElement(name);
  element.append(...children);
  return element;
}

function link(address, ...label) {
  const made = make("a", ...label);
  made.href = new URL(address, canonical).href;
  return made;
}

const level = (heading) => Number(heading.localName[1]);

/** A node of the page as nodes without anything but structure; `deeper`: by how many levels its headings move. */
function bare(node, deeper) {
  if (node.nodeType === Node.TEXT_NODE) return [node.data];
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches(LEFT_OUT)) return [];
  if (node.matches(".picture")) return picture(node);
  const name = node.localName;
  const children = inside(node, deeper);
  if (node.matches("a:not(.term, .permalink)")) return [link(node.getAttribute("href"), ...children)];
  if (node.matches(".hinweis, .achtung")) return [callout(children)];
  if (/^h[1-6]$/.test(name)) return [make(`h${Math.min(level(node) + deeper, 6)}`, ...children)];
  if (name === "del") return [make("s", ...children)]; // for Word `del` is a change that waits to be accepted
  if (!STRUCTURE.has(name)) return children;
  const made = make(name, ...children);
  if (name === "ol" && node.start !== 1) made.start = node.start;
  if (node.matches(".at-right, .at-center")) made.align = node.className.slice(3);
  return [made];
}

const inside = (element, deeper) => [...element.childNodes].flatMap((child) => bare(child, deeper));
const words = (element) => plain(make("p", ...inside(element, 0)));

/** A box; its title ends with a colon, for whoever does not see that it is one. */
function callout(children) {
  const made = make("aside", ...children);
  made.querySelector("strong").append(":");
  return made;
}

/** As a link: mail programs fetch no picture from elsewhere unless they are told to, and show an empty frame. */
function picture(node) {
  const image = node.querySelector("img");
  const large = node.querySelector("a");
  if (!large) return [image.alt]; // a sign within a sentence
  const caption = node.querySelector(":scope > :is(figcaption, span)");
  const said = ["Bild: ", link(large.getAttribute("href"), image.alt), ...(caption ? [` – ${words(caption)}`] : [])];
  return node.localName === "figure" ? [make("p", ...said)] : said;
}

/** Lines in one paragraph; what is missing is left out. */
function lines(...all) {
  const said = all.filter(Boolean);
  return said.length ? [make("p", ...said.flatMap((line) => [line, make("br")]).slice(0, -1))] : [];
}

/** A step's number and title, and what is known about it; `alone`: without its section, which says for what it is. */
function stepHead(head, deeper, alone) {
  const step = head.closest(".step");
  const heading = head.querySelector("h3, h4, h5, h6");
  const found = (selector, from = step) => from.querySelector(selector);
  const actors = [...step.querySelectorAll(".who .actor")].map(words).join(", ");
  const onlyFor = found(".only-for") ?? (alone && found(".section-head .only-for", step.closest(".steps-section")));
  const facts = [...step.querySelectorAll(".facts > div")].map((fact) => `${words(found("dt", fact))}: ${words(found("dd", fact))}`);
  const duration = found(".duration");
  return [
    make(`h${level(heading) + deeper}`, `Schritt ${found(".number", heading).textContent}: ${words(heading)}`),
    ...lines(actors && `Wer: ${actors}`, duration && words(duration), onlyFor && words(onlyFor), ...facts),
  ];
}

function part(node, deeper, alone) {
  if (node.matches(".prose")) return inside(node, deeper);
  if (node.matches(".step-head")) return stepHead(node, deeper, alone);
  if (node.matches(".gap-note")) return [make("p", ...inside(node, deeper))];
  const onlyFor = node.querySelector(".only-for");
  return [...bare(node.querySelector("h2, h3, h4"), deeper), ...lines(onlyFor && words(onlyFor))];
}

/** The answer or the step in which a button stands, by the names of clipboard types: { "text/html", "text/plain" }. */
export function copied(button) {
  const root = button.closest(".step, .answer, .entry");
  const whole = root.closest(".answer, .entry");
  const alone = root !== whole;
  const title = whole.querySelector("h1, h2, h3");
  const deeper = alone ? 3 - level(root.querySelector("h3, h4, h5")) : 2 - level(title);
  const contact = document.querySelector("[data-contact]");
  const address = new URL(button.dataset.copyText, canonical).href;
  const dates = whole.querySelector(".entry-meta p");
  const answer = make(
    "div",
    make("h2", words(title)),
    ...[...root.querySelectorAll(PARTS)].flatMap((node) => part(node, deeper, alone)),
    ...(contact ? [make("p", "Ansprechpartner: ", ...inside(contact, 0))] : []),
    make("p", "Immer aktuell: ", link(address, address)),
    ...lines(dates && words(dates)),
  );
  return { "text/plain": plain(answer), "text/html": formatted(answer) };
}

/** As HTML for mail programs: a box is a table of one cell, the one thing around a text whose border and room Outlook and Word draw
    (https://learn.microsoft.com/previous-versions/office/developer/office-2007/aa338201(v=office.12)). Attributes, no styles: a browser
    that puts HTML on the clipboard holds it against the policy of the page, which forbids these. */
function formatted(answer) {
  for (const paragraph of answer.querySelectorAll("li > p:first-child")) paragraph.replaceWith(...paragraph.childNodes);
  for (const callout of answer.querySelectorAll("aside")) {
    const cell = make("td", ...callout.childNodes);
    cell.bgColor = "#f3f6f6";
    callout.replaceWith(make("table", make("tbody", make("tr", cell))));
  }
  for (const table of answer.querySelectorAll("table")) Object.assign(table, { border: 1, cellSpacing: 0, cellPadding: 6 });
  return answer.innerHTML;
}

/** As plain text; `gap`: between two blocks. */
function plain(element, gap = "\n\n") {
  const blocks = [];
  let line = "";
  const ended = () => {
    blocks.push(line.replace(/ +/g, " ").replace(/ ?\n ?/g, "\n").trim());
    line = "";
  };
  for (const node of element.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) line += node.data.replace(/\s+/g, " ");
    else if (node.localName === "br") line += "\n";
    else if (!node.matches(BLOCKS)) line += inline(node);
    else {
      ended();
      blocks.push(block(node));
    }
  }
  ended();
  return blocks.filter(Boolean).join(gap);
}

function inline(node) {
  const text = node.textContent.replace(/\s+/g, " ");
  const isNews = /^(https?|mailto):/.test(node.href) && node.href.replace("mailto:", "") !== text.trim();
  return isNews ? `${text} (${node.href.replace("mailto:", "")})` : text;
}

function block(node) {
  switch (node.localName) {
    case "ul":
    case "ol":
      return [...node.children]
        .map((item, place) => {
          const mark = node.start ? `${node.start + place}. ` : "- ";
          return mark + plain(item, "\n").replace(/\n/g, "\n" + " ".repeat(mark.length));
        })
        .join("\n");
    case "table":
      return [...node.rows].map((row) => [...row.cells].map((cell) => plain(cell, " ").replace(/\n/g, " ")).join(" | ")).join("\n");
    case "pre":
      return node.textContent.trimEnd();
    case "aside":
      return plain(node, "\n");
    case "blockquote":
      return plain(node).replace(/^/gm, "> ");
    case "hr":
      return "---";
    default:
      return plain(node);
  }
}

/** What to tell whom one asks about the answer on this page, in lines: the question, how far the order is, the address. */
export function question() {
  const boxes = [...document.querySelectorAll("input[data-step]")].filter((box) => box.closest(".step").offsetParent);
  const among = (checked) => boxes.filter((box) => box.checked === checked).map((box) => box.dataset.step);
  const steps = (checked) => `Schritt ${new Intl.ListFormat("de").format(among(checked))}`;
  const found = [`Frage zu: ${words(document.querySelector("h1"))}`];
  if (boxes.length) {
    const step = boxes.find((box) => !box.checked)?.closest(".step");
    const actors = step && [...step.querySelectorAll(".who .actor")].map(words).join(", ");
    const needs = step?.querySelector(".needs dd");
    const order = document.querySelector("[data-order]").value;
    found.push(
      order !== UNNAMED && `Bestellung: ${order}`,
      `Erledigt: ${among(true).length ? steps(true) : "noch kein Schritt"}`,
      `Offen: ${step ? steps(false) : "kein Schritt mehr"}`,
      step && `Als Nächstes: Schritt ${step.value}: ${words(step.querySelector("h3"))}${actors && ` (${actors})`}`,
      needs && `Dafür bereithalten: ${words(needs)}`,
    );
  }
  return [...found, canonical].filter(Boolean);
}

/** The address of the mail that asks so, made of what it is without a script. */
export function questionMail(address) {
  const start = address.slice(0, address.indexOf("&body=") + 6);
  const said = question();
  const mail = () => start + encodeURIComponent(["Meine Frage:", "", "", "", ...said, ""].join("\r\n"));
  while (mail().length > LONGEST && said.length > 2) said.splice(-2, 1);
  return mail();
}

/** What to read out at the phone, from the moment on that it is opened. */
export function askByPhone(details, { copy, confirming, say }) {
  const text = details.querySelector("[data-ask-text]");
  const button = details.querySelector("button");
  const confirm = confirming(button, button);
  const fill = () => (text.textContent = question().join("\n"));
  details.addEventListener("toggle", fill);
  button.addEventListener("click", async () => {
    try {
      await copy(text.textContent);
      confirm("Kopiert");
    } catch {
      getSelection().selectAllChildren(text);
      say("Der Text ist jetzt markiert: Bitte kopieren Sie ihn mit Strg+C.");
    }
  });
  // Whatever is ticked off meanwhile changes the box with orders.
  const orders = document.querySelector("[data-orders]");
  if (orders) new MutationObserver(() => details.open && fill()).observe(orders, { childList: true, subtree: true });
  fill();
}

/** Send what a reader says about an answer; what comes back stands where the form was. Raises if that fails. */
export async function sendFeedback(form, submitter) {
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, submitter)) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const thanks = page.querySelector("[data-thanks]");
  const heading = thanks.querySelector("h1");
  const title = document.createElement("h2");
  title.textContent = heading.textContent;
  title.tabIndex = -1;
  heading.replaceWith(title);
  form.replaceWith(thanks);
  title.focus();
}
