// Words that are selected within a block become those that its link „Kommentieren“ is about; and what is typed beside the button to
// publish stays while one comments, which opens the page anew.
"use strict";

const AROUND = 60, LONGEST = 500;
const links = new Map(); // of those that lead to a selection now: where they led
const plain = (text) => text.replace(/\s+/g, " ");

function reset() {
  for (const [link, href] of links) {
    link.href = href;
    link.classList.remove("at-selection");
  }
  links.clear();
}

document.addEventListener("selectionchange", () => {
  const selection = getSelection(), range = selection.rangeCount && selection.getRangeAt(0);
  const words = range && plain(selection.toString()).trim();
  reset();
  if (!words || words.length > LONGEST) return;
  const around = range.commonAncestorContainer, element = around.closest ? around : around.parentElement;
  const block = element.closest("[data-passages] tr") ?? element.closest("[data-passages] .passage > .words");
  const link = block?.querySelector(".comment-here") ?? block?.parentElement.querySelector(":scope > .comment-here");
  if (!link) return;
  const before = document.createRange();
  before.setStart(block, 0);
  before.setEnd(range.startContainer, range.startOffset);
  links.set(link, link.getAttribute("href"));
  const address = new URL(link.href);
  address.searchParams.set("worte", words);
  address.searchParams.set("davor", plain(before.toString()).slice(-AROUND));
  link.href = address.search;
  link.classList.add("at-selection");
});

const publish = document.querySelector(".review-publish"), name = `publish ${location.pathname}`;
if (publish) {
  const fields = [...publish.querySelectorAll("textarea, [name=_why]")];
  const typed = JSON.parse(sessionStorage.getItem(name) ?? "{}");
  for (const field of fields) if (field.name in typed && field.value === field.defaultValue) field.value = typed[field.name];
  publish.addEventListener("input", () => {
    sessionStorage.setItem(name, JSON.stringify(Object.fromEntries(fields.map((field) => [field.name, field.value]))));
  });
  publish.addEventListener("submit", () => sessionStorage.removeItem(name));
}
