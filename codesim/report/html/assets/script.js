"use strict";
// Comfort only: the page holds and shows everything without this script.
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const reveal = (element) => {
    for (let at = element; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
    }
  };
  const show = (element) => {
    if (!element) return;
    reveal(element);
    element.scrollIntoView({ block: "start" });
  };

  // An address may point into a folded part.
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target) show(target);
  };
  window.addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.getAttribute("href") === location.hash) follow();
  });
  if (location.hash) follow();

  // Filter the ranked pairs.
  for (const input of all(".filter")) {
    input.hidden = false;
    const rows = all("tbody tr", input.closest("table"));
    input.addEventListener("input", () => {
      const wanted = input.value.toLowerCase();
      for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
  }

  // Fold and unfold.
  for (const keys of all(".keys")) {
    keys.hidden = false;
    const kind = keys.closest(".kind");
    keys.querySelector(".unfold").addEventListener("click", () => {
      for (const part of all(".pair, .pair .rest", kind)) if (part.tagName === "DETAILS") part.open = true;
    });
    keys.querySelector(".fold").addEventListener("click", () => {
      for (const part of all("details.rest", kind)) part.open = false;
    });
  }

  // Walk through matches (n, p) and pairs (], [). Only what is open counts for matches.
  const walk = (found, step) => {
    const top = 60;
    const tops = found.map((element) => element.getBoundingClientRect().top);
    let next = step > 0 ? tops.findIndex((y) => y > top + 4) : -1;
    if (step < 0) for (let i = 0; i < tops.length; i += 1) if (tops[i] < top - 4) next = i;
    if (next >= 0) show(found[next]);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    const visible = () => all(".pair[open] [data-match]");
    if (event.key === "n") walk(visible(), 1);
    else if (event.key === "p") walk(visible(), -1);
    else if (event.key === "]") walk(all(".pair"), 1);
    else if (event.key === "[") walk(all(".pair"), -1);
  });

  // Both sides of the match under the pointer.
  const light = (event, on) => {
    const block = event.target.closest(".moved[data-match], .row.match");
    if (!block) return;
    const pair = block.closest(".pair");
    for (const each of all("[data-match='" + Number(block.dataset.match) + "']", pair)) {
      if (each.classList.contains("moved")) each.classList.toggle("lit", on);
    }
  };
  document.addEventListener("mouseover", (event) => light(event, true));
  document.addEventListener("mouseout", (event) => light(event, false));

  // Paper shows every pair.
  window.addEventListener("beforeprint", () => {
    for (const pair of all("details.pair, details.renames")) pair.open = true;
  });
})();
