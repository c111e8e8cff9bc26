  // A name and its partner on the other side light up together, under the pointer or pinned.
  const same = (pair, number) => all("i[data-k='" + Number(number) + "'], li[data-k='" + Number(number) + "']", pair);
  const named = (pair, number) => one(".name-list li[data-k='" + Number(number) + "']", pair);

  const light = (event, on) => {
    const word = event.target.closest("[data-k]");
    const pair = word?.closest(".pair");
    if (!pair || named(pair, word.dataset.k)?.getAttribute("aria-pressed") === "true") return;
    if (on && word.tagName === "I") word.title = named(pair, word.dataset.k).textContent;
    for (const each of same(pair, word.dataset.k)) each.classList.toggle("lit", on);
  };
  for (const name of ["mouseover", "focusin"]) document.addEventListener(name, (event) => light(event, true));
  for (const name of ["mouseout", "focusout"]) document.addEventListener(name, (event) => light(event, false));

  ready.push((pair) => {
    for (const each of all(".name-list li", pair)) {
      each.setAttribute("role", "button");
      each.setAttribute("tabindex", "0");
      each.setAttribute("aria-pressed", "false");
      const pin = () => {
        const on = each.getAttribute("aria-pressed") !== "true";
        each.setAttribute("aria-pressed", String(on));
        for (const word of same(pair, each.dataset.k)) word.classList.toggle("lit", on);
      };
      each.addEventListener("click", pin);
      each.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        pin();
      });
    }
    one(".name-list", pair)?.setAttribute("role", "group");
    one(".name-list", pair)?.setAttribute("aria-label", "Names that stand for each other");
  });
