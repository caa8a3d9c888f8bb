// Right: what the assistant would say to the member's last message, with what it rests on.
// A suggestion only ever goes into the editor; sending is the agent's own act.

import { button, element, fact } from "../shared/dom.js";
import { duration } from "../shared/format.js";
import { text } from "./texts.js";

const MOST = 3;
const STALE_SECONDS = 300;

export class Suggestions {
  #list = element("ol", { class: "suggestions" });
  #about = element("p", { class: "about", dir: "auto" });
  #whole;
  #shown = [];
  #onUse;
  #onDismiss;

  constructor({ onUse, onDismiss }) {
    this.#onUse = onUse;
    this.#onDismiss = onDismiss;
    this.#whole = element(
      "section",
      { class: "side", "aria-label": text("suggestions") },
      element("h2", {}, text("suggestions")),
      this.#about,
      this.#list,
    );
    this.clear();
  }

  get element() {
    return this.#whole;
  }

  /** Nothing of the last conversation may stay when another one opens. */
  clear() {
    this.#shown = [];
    this.#list.replaceChildren();
    this.#about.textContent = text("noConversation");
  }

  /** Show at most three for the member's newest message (`asked` is its text). */
  show(suggestions, asked) {
    const newest = Math.max(...suggestions.map(({ for_seq }) => for_seq));
    const fresh = suggestions.filter(({ for_seq }) => for_seq === newest).slice(0, MOST);
    this.#about.textContent = fresh.length
      ? text("suggestionsFor", { text: asked(newest) })
      : text("noSuggestions");
    if (sameIds(fresh, this.#shown)) return;
    this.#shown = fresh;
    this.#list.replaceChildren(...fresh.map((suggestion, place) => this.#one(suggestion, place + 1)));
  }

  /** Put the suggestion of this number (1, 2, 3) into the editor. */
  use(number) {
    const suggestion = this.#shown[number - 1];
    if (suggestion) this.#onUse(suggestion, number);
  }

  /** Freshness goes on between two fetches. */
  tick() {
    for (const shown of this.#list.querySelectorAll("[data-fetched]")) {
      const seconds = (Date.now() - Date.parse(shown.dataset.fetched)) / 1000;
      shown.textContent = sourceText(shown.dataset, seconds);
      shown.classList.toggle("stale", seconds > STALE_SECONDS);
    }
  }

  #one(suggestion, number) {
    const title = suggestion.title ?? suggestion.intent ?? "";
    const percent = Math.round(suggestion.confidence * 100);
    const entities = (suggestion.entities ?? []).map(({ entity, value }) => `${entity}: ${value}`);
    const item = element(
      "li",
      { class: "suggestion" },
      element(
        "header",
        {},
        element("kbd", { "aria-hidden": "true" }, number),
        element("strong", {}, title),
        element("span", { class: "kind" }, text("kinds")[suggestion.kind] ?? ""),
      ),
      element("p", { class: "words", dir: "auto" }, suggestion.text),
      meter(percent),
      element(
        "dl",
        {},
        fact(text("understood"), suggestion.intent),
        fact(text("entities"), entities.join(", ")),
      ),
      sources(suggestion.sources ?? []),
    );
    item.append(
      element(
        "div",
        { class: "acts" },
        button(
          { class: "strong", "aria-label": text("useThis", { number, title }), on: { click: () => this.use(number) } },
          text("use"),
        ),
        button(
          {
            "aria-label": text("dismissThis", { number, title }),
            on: { click: () => this.#dismiss(suggestion, item) },
          },
          text("dismiss"),
        ),
      ),
    );
    return item;
  }

  #dismiss(suggestion, item) {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    next?.querySelector("button")?.focus();
    this.#onDismiss(suggestion);
  }
}

const sameIds = (some, others) =>
  some.length === others.length && some.every(({ id }, place) => id === others[place].id);

function meter(percent) {
  const words = text("confidence", { percent });
  return element(
    "p",
    { class: "confidence" },
    element("meter", { min: 0, max: 100, low: 60, high: 85, optimum: 100, value: percent, "aria-label": words }),
    ` ${words}`,
  );
}

function sources(list) {
  if (list.length === 0) return element("p", { class: "source" }, text("noSource"));
  const items = list.map(({ partner, company, resource, fetched_at }) => {
    const seconds = (Date.now() - Date.parse(fetched_at)) / 1000;
    const data = { company: company ?? partner, resource };
    return element(
      "li",
      {
        class: seconds > STALE_SECONDS ? "source stale" : "source",
        "data-fetched": fetched_at,
        "data-company": data.company,
        "data-resource": resource,
      },
      sourceText(data, seconds),
    );
  });
  return element("ul", { class: "sources" }, ...items);
}

function sourceText({ company, resource }, seconds) {
  const words = text("source", { company, resource, ago: duration(seconds) });
  return seconds > STALE_SECONDS ? `${words} (${text("stale")})` : words;
}
