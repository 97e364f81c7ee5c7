// Where a list is narrow each row becomes a card, in which each cell is named by its column.
"use strict";

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
