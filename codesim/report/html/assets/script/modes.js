  // How a pair is shown: both sides together or each on its own, canonicalised or not, folded or not.
  const homes = new Map();  // where each list of lines stands while both scroll together

  const pane = (pair, rows, side) => {
    const found = make("div", "", { class: "pane", tabindex: "0", role: "region", "aria-label": side === "left" ? "Left file" : "Right file" });
    for (const row of rows) {
      const lists = all(".code." + side, row);
      if (!lists.length) continue;
      const part = make("div", "", { class: row.classList.contains("match") ? row.className.replace("row ", "") : "" });
      if (row.dataset.match) {
        part.dataset.match = row.dataset.match;
        const tag = make("p", "", { class: "tag" });
        tag.append(one(".badge", row).cloneNode(true), " ", one(".how", row)?.textContent ?? "goes on");
        part.append(tag);
      }
      for (const list of lists) {
        homes.get(pair).push([list, list.parentNode, list.nextSibling]);
        const run = make("div", "", { class: list.parentNode.className.replace("lines", "run") });
        run.append(list);
        part.append(run);
      }
      found.append(part);
    }
    return found;
  };
  const apart = (pair) => {
    const rows = one(".rows", pair);
    homes.set(pair, []);
    const panes = make("div", "", { class: "panes" });
    const each = all(":scope > .row", rows);
    panes.append(pane(pair, each, "left"), pane(pair, each, "right"));
    rows.hidden = true;
    rows.after(panes);
  };
  const together = (pair) => {
    for (const [list, parent, next] of homes.get(pair).reverse()) parent.insertBefore(list, next);
    homes.delete(pair);
    one(".panes", pair).remove();
    one(".rows", pair).hidden = false;
  };

  // The names of the left where the right was renamed; comments and docstrings say nothing to it.
  const canonicalise = (pair, on) => {
    const lefts = new Map(all(".name-list li", pair).map((each) => [each.dataset.k, one(".path", each).textContent]));
    for (const word of all(".code.right i[data-k]", pair)) {
      word.dataset.own ??= word.textContent;
      word.textContent = on ? lefts.get(word.dataset.k) : word.dataset.own;
    }
    one(".beside", pair).classList.toggle("as-canonical", on);
  };
  const fold = (pair, on) => { for (const run of all("details.rest", pair)) run.open = !on; };

  ready.push((pair) => {
    const heads = one(".heads", pair);
    const tools = clone("pair-tools");
    heads.prepend(tools);
    one(".together", tools).addEventListener("change", (event) => (event.target.checked ? together : apart)(pair));
    one(".canonical", tools).addEventListener("change", (event) => canonicalise(pair, event.target.checked));
    one(".folded", tools).addEventListener("change", (event) => fold(pair, event.target.checked));
    one(".next-match", tools).addEventListener("click", () => step(1, pair));
    one(".previous-match", tools).addEventListener("click", () => step(-1, pair));
    // A selection stays on the side where it began.
    pair.addEventListener("mousedown", (event) => {
      const list = event.target.closest(".code");
      const beside = one(".beside", pair);
      beside.classList.toggle("choosing-left", Boolean(list?.classList.contains("left")));
      beside.classList.toggle("choosing-right", Boolean(list?.classList.contains("right")));
    });
  });
