"use strict";
// Comfort only: without this script the page shows all but what is packed.
(() => {
{% include "script/base.js" %}
{% include "script/tables.js" %}
{% include "script/pairs.js" %}
{% include "script/modes.js" %}
{% include "script/names.js" %}
{% include "script/walk.js" %}
{% include "script/minimap.js" %}
{% include "script/cite.js" %}
{% include "script/notes.js" %}
{% include "script/keys.js" %}
})();
