  // Notes per match: they stay in this browser and never change the evidence.
  const section = one("#notes");
  const place = "codesim-notes-" + section.dataset.result;
  const JUDGEMENTS = ["", "confirmed", "dismissed"];
  const isText = (value) => typeof value === "string";
  const isSide = (side) => side && isText(side.path) && isText(side.lines);
  const isNote = (note) => note && isText(note.kind) && isSide(note.left) && isSide(note.right) && JUDGEMENTS.includes(note.judgement) && isText(note.comment);
  const keyOf = (note) => JSON.stringify([note.kind, note.left.path, note.left.lines, note.right.path, note.right.lines]);
  const notes = new Map();
  const remember = (found) => { for (const note of found) notes.set(keyOf(note), note); };
  // Another page of this report may have changed what is stored: it is read before each change.
  const load = () => {
    notes.clear();
    try { remember(JSON.parse(recall(place) ?? "[]").filter(isNote)); } catch { /* Not ours. */ }
  };
  load();

  const noteOf = (row) => {
    const pair = row.closest(".pair");
    const left = { path: pair.dataset.leftPath, lines: row.dataset.left };
    const right = { path: pair.dataset.rightPath, lines: row.dataset.right };
    const blank = { kind: pair.dataset.kind, left, right, judgement: "", comment: "" };
    return notes.get(keyOf(blank)) ?? blank;
  };
  const summary = (note) => [note.judgement, note.comment].filter(Boolean).map(visible).join(": ");
  const showNote = (row) => {
    const head = one(".row-head", row);
    const text = summary(noteOf(row));
    one(".noted", head)?.remove();
    if (text) head.insertBefore(make("p", "Note: " + text, { class: "noted" }), one(".note-form", head));
  };
  const listNotes = () => {
    const found = Array.from(notes.values());
    section.classList.toggle("has-notes", found.length > 0);
    const body = one("tbody", section);
    body.replaceChildren(...found.map((note) => {
      const row = make("tr");
      const head = make("th", "", { scope: "row" });
      const pair = pairs.find((each) => each.dataset.kind === note.kind && each.dataset.leftPath === note.left.path && each.dataset.rightPath === note.right.path);
      for (const side of [note.left, note.right]) head.append(make("span", visible(side.path + (side.lines && ":" + side.lines)), { class: "path" }));
      if (pair) head.append(make("a", "to the pair", { href: "#" + pair.id }));
      row.append(head, make("td", note.judgement || "open"), make("td", visible(note.comment)));
      return row;
    }));
    one(".scroll", section).hidden = !found.length;
    const number = (judgement) => found.filter((note) => note.judgement === judgement).length;
    one(".note-count", section).textContent = found.length
      ? found.length + (found.length === 1 ? " note: " : " notes: ") + number("confirmed") + " confirmed, " + number("dismissed") + " dismissed, " + number("") + " open."
      : "No notes yet.";
  };
  const store = () => {
    if (!keep(place, JSON.stringify(Array.from(notes.values())))) say("This browser keeps nothing: export the notes before you close the page.");
  };
  const showAll = () => [listNotes(), ...all(".match[data-first]").map(showNote)];
  window.addEventListener("storage", (event) => { if (event.key === place || event.key === null) { load(); showAll(); } });
  const changed = (row, change) => {
    load();
    const note = { ...noteOf(row), ...change };
    if (note.judgement || note.comment) notes.set(keyOf(note), note);
    else notes.delete(keyOf(note));
    store();
    showAll();
  };
  const openForm = (row, button) => {
    const open = one(".note-form", row);
    button.setAttribute("aria-expanded", String(!open));
    if (open) return open.remove();
    const form = clone("note-form");
    const note = noteOf(row);
    for (const choice of all("input", form)) {
      choice.name = "judgement-" + row.id;
      choice.checked = choice.value === note.judgement;
      choice.addEventListener("change", () => changed(row, { judgement: choice.value }));
    }
    const area = one("textarea", form);
    area.value = note.comment;
    area.addEventListener("input", () => changed(row, { comment: area.value }));
    one(".row-head", row).append(form);
    return one("input:checked", form).focus();
  };

  const exported = () => JSON.stringify({
    schema: "codesim/notes/1", result_sha256: section.dataset.result,
    left: section.dataset.left, right: section.dataset.right, notes: Array.from(notes.values()),
  }, null, 1) + "\n";
  one(".export-notes", section).addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([exported()], { type: "application/json" }));
    make("a", "", { href: address, download: "codesim-notes.json" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  });
  const imported = (text) => {
    let data = null;
    try { data = JSON.parse(text); } catch { return "That file is not JSON. Choose one that was exported here."; }
    if (data?.schema !== "codesim/notes/1" || !Array.isArray(data.notes)) return "That file holds no notes of codesim.";
    const good = data.notes.filter(isNote);
    load();
    remember(good.map(({ kind, left, right, judgement, comment }) => ({ kind, left: { path: left.path, lines: left.lines }, right: { path: right.path, lines: right.lines }, judgement, comment })));
    store();
    showAll();
    const bad = data.notes.length - good.length;
    const other = data.result_sha256 === section.dataset.result ? "" : " They were made on another result: check that they still fit.";
    return "Imported " + good.length + (good.length === 1 ? " note." : " notes.") + (bad ? " " + bad + " could not be read." : "") + other;
  };
  one(".import-notes input", section).addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) say(imported(await file.text()));
    event.target.value = "";
  });
  one(".clear-notes", section).addEventListener("click", () => {
    if (!confirm("Delete all notes on this result? This cannot be undone; an export keeps them.")) return;
    for (const open of all(".note-button[aria-expanded='true']")) open.click();
    notes.clear();
    store();
    showAll();
    say("All notes are deleted.");
  });
  listNotes();

  ready.push((pair) => {
    for (const row of all(".match[data-first]", pair)) {
      const tools = clone("match-tools");
      const number = row.dataset.match;
      one(".row-head", row).append(tools);
      one(".cite", tools).setAttribute("aria-label", "Cite match " + number);
      one(".note-button", tools).setAttribute("aria-label", "Note on match " + number);
      one(".cite", tools).addEventListener("click", () => copy(citationOf(row)));
      one(".note-button", tools).addEventListener("click", (event) => openForm(row, event.currentTarget));
      showNote(row);
    }
  });
