  // Every row is shown that passes all the tests of its table.
  const tests = new Map();
  const sift = (table) => {
    const wanted = Array.from(tests.get(table).values());
    for (const row of table.tBodies[0].rows) row.hidden = !wanted.every((test) => test(row));
  };
  const sieve = (table, name, test) => {
    if (!tests.has(table)) tests.set(table, new Map());
    tests.get(table).set(name, test);
    sift(table);
  };
  const tableAfter = (control) => {
    for (let at = control.closest(".controls") || control; at; at = at.nextElementSibling) {
      const table = at.matches(".scroll") && one("table", at);
      if (table) return table;
    }
    return null;
  };

  for (const input of all(".filter")) {
    const table = tableAfter(input);
    input.addEventListener("input", () => {
      const wanted = input.value.toLowerCase();
      sieve(table, "filter", (row) => (row.dataset.find ?? row.textContent).toLowerCase().includes(wanted));
    });
  }
  for (const label of all(".slider")) {
    const table = tableAfter(label);
    const input = one("input", label);
    input.addEventListener("input", () => {
      one("output", label).textContent = input.value + "\u00a0%";
      sieve(table, "least", (row) => Number(row.dataset.score) * 100 >= Number(input.value));
    });
  }
  for (const count of all(".state-count")) {
    const group = count.closest("details");
    const button = make("button", "", { type: "button", class: "state-button", "aria-pressed": "false" });
    button.append(...count.childNodes);
    count.append(button);
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      for (const each of all(".state-button", group)) each.setAttribute("aria-pressed", String(on && each === button));
      const state = (row) => one("td.state", row)?.textContent.trim();
      sieve(one(".sortable", group), "state", (row) => !on || state(row) === count.dataset.state);
    });
  }

  // A browser fills in what was chosen before the page was left, and tells nobody.
  window.addEventListener("pageshow", () => {
    for (const control of all(".controls input, .controls select")) {
      if (control.value !== "" && control.value !== "0") control.dispatchEvent(new Event("input"));
    }
  });

  const order = (table, index, down) => {
    const value = (row) => row.cells[index].dataset.value ?? row.cells[index].textContent.trim();
    const compare = (a, b) => {
      const [x, y] = [value(a), value(b)];
      const numbers = x !== "" && y !== "" && !Number.isNaN(Number(x) + Number(y));
      return numbers ? Number(x) - Number(y) : x.localeCompare(y, "en", { numeric: true });
    };
    const rows = Array.from(table.tBodies[0].rows);
    table.tBodies[0].append(...rows.sort((a, b) => (down ? compare(b, a) : compare(a, b))));
  };
  const sortable = (table) => {
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach((head, index) => {
      const button = make("button", head.textContent, { type: "button" });
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const each of heads) each.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        order(table, index, down);
      });
    });
  };
  for (const table of all("table.sortable")) sortable(table);
