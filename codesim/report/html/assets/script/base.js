  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const one = (selector, root = document) => root.querySelector(selector);
  const clone = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
  const make = (tag, text = "", attributes = {}) => {
    const element = document.createElement(tag);
    element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  // What was done, for eyes and for screen readers.
  let silence = 0;
  const say = (text) => {
    const said = one(".said");
    said.textContent = text;
    clearTimeout(silence);
    silence = setTimeout(() => { said.textContent = ""; }, 6000);
  };

  // Memory of this browser, or of this page where the browser keeps none.
  const memory = new Map();
  const recall = (key) => {
    try { return memory.get(key) ?? localStorage.getItem(key); } catch { return null; }
  };
  const keep = (key, value) => {
    try { localStorage.setItem(key, value); return memory.delete(key) || true; } catch { return !memory.set(key, value); }
  };

  // What cannot be seen becomes an escape, as in the rest of the page.
  const visible = (text) => text.replace(/[^\n\P{C}]|\p{Zl}|\p{Zp}|(?! )\p{Zs}/gu, (letter) => {
    const code = letter.codePointAt(0).toString(16);
    const [mark, width] = code.length > 4 ? ["U", 8] : code.length > 2 ? ["u", 4] : ["x", 2];
    return "\\" + mark + code.padStart(width, "0");
  });

  const reveal = (element) => {
    for (let at = element; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  };

  for (const part of all("[data-needs-script]")) part.hidden = false;
