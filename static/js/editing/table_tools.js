// Rows and columns of the table in which the cursor stands, in the editing view.

const TOOLS = [
  ["Zeile darunter", "addRowAfter"],
  ["Zeile löschen", "deleteRow"],
  ["Spalte rechts", "addColumnAfter"],
  ["Spalte löschen", "deleteColumn"],
  ["Tabelle löschen", "deleteTable"],
];

export function tableTools(editor) {
  const element = document.createElement("div");
  element.className = "table-tools";
  element.hidden = true;
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "Tabelle");
  for (const [label, command] of TOOLS) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => editor.chain().focus()[command]().run());
    element.append(button);
  }
  editor.on("transaction", () => (element.hidden = !editor.isActive("table")));

  // Go to the cell below; below the last row a new one is made.
  function nextRow() {
    const depthOf = ($at) => {
      let depth = $at.depth;
      while (depth && $at.node(depth).type.name !== "tableRow") depth--;
      return depth;
    };
    let { $from } = editor.state.selection;
    let depth = depthOf($from);
    const column = $from.index(depth);
    if ($from.index(depth - 1) + 1 === $from.node(depth - 1).childCount) {
      editor.commands.addRowAfter();
      ({ $from } = editor.state.selection);
      depth = depthOf($from);
    }
    const row = $from.after(depth);
    let position = row + 1;
    for (let i = 0; i < column; i++) position += editor.state.doc.nodeAt(row).child(i).nodeSize;
    return editor.commands.setTextSelection(position + 2);
  }

  return { element, nextRow };
}
