// The blocks of texts as the server shows them, and what the portal's links in them lead to.
import { ask } from "./fields.js";

// By how a link is written: {kind, title}.
export const targets = new Map();

// The blocks of several texts are asked for together, one request after the other.
const AT_ONCE = 100;
const waiting = [];
let asking = false;

// The blocks of a field's text: {html, source, line}, html null for one that is refused. Throws an Error that can be shown.
export function blocksOf(field, text) {
  return new Promise((resolve, reject) => {
    waiting.push({ field, text, resolve, reject });
    if (!asking) askForBlocks();
  });
}

async function askForBlocks() {
  asking = true;
  await null; // those that come in the same moment go along
  while (waiting.length) {
    const batch = waiting.splice(0, AT_ONCE);
    try {
      const answer = await ask(batch[0].field, "shown", { texts: JSON.stringify(batch.map(({ text }) => text)) });
      for (const [written, target] of Object.entries(answer.targets)) targets.set(written, target);
      batch.forEach(({ resolve }, i) => resolve(answer.texts[i]));
    } catch (error) {
      batch.forEach(({ reject }) => reject(error));
    }
  }
  asking = false;
}

export function elementsOf(html) {
  return [...new DOMParser().parseFromString(html, "text/html").body.children];
}
