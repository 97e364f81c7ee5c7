// A picture for a text: pasted, dropped, uploaded or chosen, and said what one sees on it, before it is in the text.
import { blocksOf, targets } from "./blocks.js";
import { escaped as escapedWords } from "./chooser.js";
import { dialogOf } from "./dialog.js";
import { ask } from "./fields.js";
import { make } from "./form.js";

const PATIENCE = 150; // milliseconds after the last keystroke
const MARKUP = `
  <form method="dialog" novalidate>
    <h2 id="picture-title">Bild einfügen</h2>
    <div class="picture-source">
      <p><label for="picture-upload">Neues Bild (PNG, JPEG oder WebP)</label> <input id="picture-upload" type="file" accept="image/png,image/jpeg,image/webp"></p>
      <p><label for="picture-query">Oder eines, das es schon gibt: suchen</label>
        <input id="picture-query" type="search" autocomplete="off" maxlength="500"></p>
      <ul class="picture-list" aria-label="Bilder"></ul>
    </div>
    <div class="picture-facts" hidden>
      <img class="picture-preview" alt="Vorschau">
      <div>
        <p><label for="picture-description">Was sieht man darauf?</label>
          <input id="picture-description" type="text" autocomplete="off" aria-describedby="picture-help">
          <small id="picture-help">In einem Satz, für alle, die das Bild nicht sehen.</small></p>
        <p><label class="picture-decorative"><input id="picture-decorative" type="checkbox"> Nur Schmuck: Alles Wichtige steht auch im Text</label></p>
        <p><label for="picture-caption">Bildunterschrift (freiwillig)</label> <input id="picture-caption" type="text" autocomplete="off"></p>
      </div>
    </div>
    <p class="chooser-says" role="status"></p>
    <div class="chooser-ways">
      <button type="submit" hidden>Einfügen</button>
      <button type="button" data-way="back" hidden>Anderes Bild</button>
      <button type="button" data-way="leave">Abbrechen</button>
    </div>
  </form>`;

// The pictures that somebody pastes: with words beside them they are something else, a page or a part of a table.
export function picturesIn(clipboard) {
  // Looked at as text: as a document, its styles would be tried, and refused.
  const words = clipboard.getData("text/html").replace(/<(style|title)\b[\s\S]*?<\/\1>|<!--[\s\S]*?-->|<[^>]*>|&nbsp;/gi, "");
  return (clipboard.getData("text/plain") + words).trim() ? [] : pictureFiles(clipboard);
}

export const pictureFiles = ({ files }) => [...files].filter(({ type }) => type.startsWith("image/"));

