// The forms of the admin: sent once, nothing typed is lost, who else edits, a preview beside the text.
import "./bar.js";
import "./drafts.js";
import "./presence.js";
import "./preview.js";
import "./submitting.js";
