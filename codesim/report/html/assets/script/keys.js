  // Single keys, which can be turned off (WCAG 2.1.4), and the list of them.
  const help = one("dialog.help");
  const keysOn = one(".keys-on", help);
  keysOn.checked = recall("codesim-keys") !== "off";
  keysOn.addEventListener("change", () => keep("codesim-keys", keysOn.checked ? "on" : "off"));
  for (const button of all(".help-button")) button.addEventListener("click", () => help.showModal());

  const press = (control) => {
    const pair = pairInSight();
    if (pair) one(control, pair)?.click();
    else say("No pair is open.");
  };
  const filter = () => {
    const near = all(".controls .filter").findLast((each) => each.getBoundingClientRect().top < window.innerHeight) ?? one(".controls .filter");
    near?.focus();
  };
  const KEYS = {
    n: () => step(1), p: () => step(-1), "]": () => stepPair(1), "[": () => stepPair(-1),
    "/": filter, c: cite, s: () => press(".together"), a: () => press(".canonical"),
    f: () => press(".folded"), "?": () => help.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
    if (event.target.closest("textarea, select, input:not([type='checkbox'], [type='radio'])")) return;
    if (!Object.hasOwn(KEYS, event.key) || (!keysOn.checked && event.key !== "?")) return;
    event.preventDefault();
    KEYS[event.key]();
  });

  for (const pair of pairs) if (one(".beside", pair)) for (const part of ready) part(pair);
  if (location.hash) follow();
