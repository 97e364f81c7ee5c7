// What a text can hold, for Tiptap: the blocks and marks of the portal's Markdown, and nothing else.

import { make } from "./form.js";

const LINK = { href: { default: null }, title: { default: null } };

function shownPicture({ src, alt, title }, target) {
  const description = alt || target?.description || "";
  const says = description || (target?.decorative ? "nur Schmuck" : "Beschreibung fehlt");
  const image = target?.src
    ? [make("img", { src: target.src, width: target.size[0], height: target.size[1], alt: description })]
    : [`${src} gibt es noch nicht`];
  const caption = title || target?.caption;
  return make("span", { class: "picture" }, ...image, ...(caption ? [make("span", { class: "picture-caption" }, caption)] : []), make("small", {}, `Beschreibung: ${says}`));
}

// `tiptap`: its module. `named(href)`: what one of the portal's links leads to, as {kind, title}, or null.
export function extensions(tiptap, named) {
  const { Mark, Node, mergeAttributes } = tiptap;
  const chip = ({ href, title }) => {
    const target = named(href);
    return target ? { href, title: target.title, class: "chip", "data-kind": target.kind, "data-title": title } : { href, title };
  };
  const linkOf = (element) => ({
    href: element.getAttribute("href"),
    title: element.classList.contains("chip") ? element.dataset.title || null : element.getAttribute("title"),
  });

  const Link = Mark.create({
    name: "link",
    inclusive: false,
    excludes: "link",
    addAttributes: () => LINK,
    parseHTML: () => [{ tag: "a[href]", getAttrs: linkOf }],
    renderHTML: ({ mark }) => ["a", chip(mark.attrs), 0],
  });
  // A link without words of its own takes those of what it leads to.
  const EmptyLink = Node.create({
    name: "emptyLink",
    group: "inline",
    inline: true,
    atom: true,
    addAttributes: () => LINK,
    parseHTML: () => [{ tag: "a[href]", priority: 60, getAttrs: (a) => !a.textContent && linkOf(a) }],
    renderHTML: ({ node }) => ["a", mergeAttributes(chip(node.attrs), { class: "chip empty" })],
  });
  // Seen as readers see it, with what it says to those who do not; in HTML it is called as in the text, which no browser may load.
  const Picture = Node.create({
    name: "picture",
    group: "inline",
    inline: true,
    atom: true,
    draggable: true,
    addAttributes: () => ({ src: { default: "" }, alt: { default: "" }, title: { default: "" } }),
    parseHTML: () => [{ tag: 'img[src^="bild:"]' }],
    renderHTML: ({ node }) => ["img", node.attrs.title ? node.attrs : { src: node.attrs.src, alt: node.attrs.alt }],
    addNodeView: () => ({ node }) => ({ dom: shownPicture(node.attrs, named(node.attrs.src)) }),
  });
  const Callout = Node.create({
    name: "callout",
    group: "block",
    content: "block+",
    defining: true,
    addAttributes: () => ({
      kind: {
        default: "hinweis",
        parseHTML: (element) => element.className,
        renderHTML: ({ kind }) => ({ class: kind }),
      },
    }),
    parseHTML: () => [{ tag: "div.hinweis" }, { tag: "div.achtung" }],
    renderHTML: ({ HTMLAttributes }) => ["div", HTMLAttributes, 0],
  });
  // What can't be shown as it will look: the Markdown itself.
  const Source = Node.create({
    name: "source",
    group: "block",
    content: "text*",
    marks: "",
    code: true,
    defining: true,
    parseHTML: () => [{ tag: "pre.source", preserveWhitespace: "full", priority: 60 }],
    renderHTML: () => ["pre", { class: "source" }, 0],
    addKeyboardShortcuts() {
      return {
        Enter: ({ editor }) => editor.isActive("source") && editor.commands.insertContent({ type: "text", text: "\n" }),
      };
    },
  });

  // Items that stand close to each other, and those between which there is air.
  const tight = {
    default: true,
    keepOnSplit: true,
    parseHTML: (list) =>
      list.hasAttribute("data-tight") || ![...list.children].some((item) => [...item.children].some((child) => child.tagName === "P")),
    renderHTML: ({ tight }) => (tight ? { "data-tight": "" } : {}),
  };
  const list = (type, attributes) =>
    type.extend({ addAttributes: () => ({ ...attributes, tight }), addInputRules: type.config.addInputRules });
  const start = {
    default: 1,
    parseHTML: (element) => Number(element.getAttribute("start") ?? 1),
    renderHTML: ({ start }) => (start === 1 ? {} : { start }),
  };
  const align = {
    default: null,
    parseHTML: (cell) => cell.getAttribute("align"),
    renderHTML: ({ align }) => (align ? { align } : {}),
  };
  const cell = (type) => type.extend({ content: "paragraph", addAttributes: () => ({ colspan: { default: 1, rendered: false }, rowspan: { default: 1, rendered: false }, colwidth: { default: null, rendered: false }, align }) });
  const Table = tiptap.Table.extend({ renderHTML: () => ["table", ["tbody", 0]], addNodeView: null });

  return [
    tiptap.Document, tiptap.Text, tiptap.Paragraph, tiptap.Heading.configure({ levels: [1, 2, 3, 4, 5, 6] }),
    tiptap.Bold, tiptap.Italic, tiptap.Code.extend({ excludes: "" }),
    tiptap.Strike.extend({ renderHTML: () => ["del", 0] }),
    Link, EmptyLink, Picture, tiptap.HardBreak, tiptap.HorizontalRule,
    tiptap.Blockquote, tiptap.CodeBlock, Callout, Source,
    list(tiptap.BulletList, {}), list(tiptap.OrderedList, { start }), tiptap.ListItem,
    Table.configure({ resizable: false }), tiptap.TableRow, cell(tiptap.TableHeader), cell(tiptap.TableCell),
    tiptap.UndoRedo, tiptap.Dropcursor, tiptap.Gapcursor,
  ];
}
