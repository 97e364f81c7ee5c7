// The bar that stays in view: what has the focus is never behind it, and what it holds back closes by Esc and by a click elsewhere.
const bar = document.querySelector(".save-bar"), more = bar?.querySelector(".more-ways");

if (bar) {
  const observer = new ResizeObserver(() => document.documentElement.style.setProperty("--bar", `${bar.offsetHeight + 8}px`));
  observer.observe(bar);
}
if (more) {
  document.addEventListener("click", ({ target }) => more.contains(target) || (more.open = false));
  more.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    more.open = false;
    more.querySelector("summary").focus();
  });
}
