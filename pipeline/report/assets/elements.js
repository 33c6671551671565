// Elements. All that is shown is made here out of names, attributes and texts: no text ever becomes HTML.

const SVG = "http://www.w3.org/2000/svg";
const SVG_NAMES = new Set(["svg", "rect", "line", "text", "g", "title"]);

/** An element. A function among the attributes listens to the event of its name; null and false are left out, among the children too. */
function h(name, attributes, ...children) {
  const element = SVG_NAMES.has(name) ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key, value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A link within the page, or out of it: out only to the web, in a tab of its own that is told nothing of this page. */
function link(href, attributes, ...children) {
  if (href.startsWith("#")) return h("a", { href, ...attributes }, ...children);
  if (!/^https?:\/\//i.test(href)) return h("span", attributes, ...children);
  return h("a", { href, rel: "noopener noreferrer", target: "_blank", ...attributes }, ...children);
}

/** The colour and the shape by which rows of a table are marked in texts. */
function swatch(table) {
  return h("span", { class: `swatch ${table}`, "aria-hidden": "true" });
}

/** A list that shows some of its entries, and more where they are asked for. `make(n)` gives the entry of number n of `count`. */
function growing(count, step, make, attributes) {
  const list = h("ol", { class: "plain", ...attributes });
  const told = h("p", { class: "quiet", "aria-live": "polite" });
  const more = h("button", { type: "button", click: () => grow(true) });
  let shown = 0;
  function grow(asked) {
    const first = shown;
    shown = Math.min(shown + step, count);
    for (let n = first; n < shown; n += 1) list.append(make(n));
    const rest = count - shown;
    told.textContent = rest ? `${number(shown)} of ${number(count)} shown` : "";
    more.textContent = `Show ${number(Math.min(step, rest))} more`;
    more.hidden = !rest;
    if (asked) list.children[first]?.querySelector("a")?.focus();
  }
  grow(false);
  return [list, h("div", { class: "more" }, told, more)];
}
