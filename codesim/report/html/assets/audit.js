"use strict";
// Comfort only: without this script the page shows everything, unsorted and unfiltered.
(() => {
{% include "script/base.js" %}
{% include "script/tables.js" %}
{% include "script/audit.js" %}
})();
