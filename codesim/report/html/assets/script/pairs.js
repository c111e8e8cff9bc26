  const pairs = all(".pair");
  const ready = [];  // what is done with a pair once its text is there
  const unpacking = new Map();

  const inflate = async (packed) => {
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  };
  const unpacked = async (pair, pack) => {
    try {
      // Parsed apart from the page, and made by the same templates: nothing in it can run.
      const parsed = new DOMParser().parseFromString(await inflate(pack.textContent), "text/html");
      one(":scope > .packed", pair).replaceWith(...parsed.body.childNodes);
      pack.remove();
      for (const step of ready) step(pair);
    } catch {
      one(":scope > .packed", pair).textContent = "This browser cannot unpack the text; it is in the result file (--json).";
    }
  };
  const unpack = (pair) => {
    const pack = one(":scope > .pack", pair);
    if (pack && !unpacking.has(pair)) unpacking.set(pair, unpacked(pair, pack));
    return unpacking.get(pair) ?? Promise.resolve();
  };
  const openPair = async (pair) => {
    reveal(pair);
    await unpack(pair);
  };
  for (const pair of pairs) pair.addEventListener("toggle", () => { if (pair.open) unpack(pair); });
  for (const button of all(".open-all")) {
    button.addEventListener("click", async () => {
      for (const pair of all(".pair", button.closest(".kind"))) await openPair(pair);
    });
  }

  // An address may point into a folded or packed part.
  const follow = async () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const inside = /^p(\d+)-/.exec(id);
    const pair = inside && document.getElementById("pair-" + inside[1]);
    if (pair) await openPair(pair);
    const target = document.getElementById(id);
    if (!target) return;
    if (target.matches(".pair")) {
      leave();
      await openPair(target);
    }
    if (target.matches(".match")) await goTo(target);
    else {
      reveal(target);
      target.scrollIntoView({ block: "start" });
    }
  };
  window.addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.getAttribute("href") === location.hash) follow();
  });
