// Phone numbers in our own words that can be tapped: the configured lines, 911 and 988, no others.

import { element, unbroken } from "../shared/dom.js";
import { memberServiceLines } from "../shared/lines.js";

const known = new Set(["911", "988"]);
memberServiceLines().then((lines) => lines.forEach(({ phone }) => known.add(phone)));

// The short numbers only where they are to be called: "$911" is none.
const NUMBERS = /(\b1-\d{3}-\d{3}-\d{4}\b|(?<=\b(?:call|text|al) )(?:911|988)\b)/i;

/** A text as strings, links and reference numbers. */
export function withPhoneLinks(words) {
  return words
    .split(NUMBERS)
    .filter(Boolean)
    .flatMap((part) =>
      known.has(part) ? element("a", { href: `tel:${part.replaceAll("-", "")}` }, part) : unbroken(part),
    );
}