// Plain words as Markdown that says them.
const escaped = (words) => escapedWords(words).replace(/&(?=#?\w+;)/g, "&amp;");
const unescaped = (markdown) => markdown.replace(/\\([!-/:-@[-`{-~])/g, "$1").replaceAll("&amp;", "&");

function written(address, description, caption) {
  const title = caption && ` "${escaped(caption).replaceAll('"', '\\"')}"`;
  return `![${escaped(description)}](${address}${title})`;
}

// The picture in which the cursor stands in a text: where it is, and what it says; undefined where there is none.
export function pictureAt({ text, start: cursor }) {
  const all = text.matchAll(/!\[((?:[^[\]\\]|\\.|\[[^[\]]*\])*)\]\((bild:[^\s()<>]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\)/g);
  for (const { index, 0: whole, 1: alt, 2: src, 3: title = "" } of all) {
    const end = index + whole.length;
    if (index < cursor && cursor < end) return { start: index, end, src, alt: unescaped(alt), title: unescaped(title) };
  }
  return undefined;
}

// Let somebody say what a picture shows. Returns its Markdown, or null.
//
// `file`: what was pasted or dropped; `there`: what the text has now, {src, alt, title}; without both a picture is chosen first.
export async function choosePicture(field, { file, there } = {}) {
  if (there) await blocksOf(field, `![](${there.src})`);
  const { dialog, part, leave, opened } = dialogOf(field, "picture-title", MARKUP, () => clearTimeout(timer));
  const [upload, query, description, decorative, caption] = ["upload", "query", "description", "decorative", "caption"].map((name) => part(`#picture-${name}`));
  const [list, says, preview, submit, back] = [".picture-list", ".chooser-says", ".picture-preview", "[type=submit]", "[data-way=back]"].map(part);
  const chosen = { file: null, target: null };
  let asked = 0;
  let timer = null;

  function stage(isChosen) {
    part(".picture-source").hidden = isChosen;
    part(".picture-facts").hidden = submit.hidden = !isChosen;
    back.hidden = !isChosen;
    says.textContent = "";
    (isChosen ? description : query).focus();
  }

  function takeFile(given) {
    Object.assign(chosen, { file: given, target: null });
    const reader = new FileReader();
    reader.addEventListener("load", () => (preview.src = reader.result));
    reader.readAsDataURL(given);
    preview.removeAttribute("width");
    preview.removeAttribute("height");
    caption.placeholder = description.placeholder = "";
    decorative.closest("p").hidden = false;
    stage(true);
  }

  // `said`: what stands in the text for it.
  function takeTarget(target, said) {
    Object.assign(chosen, { file: null, target });
    preview.src = target.src ?? "";
    [preview.width, preview.height] = target.size ?? [0, 0];
    description.value = said ? said.alt : target.description;
    description.placeholder = target.description ?? "";
    caption.value = said?.title ?? "";
    caption.placeholder = target.caption ?? "";
    decorative.checked = Boolean(target.decorative && !description.value);
    decorative.closest("p").hidden = !target.decorative;
    stage(true);
    decorate();
  }

  function decorate() {
    description.disabled = decorative.checked;
  }

  function optionOf(target) {
    const { src, size: [width, height], title, written: address } = target;
    const choice = make("button", { type: "button" }, make("img", { src, width, height, alt: "", loading: "lazy" }), make("span", {}, title), make("small", {}, address));
    choice.addEventListener("click", () => takeTarget(target));
    return make("li", {}, choice);
  }

  async function look() {
    const turn = ++asked;
    const found = await ask(field, "targets", { q: query.value, kind: "bild" }).catch((error) => ({ problem: error.message, targets: [] }));
    if (turn !== asked || !dialog.open) return;
    list.replaceChildren(...found.targets.map(optionOf));
    says.textContent = found.problem ?? (found.targets.length ? (found.targets.length === 1 ? "Ein Bild" : `${found.targets.length} Bilder`) : "Kein Bild gefunden.");
  }

  async function uploaded() {
    const data = { kind: "bild", description: decorative.checked ? "" : description.value, upload: chosen.file };
    if (decorative.checked) data.decorative = "on";
    return (await ask(field, "create", data)).target;
  }

  async function take() {
    if (submit.hidden) return;
    const words = decorative.checked ? "" : description.value.trim();
    if (!words && !decorative.checked && !chosen.target?.description) {
      says.textContent = "Bitte schreiben Sie, was man auf dem Bild sieht, oder wählen Sie „Nur Schmuck“.";
      return description.focus();
    }
    submit.disabled = true;
    says.textContent = chosen.file ? "Wird hochgeladen …" : "";
    try {
      const target = chosen.file ? await uploaded() : chosen.target;
      // What the picture says itself stands there alone: changed there, it changes in all texts.
      const own = (said, its) => (said === its ? "" : said);
      leave(written(target.written, own(words, target.description), own(caption.value.trim(), target.caption)));
    } catch (error) {
      says.textContent = error.message;
    }
    submit.disabled = false;
  }

  upload.addEventListener("change", () => upload.files[0] && takeFile(upload.files[0]));
  query.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PATIENCE);
  });
  decorative.addEventListener("change", decorate);
  preview.addEventListener("error", () => {
    // It may come late: what was said meanwhile about what somebody did is to be read.
    if (chosen.file && !says.textContent) says.textContent = "Diese Datei lässt sich nicht als Bild lesen. Bitte wählen Sie ein anderes: PNG, JPEG oder WebP.";
  });
  back.addEventListener("click", () => {
    upload.value = "";
    stage(false);
    look();
  });
  dialog.addEventListener("paste", (event) => {
    const [pasted] = picturesIn(event.clipboardData);
    if (!pasted) return;
    event.preventDefault();
    takeFile(pasted);
  });
  const answered = opened(take);
  if (file) takeFile(file);
  else if (there) {
    part("h2").textContent = "Bild ändern";
    submit.textContent = "Übernehmen";
    takeTarget({ ...targets.get(there.src), written: there.src }, there);
  } else {
    query.focus();
    look();
  }
  return answered;
}
