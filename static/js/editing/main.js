// The Markdown fields of the admin.
import "./keys.js";
import "./paste.js";
import "./view_switch.js";
