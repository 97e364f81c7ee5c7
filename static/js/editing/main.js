// The Markdown fields of the admin.
import "./keys.js";
