// Where there is little room the filters stand above the list, closed but for those that are chosen; where it is narrow each row
// becomes a card, in which each cell is named by its column.
"use strict";

const filters = document.querySelector("#changelist-filter");
if (filters && matchMedia("(max-width: 1439px)").matches) {
  for (const one of filters.querySelectorAll("details")) one.open = !one.querySelector("li:first-child.selected");
  filters.parentElement.classList.add("filters-above");
  filters.parentElement.prepend(filters);
}

const list = document.querySelector("#result_list");
if (list) {
  const names = [...list.querySelectorAll("thead th")].map((head) => head.querySelector(".text")?.textContent.trim() ?? "");
  for (const row of list.tBodies[0].rows) {
    [...row.cells].forEach((cell, place) => {
      if (cell.tagName === "TD" && !cell.matches(".action-checkbox") && names[place]) cell.dataset.label = names[place];
    });
  }
  list.classList.add("named");
}
