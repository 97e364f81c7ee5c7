// The Markdown fields of the admin.
import "./keys.js";
import "./paste.js";
import "./surface.js";
