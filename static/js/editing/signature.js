// How HTML looks to a reader, as one string: to see whether an editor holds it whole.

const MARKS = { STRONG: "strong", B: "strong", EM: "em", I: "em", DEL: "del", S: "del", CODE: "code" };
const SECTIONS = new Set(["THEAD", "TBODY", "COLGROUP"]);

export function signature(elements) {
  const found = [];
  elements.forEach((element) => read(element, [], found));
  return found.join("").replace(/ (?=[<\n]|$)|(^|[>\n]) /g, "$1");
}

function read(node, marks, found) {
  if (node.nodeType === window.Node.TEXT_NODE) {
    for (const word of node.data.match(/[ \t\r\n]+|[^ \t\r\n]+/g) ?? []) {
      if (word.trim()) found.push(marks.length ? `{${[...marks].sort().join()}}${word}` : `{}${word}`);
      else if (!/ $|>$|\n$/.test(found.at(-1) ?? "\n")) found.push(" ");
    }
    return;
  }
  const inside = (with_) => node.childNodes.forEach((child) => read(child, with_, found));
  const tag = node.tagName;
  if (tag === "PRE") {
    found.push("<pre>\n", node.textContent.replace(/\n$/, ""), "\n</pre>");
  } else if (tag === "A") {
    const link = `a ${node.getAttribute("href")} ${node.getAttribute("title") ?? ""}`;
    if (node.textContent) inside([...marks, link]);
    else found.push(`{${link}}`);
  } else if (tag === "IMG") {
    found.push(`{${[...marks, "img", ...["src", "alt", "title"].map((name) => node.getAttribute(name) ?? "")].join()}}`);
  } else if (tag in MARKS) {
    inside([...new Set([...marks, MARKS[tag]])]);
  } else if (SECTIONS.has(tag)) {
    inside(marks);
  } else if (tag === "P") {
    // A lone paragraph in an item or a cell is the same without its element.
    if (found.at(-1) && !/^<(?:li|t[dh])/.test(found.at(-1))) found.push("<p>");
    inside(marks);
  } else {
    const say = (name) => (node.getAttribute(name) ? ` ${node.getAttribute(name)}` : "");
    found.push(`<${tag.toLowerCase()}${say("start")}${say("align")}${say("class")}>`);
    inside(marks);
    if (tag !== "BR" && tag !== "HR") found.push(`</${tag.toLowerCase()}>`);
  }
}
