// The way to a field, wherever it stands: closed rows and groups around it open.

export function lead(id, line) {
  const field = document.getElementById(id);
  if (!field) return;
  for (let around = field.closest("details"); around; around = around.parentNode.closest("details")) around.open = true;
  if (field.view) return field.view.focus(line);
  if (!field.matches("input, select, textarea")) field.tabIndex = -1;
  field.focus();
  if (!line || !field.setSelectionRange) return;
  const lines = field.value.split("\n"), start = lines.slice(0, line - 1).join("\n").length + (line > 1);
  field.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  field.scrollTop = (field.scrollHeight * (line - 1)) / lines.length - field.clientHeight / 2;
}

// What was refused: each fault leads to its field, and to the line that it names.
document.querySelectorAll(".faults a").forEach((link) =>
  link.addEventListener("click", (event) => {
    event.preventDefault();
    lead(decodeURIComponent(link.hash.slice(1)), Number(link.parentNode.textContent.match(/Zeile (\d+):/)?.[1]));
  }),
);
