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
    try { return localStorage.getItem(key) ?? memory.get(key) ?? null; } catch { return memory.get(key) ?? null; }
  };
  const keep = (key, value) => {
    memory.set(key, value);
    try { localStorage.setItem(key, value); return true; } catch { return false; }
  };

  const reveal = (element) => {
    for (let at = element; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  };

  for (const part of all("[data-needs-script]")) part.hidden = false;
