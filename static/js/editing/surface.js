// A Markdown field as it will look. The field stays the truth: what is changed here is written into it, block by block, by the server.
import { blocksOf, elementsOf, targets } from "./blocks.js";
import { ask, say } from "./fields.js";
import { converted, drop, insertPictures, outcome } from "./paste.js";
import { picturesIn } from "./picture.js";
import { extensions } from "./schema.js";
import { signature } from "./signature.js";
import { tableTools } from "./table_tools.js";
import * as unwritten from "./unwritten.js";

const PAUSE = 400; // milliseconds without typing after which the field is written

// A document that is shown nowhere: what its pictures are called is no address that a browser could load.
const inert = document.implementation.createHTMLDocument("");

let library;

async function tiptap() {
  library ??= import("../../django_prose_editor/editor.js");
  return library;
}

// The innermost callout around a selection, and where its content begins.
function calloutAt({ $from }) {
  let depth = $from.depth;
  while ($from.node(depth).type.name !== "callout") depth--;
  return { node: $from.node(depth), start: $from.start(depth) };
}

// What stands in a line, as Markdown: the words of a link.
function markdownOf(content) {
  const signs = { bold: "**", italic: "*", strike: "~~" };
  let text = "";
  content.descendants((node) => {
    const marks = node.marks.map(({ type }) => type.name);
    if (!node.isText) return true;
    if (marks.includes("code")) text += `\`${node.text}\``;
    else {
      const around = marks.map((mark) => signs[mark] ?? "");
      text += around.join("") + node.text.replace(/[\\`*_[\]~<]/g, "\\$&") + around.reverse().join("");
    }
    return true;
  });
  return text;
}

const isPicture = (block) => block.type.name === "paragraph" && block.childCount === 1 && block.firstChild.type.name === "picture";

export class Surface {
  below = 0;

  // `giveUp()` is called where the view can't go on: then the field itself has to be shown.
  static async of(field, giveUp) {
    for (;;) {
      const text = field.value;
      const [library, blocks] = await Promise.all([tiptap(), blocksOf(field, text)]);
      if (field.value === text) return new Surface(field, library, blocks, giveUp);
    }
  }

  constructor(field, library, blocks, giveUp) {
    Object.assign(this, { field, library, giveUp, base: field.value, lines: blocks.map(({ line }) => line) });
    this.element = document.createElement("div");
    this.element.className = "surface";
    this.editor = new library.Editor({
      element: this.element,
      injectCSS: false,
      extensions: [...extensions(library, (href) => targets.get(href)), this.keys()],
      editorProps: { attributes: this.attributes(), handleTextInput: (...input) => this.typed(...input), handlePaste: (view, event, slice) => this.pastedPicture(view, slice), handleDOMEvents: { paste: (view, event) => this.pasted(event), drop: (view, event) => this.dropped(view, event), dblclick: () => this.changePicture() } },
    });
    this.show(blocks);
    this.editor.on("transaction", ({ transaction }) => {
      if (transaction.docChanged && !transaction.getMeta("shown")) this.changed();
      field.dispatchEvent(new Event("view:changed"));
    });
    this.tools = tableTools(this.editor);
    // Tab nests and moves between cells; after Escape it leaves the text.
    let leaving = false;
    this.editor.view.dom.addEventListener(
      "keydown",
      (event) => {
        if (event.key === "Tab" && leaving) event.stopImmediatePropagation();
        if (event.key !== "Shift") leaving = event.key === "Escape";
      },
      { capture: true },
    );
    field.addEventListener("text:set", (this.reload = () => this.reshow()));
  }

  attributes() {
    const label = document.querySelector(`label[for="${this.field.id}"]`)?.textContent.replace(/:\s*$/, "") ?? "Text";
    return {
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": `${label}, wie er aussehen wird`,
      ...(this.field.getAttribute("aria-describedby") && { "aria-describedby": this.field.getAttribute("aria-describedby") }),
    };
  }

  keys() {
    return this.library.Extension.create({
      name: "keysOfTheSurface",
      priority: 1000,
      addKeyboardShortcuts: () => ({
        Tab: () => this.inList() && (this.editor.commands.sinkListItem("listItem") || true),
        "Shift-Tab": () => this.inList() && (this.editor.commands.liftListItem("listItem") || true),
        Enter: () => this.changePicture() || (this.editor.isActive("table") && this.tools.nextRow()),
        "Mod-k": () => this.field.dispatchEvent(new Event("view:link")),
        "Shift-Enter": () => this.editor.isActive("table"),
      }),
    });
  }

  inList() {
    return this.editor.isActive("listItem") && !this.editor.isActive("table");
  }

  // What is shown

  show(blocks) {
    const { schema } = this.editor;
    this.originals = blocks.map((block) => this.nodeOf(block));
    const nodes = this.originals.length ? this.originals : [schema.nodes.paragraph.create()];
    const content = this.library.pm.model.Fragment.fromArray(nodes);
    const { state } = this.editor;
    this.editor.view.dispatch(
      state.tr.replaceWith(0, state.doc.content.size, content).setMeta("addToHistory", false).setMeta("shown", true),
    );
    // ProseMirror fills in what its schema asks for: what is there now is what nobody has touched.
    this.originals = blocks.length ? this.nodes() : [];
  }

  nodeOf({ html, source }) {
    const { schema } = this.editor;
    if (html !== null) {
      const [element, ...more] = elementsOf(html);
      const parsed = element && !more.length ? this.parsed([element]) : null;
      if (parsed?.childCount === 1 && signature(elementsOf(this.htmlOf(parsed.firstChild))) === signature([element])) {
        return parsed.firstChild;
      }
    }
    return schema.nodes.source.create(null, source ? schema.text(source) : null);
  }

  parsed(elements) {
    const box = inert.createElement("div");
    box.append(...elements.map((element) => element.cloneNode(true)));
    return this.library.pm.model.DOMParser.fromSchema(this.editor.schema).parse(box).content;
  }

  htmlOf(node) {
    const serializer = this.library.pm.model.DOMSerializer.fromSchema(this.editor.schema);
    const box = inert.createElement("div");
    box.append(serializer.serializeNode(node, { document: inert }));
    for (const chip of box.querySelectorAll("a.chip")) {
      chip.title = chip.dataset.title ?? "";
      for (const name of ["class", "data-kind", "data-title", ...(chip.title ? [] : ["title"])]) chip.removeAttribute(name);
    }
    return box.innerHTML;
  }

  nodes() {
    return Array.from({ length: this.editor.state.doc.childCount }, (_, i) => this.editor.state.doc.child(i));
  }

  async reshow() {
    clearTimeout(this.timer);
    const text = this.field.value;
    Object.assign(this, { base: text, dirty: false });
    this.editor.setEditable(false, false); // what would be typed is of another text
    try {
      const blocks = await blocksOf(this.field, text);
      if (this.base !== text) return;
      this.lines = blocks.map(({ line }) => line);
      this.show(blocks);
      this.editor.setEditable(true, false);
    } catch (error) {
      this.giveUp();
      say(this.field, error.message);
    }
  }

  // What is written

  changed() {
    clearTimeout(this.timer);
    this.dirty = true;
    this.timer = setTimeout(() => this.write().catch((error) => say(this.field, error.message)), PAUSE);
  }

  // Write into the field what is shown; throws an Error where that can't be done.
  async write() {
    clearTimeout(this.timer);
    await this.pasting;
    await this.inserting?.catch(() => {}); // who asked for it hears of it
    while (this.writing) await this.writing.catch(() => {});
    if (!this.dirty) return;
    this.keep();
    this.dirty = false;
    const { base } = this;
    this.writing = ask(this.field, "written", { view: this.unwritten() });
    try {
      const { text, lines } = await this.writing;
      if (this.hasFailed) say(this.field, "");
      this.hasFailed = false;
      unwritten.forget(this.field);
      if (this.base !== base) return; // a script has set another text
      this.lines = lines;
      if (text !== this.field.value) {
        this.field.value = text;
        this.field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    } catch (error) {
      this.dirty = this.hasFailed = true;
      throw error;
    } finally {
      this.writing = null;
    }
    await this.write(); // what was typed meanwhile
  }

  // Whether the view shows what its field has not got yet.
  get isAhead() {
    return Boolean(this.dirty || this.writing);
  }

  keep() {
    if (this.isAhead && this.field.isConnected) unwritten.keep(this.field, this.unwritten());
  }

  unwritten() {
    return JSON.stringify({ text: this.base, parts: this.parts() });
  }

  // The blocks in their order: those that nobody touched by number, the others as HTML, or as Markdown.
  parts() {
    const left = new Map(this.originals.map((node, i) => [node, i]));
    const nodes = this.nodes(), taken = nodes.map((node) => left.get(node) ?? null);
    return nodes.map((node, i) => {
      const kept = taken[i];
      if (kept !== null) return { block: kept };
      // What stands where one is missing is what became of it.
      const before = taken.slice(0, i).findLast((block) => block !== null) ?? -1;
      const start = taken.slice(0, i).lastIndexOf(before === -1 ? undefined : before);
      const guess = before + (i - start), next = taken.slice(i).find((block) => block !== null) ?? this.originals.length;
      const block = guess < next ? guess : null;
      return node.type.name === "source" ? { block, source: node.textContent } : { block, html: this.htmlOf(node) };
    });
  }

  // What others ask of it: see fields.js

  // `line`: of the field's text; the block that holds it gets the cursor.
  focus(line) {
    if (!line) return this.editor.view.focus();
    const block = Math.max(this.lines.findLastIndex((first) => first <= line), 0);
    let position = 1;
    for (let i = 0; i < block; i++) position += this.editor.state.doc.child(i).nodeSize;
    return this.editor.chain().focus().setTextSelection(position).scrollIntoView().run();
  }

  // The link in which the cursor stands, selected, or what is selected: words (Markdown), and where it leads.
  link() {
    if (this.editor.isActive("link")) this.editor.commands.extendMarkRange("link");
    const { from, to, node } = this.editor.state.selection;
    const target = node?.type.name === "emptyLink" ? node.attrs.href : (this.editor.getAttributes("link").href ?? "");
    return { label: markdownOf(this.editor.state.doc.slice(from, to).content), target };
  }

  // The picture that is selected, or undefined.
  picture() {
    const { node } = this.editor.state.selection;
    return node?.type.name === "picture" ? node.attrs : undefined;
  }

  changePicture() {
    if (!this.picture()) return false;
    queueMicrotask(() => this.field.dispatchEvent(new Event("view:picture")));
    return true;
  }

  // One that was cut gets a paragraph of its own again, but between words.
  pastedPicture(view, { content }) {
    const { state } = view;
    const { firstChild: node, childCount } = content, { $from } = state.selection;
    const picture = node && isPicture(node) ? node.firstChild : node;
    const isBetween = $from.parentOffset > 0 && $from.parentOffset < $from.parent.content.size;
    if (childCount !== 1 || picture.type.name !== "picture" || isBetween || !this.hasWords($from.pos)) return false;
    const { Fragment, Slice } = this.library.pm.model;
    view.dispatch(state.tr.replaceSelection(new Slice(Fragment.from(state.schema.nodes.paragraph.create(null, picture)), 0, 0)).scrollIntoView());
    return true;
  }

  // Whether a picture would stand beside words here, which it need not.
  hasWords(position) {
    const { parent } = this.editor.state.doc.resolve(position);
    return parent.content.size > 0 && !this.picture() && !this.editor.isActive("table");
  }

  type(text) {
    if (text) this.editor.view.dispatch(this.editor.state.tr.insertText(text));
  }

  removeBefore(length) {
    const { tr, selection } = this.editor.state;
    this.editor.view.dispatch(tr.delete(selection.from - length, selection.from));
  }

  insert(markdown) {
    this.inserting = this.put(markdown);
    return this.inserting;
  }

  async put(markdown) {
    // What is typed until the answer is there stands behind it.
    let { from, to } = this.editor.state.selection;
    const follow = ({ transaction: { mapping } }) => ([from, to] = [mapping.map(from, -1), mapping.map(to, -1)]);
    this.editor.on("transaction", follow);
    const blocks = await blocksOf(this.field, markdown).finally(() => this.editor.off("transaction", follow));
    const content = this.library.pm.model.Fragment.fromArray(blocks.map((block) => this.nodeOf(block)));
    const { state, view } = this.editor, { tr, selection } = state;
    const lone = content.childCount === 1 && content.firstChild.type.name === "paragraph" && !(isPicture(content.firstChild) && this.hasWords(from));
    const slice = new this.library.pm.model.Slice(content, lone ? 1 : 0, lone ? 1 : 0);
    const isThere = selection.from === from && selection.to === to;
    view.dispatch((isThere ? tr.replaceSelection(slice) : tr.replaceRange(from, to, slice)).scrollIntoView());
    this.focus();
  }

  // "/" where a word may begin opens the chooser.
  typed(view, from, to, text) {
    const before = view.state.doc.textBetween(view.state.doc.resolve(from).start(), from, "\n", "\ufffc");
    if (text === "/" && /(?:^|\s)$/.test(before) && !this.inCode()) {
      queueMicrotask(() => this.field.dispatchEvent(new Event("view:slash"))); // once it is there
    }
    const { parent, parentOffset } = view.state.doc.resolve(from);
    if (from !== to || !isPicture(parent) || !parentOffset || this.editor.isActive("table")) return false;
    view.dispatch(view.state.tr.split(from).insertText(text)); // behind a picture the text goes on in a paragraph of its own
    return true;
  }

  // What was copied elsewhere becomes Markdown first; what was copied here, and plain text, the editor knows itself.
  // Asked before the editor looks at the HTML, which would apply its styles.
  pasted(event) {
    const { clipboardData: clipboard } = event;
    const pictures = this.inCode() ? [] : picturesIn(clipboard);
    if (pictures.length) {
      event.preventDefault();
      insertPictures(this.field, pictures).catch((error) => say(this.field, error.message));
      return true;
    }
    const html = clipboard.getData("text/html");
    const isPlain = !html && !clipboard.getData("text/plain").includes("\t");
    if (isPlain || html.includes("data-pm-slice") || this.inCode()) return false;
    event.preventDefault();
    this.pasting = this.paste(clipboard);
    return true;
  }

  // Not what is moved within the text: that the editor knows itself.
  dropped(view, event) {
    const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
    return !view.dragging && drop(this.field, event, () => at && this.editor.commands.setTextSelection(at.pos));
  }

  async paste(clipboard) {
    const plain = clipboard.getData("text/plain");
    this.editor.setEditable(false, false);
    say(this.field, "Wird eingefügt …");
    let found = null;
    try {
      found = await converted(this.field, clipboard);
      if (found) await this.insert(found.text);
    } catch (error) {
      found = { problem: error.message };
    }
    this.editor.setEditable(true, false);
    if (!found || found.problem) this.editor.view.pasteText(plain);
    this.focus();
    say(this.field, found ? outcome(found) : "");
  }

  inCode() {
    return ["code", "codeBlock", "source"].some((name) => this.editor.isActive(name));
  }

  isActive(command) {
    const active = {
      heading2: () => this.editor.isActive("heading", { level: 2 + this.below }),
      heading3: () => this.editor.isActive("heading", { level: 3 + this.below }),
      list: () => this.editor.isActive("bulletList"),
      numbered: () => this.editor.isActive("orderedList"),
      quote: () => this.editor.isActive("blockquote"),
      codeblock: () => this.editor.isActive("codeBlock"),
      hinweis: () => this.editor.isActive("callout", { kind: "hinweis" }),
      achtung: () => this.editor.isActive("callout", { kind: "achtung" }),
    };
    return (active[command] ?? (() => this.editor.isActive(command)))();
  }

  // `below`: how many levels down headings begin.
  run(command, below = 0) {
    this.below = below;
    const chain = () => this.editor.chain().focus();
    const run = {
      bold: () => chain().toggleBold().run(),
      italic: () => chain().toggleItalic().run(),
      strike: () => chain().toggleStrike().run(),
      code: () => chain().toggleCode().run(),
      heading2: () => chain().toggleHeading({ level: 2 + below }).run(),
      heading3: () => chain().toggleHeading({ level: 3 + below }).run(),
      list: () => chain().toggleBulletList().run(),
      numbered: () => chain().toggleOrderedList().run(),
      quote: () => chain().toggleBlockquote().run(),
      codeblock: () => chain().toggleCodeBlock().run(),
      hinweis: () => this.toggleCallout("hinweis"),
      achtung: () => this.toggleCallout("achtung"),
      table: () => chain().insertTable({ rows: 3, cols: 2, withHeaderRow: true }).run(),
      undo: () => chain().undo().run(),
      redo: () => chain().redo().run(),
    };
    return run[command]?.();
  }

  // A callout's first words say in bold what it is.
  toggleCallout(kind) {
    const chain = this.editor.chain().focus();
    if (!this.editor.isActive("callout")) {
      return chain
        .wrapIn("callout", { kind })
        .command(({ tr }) => Boolean(tr.insert(calloutAt(tr.selection).start, this.titleOf(kind))))
        .run();
    }
    return chain
      .command(({ tr }) => {
        const { node, start } = calloutAt(tr.selection), title = this.titleOf(node.attrs.kind);
        const hasTitle = node.childCount > 1 && node.firstChild.eq(title);
        if (node.attrs.kind !== kind) {
          tr.setNodeAttribute(start - 1, "kind", kind);
          if (hasTitle) tr.replaceWith(start, start + title.nodeSize, this.titleOf(kind));
        } else {
          const content = hasTitle ? node.content.cut(title.nodeSize) : node.content;
          tr.replaceWith(start - 1, start - 1 + node.nodeSize, content);
        }
        return true;
      })
      .run();
  }

  titleOf(kind) {
    const { schema } = this.editor;
    return schema.nodes.paragraph.create(null, schema.text(kind[0].toUpperCase() + kind.slice(1), [schema.marks.bold.create()]));
  }

  close() {
    this.field.removeEventListener("text:set", this.reload);
    this.editor.destroy();
    this.element.remove();
    this.tools.element.remove();
  }
}
