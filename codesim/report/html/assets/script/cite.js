  // A citation names repository, revision, path and lines: owner/name@revision:path#L10-L40
  const lines = (span) => {
    const [first, last] = span.split("-");
    return span === "" ? "" : "#L" + first + (first === last ? "" : "-L" + last);
  };
  const citationOf = (match) => {
    const pair = match.closest(".pair");
    const first = one(".match[data-first][data-match='" + Number(match.dataset.match) + "']", pair) ?? match;
    return [pair.dataset.left + lines(first.dataset.left ?? ""), pair.dataset.right + lines(first.dataset.right ?? "")].join("\n");
  };
  const lineOf = (node) => {
    const item = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".code li");
    const list = item?.closest(".code");
    return list ? { list, number: list.start + linesIn(list).indexOf(item) } : null;
  };
  const selectedCitation = () => {
    const chosen = getSelection();
    if (chosen.isCollapsed || !chosen.rangeCount) return "";
    const range = chosen.getRangeAt(0);
    const [first, last] = [lineOf(range.startContainer), lineOf(range.endContainer)];
    if (!first) return "";
    const side = first.list.matches(".left") ? "left" : "right";
    const end = last && last.list.matches("." + side) ? last.number : first.number;
    return first.list.closest(".pair").dataset[side] + lines(first.number + "-" + end);
  };
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      say("Copied: " + text.replace("\n", " and "));
    } catch {
      const dialog = one("dialog.citation");
      const area = one("textarea", dialog);
      area.value = text;
      dialog.showModal();
      area.select();
    }
  };
  const cite = () => {
    const current = one(".match.current", pairInSight());
    const text = selectedCitation() || (current && citationOf(current));
    return text ? copy(text) : say("Select lines, or go to a match with n, to cite it.");
  };
