/* Suggestions while typing: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ Fetched when a reader comes to a search field. */

/** Show in `list` what fits what is typed into `input`. */
export function suggest(input, list, say) {
  let asked, timer;

  function choose(option) {
    list.querySelector('[aria-selected="true"]')?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    clearTimeout(timer);
    asked?.abort();
    choose(null);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  }

  function show(suggestions) {
    choose(null);
    list.replaceChildren(
      ...suggestions.map(({ parts, where, url }, place) => {
        const option = document.createElement("li");
        option.id = `${list.id}_${place}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.address = url;
        // By turns what is there anyway and what was typed.
        for (const [turn, part] of parts.entries()) {
          const piece = turn % 2 ? document.createElement("mark") : new Text();
          piece.textContent = part;
          option.append(piece);
        }
        const kind = document.createElement("small");
        kind.textContent = where;
        option.append(" ", kind);
        return option;
      }),
    );
    list.hidden = !suggestions.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (suggestions.length) say(suggestions.length === 1 ? "Ein Vorschlag" : `${suggestions.length} Vorschläge`);
    if (room() < 200) input.scrollIntoView({ block: "start", behavior: "instant" });
    list.style.maxBlockSize = `${Math.max(room(), 132)}px`;
  }

  /** What is left below the field, above a keyboard on the screen too. */
  function room() {
    const { offsetTop, height } = visualViewport;
    return offsetTop + height - input.getBoundingClientRect().bottom - 12;
  }

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    try {
      const typed = input.value;
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: asked.signal });
      const { suggestions } = await answer.json();
      if (typed === input.value && document.activeElement === input) show(suggestions);
    } catch {
      // Without suggestions the search still works.
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length < 2) close();
    else timer = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    const options = [...list.children];
    const chosen = options.findIndex((option) => option.ariaSelected === "true");
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (list.hidden || event.isComposing) {
      return;
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      // One place more than there are options: there it is the reader's own words again.
      const places = options.length + 1;
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(options[((chosen + 1 + step + places) % places) - 1] ?? null);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      location.href = options[chosen].dataset.address;
    }
  });
  input.addEventListener("blur", close);
  // The field keeps the focus while a suggestion is pressed.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) location.href = option.dataset.address;
  });
  if (input.value !== input.defaultValue) input.dispatchEvent(new Event("input")); // typed while this came
}
