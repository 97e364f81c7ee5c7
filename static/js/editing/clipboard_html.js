// The HTML on the clipboard, where it says more than the text beside it.

// What HTML says beyond its words: paragraphs, lists, tables, links, emphasis.
const SAYS_MORE =
  /<(?:p|div|br|h[1-6]|ul|ol|li|table|blockquote|pre|code|a|b|strong|i|em|s|strike|del|img|sup|sub)\b|font-weight:\s*(?:bold|[6-9]00)|font-style:\s*italic|line-through/i;
// Editors of plain text copy their colours along; what they mean is the text.
const OF_A_TEXT_EDITOR =
  /^\s*(?:<html>\s*<body>\s*)?(?:<!--StartFragment-->)?\s*(?:<meta[^>]*>)?\s*<(?:div|span)[^>]*(?:white-space:\s*pre\s*[;"']|monospace)/i;
// Pictures within the HTML itself: megabytes that would be sent for nothing.
const PICTURES = /(src\s*=\s*)("|')data:[^"']*\2/gi;

// The HTML that says more than the text beside it, or "".
export function worthHtml(clipboard) {
  const html = clipboard.getData("text/html").replace(PICTURES, "$1$2$2");
  const ofTextEditor = clipboard.types.includes("vscode-editor-data") || OF_A_TEXT_EDITOR.test(html);
  return !ofTextEditor && SAYS_MORE.test(html) ? html : "";
}
