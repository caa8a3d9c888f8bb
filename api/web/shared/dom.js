// Building pages without parsing strings as HTML: whatever a member, an agent or a partner's
// backend wrote can only ever become text.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  chat: "M4 5h16v11H9l-5 4z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12l16-8-5 16-4-6z",
  check: "M5 13l4 4L19 7",
  down: "M12 5v14M6 13l6 6 6-6",
  shield: "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-6 8-6s8 2 8 6",
  thumbUp: "M7 11v9H4v-9zM7 11l4-8c2 0 3 1 3 3l-1 4h5c2 0 2 2 2 3l-2 6c0 1-1 1-2 1H7",
  thumbDown: "M7 13V4H4v9zM7 13l4 8c2 0 3-1 3-3l-1-4h5c2 0 2-2 2-3l-2-6c0-1-1-1-2-1H7",
  more: "M12 5a.5.5 0 1 0 .01 0zM12 11.5a.5.5 0 1 0 .01 0zM12 18a.5.5 0 1 0 .01 0z",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  sound: "M4 9v6h4l5 4V5L8 9zM17 9c1 2 1 4 0 6M19.5 6.5c2 3.5 2 7.5 0 11",
  globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
  again: "M4 12a8 8 0 1 0 3-6M4 4v4h4",
  bin: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  leave: "M14 4h5v16h-5M4 12h10M10 8l4 4-4 4",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2",
  spark: "M12 3l2 7 7 2-7 2-2 7-2-7-7-2 7-2z",
  shieldHeart: "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 11h6M12 8v6",
  alarm: "M12 3l10 18H2zM12 10v5M12 18v.5",
};

/**
 * An element with attributes, `on: {event: listener}` and children (nodes, or strings as text;
 * null and false are left out). An attribute that is null or false is left out, true is empty.
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    } else if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? "" : String(value));
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** A button that submits nothing. */
export function button(attributes, ...children) {
  return element("button", { type: "button", ...attributes }, ...children);
}

/** A drawn sign, hidden from screen readers: its button carries the name. */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  drawing.append(path);
  return drawing;
}

// "CLM-2026-55501": broken over two lines, a number cannot be read out or found again.
const REFERENCES = /\b([A-Z]{2,5}(?:-[A-Z\d]{1,8}){1,3})\b/;

/** A text as strings and elements, in which no reference number is broken over lines. */
export function unbroken(words) {
  return words
    .split(REFERENCES)
    .map((part, place) => (place % 2 ? element("span", { class: "number" }, part) : part))
    .filter(Boolean);
}

/** A name and its value in a description list, or null when there is no value. */
export function fact(name, value) {
  if (value === null || value === undefined || value === "") return null;
  return element("div", { class: "fact" }, element("dt", {}, name), element("dd", {}, ...(typeof value === "string" ? unbroken(value) : [value])));
}
