  // Pairs of at least so much, of one kind; a line in the pictures shows where the slider stands.
  const listed = one("table.pairs");
  const rows = listed ? Array.from(listed.tBodies[0].rows) : [];
  const SVG = "http://www.w3.org/2000/svg";
  const shown = one(".shown-pairs");
  const tell = () => {
    const left = rows.filter((row) => !row.hidden).length;
    shown.textContent = left === rows.length ? left + (left === 1 ? " pair" : " pairs") : left + " of " + rows.length + " pairs";
  };
  const onChange = (control, name, test) => {
    control.addEventListener("input", () => {
      sieve(listed, name, test(control.value));
      tell();
    });
  };
  const marker = (chart) => {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("class", "threshold");
    chart.append(line);
    return line;
  };

  if (listed) {
    one("#pairs .filter").addEventListener("input", tell);
    onChange(one(".least-strength"), "strength", (value) => (row) => Number(row.dataset.strength) >= Number(value));
    onChange(one(".by-kind"), "kind", (value) => (row) => value === "" || row.dataset.kinds.split(",").includes(value));
    const slider = one(".score-slider");
    if (slider) {
      const input = one("input", slider);
      const lines = all(".score-charts .histogram").map(marker);
      const [left, right, top, foot] = {{ [HISTOGRAM.left, HISTOGRAM.right, HISTOGRAM.top, HISTOGRAM.foot] }};
      const [low, high] = [Number(slider.dataset.low), Number(slider.dataset.high)];
      onChange(input, "score", (value) => {
        const share = Number(value) / 100;
        const least = share ? Number((low * (high / low) ** share).toPrecision(3)) : 0;
        one("output", slider).textContent = least.toLocaleString("en");
        input.setAttribute("aria-valuetext", String(least));
        for (const line of lines) line.setAttribute("d", "M" + (left + (right - left) * share) + " " + (top - 8) + "V" + foot);
        return (row) => Number(row.dataset.score) >= least;
      });
    }
  }

  // An address may point into a folded part, or to a row that is filtered away.
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.matches("tr[hidden]")) {
      target.hidden = false;
      tell();
    }
    reveal(target);
    target.scrollIntoView({ block: "start" });
  };
  window.addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.getAttribute("href") === location.hash) follow();
  });
  if (location.hash) follow();

  // Paper shows everything that can be opened.
  window.addEventListener("beforeprint", () => {
    for (const part of all("details.submission, details.table")) part.open = true;
  });
