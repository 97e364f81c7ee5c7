// Rows can be put into another order, among those of their group: dragged by a handle, or moved by its arrow keys once it has the focus.
// `put(row, handle)` puts the handle into the row, if the row can be moved; `dropped(row)` gives the rows their numbers.
export function sortable(rows, put, dropped) {
  let dragged = null;
  const ofGroup = (row) => rows().filter((other) => other.dataset.group === row.dataset.group);
  const prepare = (row) => {
    if (row.querySelector(".drag-handle")) return;
    const handle = document.createElement("span");
    handle.className = "drag-handle";
    handle.title = "Ziehen, um die Reihenfolge zu ändern";
    handle.textContent = "↕";
    handle.draggable = true;
    handle.addEventListener("dragstart", (event) => {
      dragged = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(row, 0, 0);
      row.classList.add("dragged");
    });
    handle.addEventListener("dragend", () => {
      row.classList.remove("dragged");
      dragged = null;
      dropped(row);
    });
    handle.addEventListener("keydown", (event) => {
      const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!way) return;
      event.preventDefault();
      const all = ofGroup(row), other = all[all.indexOf(row) + way];
      if (!other) return;
      other[way < 0 ? "before" : "after"](row);
      handle.focus(); // moved, it has lost it
      dropped(row);
    });
    row.addEventListener("dragover", (event) => {
      if (!dragged || dragged === row || dragged.dataset.group !== row.dataset.group) return;
      event.preventDefault();
      const { top, height } = row.getBoundingClientRect();
      row[event.clientY > top + height / 2 ? "after" : "before"](dragged);
    });
    put(row, handle);
  };
  rows().forEach(prepare);
  document.addEventListener("formset:added", () => rows().forEach(prepare));
}
