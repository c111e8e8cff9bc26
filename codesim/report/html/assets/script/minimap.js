  // Where in both files the window stands, and a click to go elsewhere.
  const linesIn = (list) => all("li:not(.gap)", list);
  const lineAt = (root, side, line) => {
    const lists = all(".code." + side, root);
    const list = lists.filter((each) => each.start <= line).at(-1) ?? lists[0];
    reveal(list);
    return linesIn(list)[Math.min(Math.max(line - list.start, 0), linesIn(list).length - 1)];
  };
  const frame = (pair) => {
    const views = all(".minimap .view", pair);
    if (!views.length || !inSight(pair)) return;
    ["left", "right"].forEach((side, index) => {
      const lists = all(".code." + side, pair);
      const last = lists.at(-1);
      if (!last) return;
      const total = last.start + last.childElementCount;
      // Of a section out of sight only the outside is asked: to ask for more would lay it out.
      const seen = lists.filter((list) => list.parentNode.offsetParent && inSight(list.parentNode));
      if (!seen.length) return views[index].setAttribute("height", "0");
      const line = (list, y) => {
        const box = list.parentNode.getBoundingClientRect();
        const share = Math.min(Math.max((y - box.top) / (box.height || 1), 0), 1);
        return list.start + share * list.childElementCount;
      };
      const [top, foot] = [line(seen[0], headroom(pair)), line(seen.at(-1), window.innerHeight)];
      views[index].setAttribute("y", String(1000 * (top - 1) / total));
      views[index].setAttribute("height", String(Math.max(1000 * (foot - top) / total, 2)));
      return undefined;
    });
  };
  let waiting = 0;
  const frames = () => {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      for (const pair of pairs) if (pair.open) frame(pair);
    });
  };
  for (const name of ["scroll", "resize"]) window.addEventListener(name, frames, { passive: true });

  ready.push((pair) => {
    one(".minimap", pair).addEventListener("click", (event) => {
      const box = event.currentTarget.getBoundingClientRect();
      const side = event.clientX - box.left < box.width / 2 ? "left" : "right";
      const lists = all(".code." + side, pair);
      const last = lists.at(-1);
      if (!last) return;
      const line = 1 + Math.floor((event.clientY - box.top) / box.height * (last.start + last.childElementCount - 1));
      lineAt(pair, side, line).scrollIntoView({ block: "center", behavior: "instant" });
    });
    frame(pair);
  });
