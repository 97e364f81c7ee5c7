// Rows of a list that can be dragged into another order; the numbers in them do the same.
import { sortable } from "./sortable.js";

// The numbers of rows in their new order, after the one at `place` was put there; null is none: at the end. As few as can be
// become others. It takes a free number between its neighbours; where there is none, those behind it make room, or those before
// it if these are fewer. What has no number would come after it: where it was put behind such rows, they get one.
function renumbered(numbers, place) {
  const own = numbers[place], next = numbers[place + 1] ?? null, rest = numbers.slice(place + 1);
  let last = null;
  const before = numbers.slice(0, place).map((number) => (last = number ?? (last ?? 0) + 1));
  const stays = own === null
    ? !rest.length && !numbers.slice(0, place).includes(null)
    : own > (last ?? -1) && own < (next ?? Infinity);
  if (stays) return [...before, own, ...rest];

  // The first of those shown comes as near to the next as it can: before them may stand others, on another page.
  let end = last === null ? Math.max((next ?? 2) - 1, 0) : last + 1;
  const behind = [...before, end, ...rest.map((number) => (number === null || number > end ? number : ++end))];
  if (last === null || next === null || next > last + 1) return behind;

  let start = next - 1;
  const earlier = before.reverse().map((number) => (start = Math.min(number, start - 1))).reverse();
  const ahead = [...earlier, next - 1, ...rest];
  const changes = (result) => result.filter((number, i) => number !== numbers[i]).length;
  return start > 0 && changes(ahead) < changes(behind) ? ahead : behind;
}

const list = document.querySelector("#result_list tbody");
if (list) {
  const rows = () => [...list.rows];
  const field = (row) => row.querySelector("input[name$=-position]");
  const number = (row) => (field(row).value === "" ? null : Number(field(row).value));
  const group = (row) => rows().filter((other) => other.dataset.group === row.dataset.group && field(other));
  const inOrder = (row, i, all) => !i || (number(row) ?? Infinity) >= (number(all[i - 1]) ?? Infinity);
  for (const row of rows()) row.dataset.group = row.querySelector(".field-category")?.textContent ?? "";
  const loaded = rows(), given = new Map();

  const dropped = (row) => {
    const shown = group(row), places = shown.map((other) => loaded.indexOf(other));
    const back = places.every((place, i) => !i || place > places[i - 1]);
    const numbers = renumbered(shown.map(number), shown.indexOf(row));
    shown.map(field).forEach((input, i) => {
      const value = String(numbers[i] ?? "");
      // Once all are back where they were, what dragging wrote goes; what somebody typed stays.
      if (back && given.get(input) === input.value) input.value = input.defaultValue;
      if (back || value === input.value) return;
      input.value = value;
      given.set(input, value);
    });
  };
  // In a list by title or date, or with the best first, a place between two rows is none in their order.
  const byPlace = !document.querySelector("#searchbar")?.value || new URLSearchParams(location.search).has("o");
  if (byPlace && rows().every((row) => group(row).every(inOrder))) sortable(rows, (row, handle) => field(row)?.before(handle), dropped);
}
