  // Walk through matches and pairs. The current match is remembered while it is in sight.
  const headroom = (pair) => {
    const heads = one(".heads", pair);
    return heads && getComputedStyle(heads).position === "sticky" ? heads.offsetHeight : 0;
  };
  const matchesOf = (pair) => all(".row.match[id*='-m']", pair);  // the first row of each side
  const inSight = (element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  };
  const leave = () => { for (const each of all(".match.current")) each.classList.remove("current"); };
  // The pair of the current match while that is in sight, else the one that is being read.
  const pairInSight = () => {
    const open = pairs.filter((pair) => pair.open && one(".rows", pair));
    const current = one(".match.current");
    const own = open.find((pair) => pair.contains(current));
    if (own && inSight(one(".panes", own) ?? current)) return own;
    const read = window.innerHeight * 0.4;
    const under = (pair) => pair.getBoundingClientRect().top < read && pair.getBoundingClientRect().bottom > read;
    return open.find(under) ?? open.find(inSight) ?? own ?? open[0];
  };

  // What comes into sight gets its true height only then, and moves what lies below.
  const settle = (place, times = 3) => {
    place();
    if (times > 1) requestAnimationFrame(() => settle(place, times - 1));
  };
  const goTo = async (match) => {
    const pair = match.closest(".pair");
    leave();
    match.classList.add("current");
    const panes = one(".panes", pair);
    if (panes) {
      const lead = one("[data-first][data-match='" + Number(match.dataset.match) + "']", pair) ?? match;
      for (const each of all(".pane", panes)) {
        // Where all lines of a side are those of other matches, it is found by its first line.
        const side = each.matches(":first-child") ? "left" : "right";
        const part = one("[data-match='" + Number(match.dataset.match) + "']", each) ?? lineAt(each, side, Number.parseInt(lead.dataset[side] || "1", 10));
        if (part) settle(() => { each.scrollTop += part.getBoundingClientRect().top - each.getBoundingClientRect().top; });
      }
      const { top, bottom } = panes.getBoundingClientRect();
      if (top > window.innerHeight * 0.4 || bottom < window.innerHeight * 0.5) window.scrollBy({ top: top - headroom(pair), behavior: "instant" });
    } else {
      reveal(match);
      settle(() => window.scrollBy({ top: match.getBoundingClientRect().top - headroom(pair) - 8, behavior: "instant" }));
    }
    const output = one(".at-match", pair);
    if (output) output.textContent = match.dataset.match + " of " + pair.dataset.matches;
  };

  const step = (by, pair = pairInSight()) => {
    if (!pair) return say("No pair is open.");
    const found = matchesOf(pair);
    const now = found.findIndex((row) => row.classList.contains("current"));
    let next = now < 0 && by < 0 ? -1 : now + by;
    // Each side on its own has no place on the page: there one match follows the other.
    if (!one(".panes", pair) && (now < 0 || !inSight(found[now]))) {
      const line = headroom(pair) + 12;
      const below = found.findIndex((row) => row.getBoundingClientRect().top > line);
      next = by > 0 ? below : (below < 0 ? found.length : below) - 1;
      if (by > 0 && below < 0) next = found.length;
    }
    if (found[next]) return goTo(found[next]);
    const opened = pairs.filter((each) => each.open && one(".rows", each));
    const other = opened[opened.indexOf(pair) + by];
    const there = other && matchesOf(other);
    return there?.length ? goTo(there.at(by > 0 ? 0 : -1)) : say(by > 0 ? "No further match is open." : "This is the first match.");
  };
  const stepPair = async (by) => {
    const tops = pairs.map((pair) => pair.getBoundingClientRect().top);
    const next = by > 0 ? tops.findIndex((top) => top > 16) : tops.findLastIndex((top) => top < -16);
    if (next < 0) return say(by > 0 ? "This is the last pair." : "This is the first pair.");
    await openPair(pairs[next]);
    leave();
    const top = pairs[next].getBoundingClientRect().top + window.scrollY - 8;
    window.scrollTo({ top, behavior: "instant" });
    return one("summary", pairs[next]).focus({ preventScroll: true });
  };
