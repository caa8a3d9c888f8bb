// Right: what the assistant would say to the member's last message, with what it rests on.
// A suggestion only ever goes into the editor; sending is the agent's own act.

import { button, element, fact } from "../shared/dom.js";
import { clock, duration } from "../shared/format.js";
import { askReason } from "./dialogs.js";
import { text } from "./texts.js";

const MOST = 3;
const STALE_SECONDS = 300;
// Steps for which the desk has a form of its own.
const DONE_HERE = new Set(["verify", "confirm_code", "open_case", "call_back"]);

export class Suggestions {
  #list = element("ol", { class: "suggestions" });
  #about = element("p", { class: "about", dir: "auto" });
  #whole;
  #shown = [];
  #panel = element("div", { class: "panel" });
  #asked = element("ol", { class: "suggestions asked" });
  #ask;
  #onUse;
  #onDismiss;
  #onStale;
  #onStep;

  /** `onStep(step)` does what is suggested as the next step. `onAsk(words)` resolves to suggestions for the agent's own question; `onStale(ofMember)` fetches
   * again, with what is known of the member or without. */
  constructor({ onUse, onDismiss, onAsk, onStale, onStep }) {
    this.#onStep = onStep;
    this.#onStale = onStale;
    this.#onUse = onUse;
    this.#onDismiss = onDismiss;
    const question = element("input", { id: "ask", name: "ask", maxlength: 500, autocomplete: "off", required: true });
    this.#ask = element(
      "form",
      { class: "ask", hidden: true },
      element("label", { for: "ask" }, text("ask")),
      question,
      element("button", {}, text("askIt")),
    );
    this.#ask.addEventListener("submit", async (event) => {
      event.preventDefault();
      const found = await onAsk(question.value);
      if (!found) return;
      const none = element("li", { class: "none", role: "status" }, text("askedNothing"));
      const first = this.#shown.length;
      this.#asked.replaceChildren(...found.map((one, place) => this.#one(one, first + place + 1, { keyed: false })));
      if (!found.length) this.#asked.append(none);
    });
    this.#whole = element(
      "section",
      { class: "side", "aria-label": text("suggestions") },
      element("h2", {}, text("suggestions")),
      this.#about,
      this.#list,
      this.#ask,
      this.#asked,
      this.#panel,
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
    this.#asked.replaceChildren();
    this.#panel.replaceChildren();
    this.#ask.reset();
    this.#ask.hidden = true;
    this.#about.textContent = text("noConversation");
  }

  /** Nobody is proven, or somebody else: what is known of one and was asked for them goes. */
  clearMember() {
    this.#asked.replaceChildren();
    this.#panel.replaceChildren();
  }

  /** Show at most three for the member's newest message (`asked` is its text). Returns how many are
   * new.
   */
  show(suggestions, asked) {
    this.#ask.hidden = false;
    const newest = Math.max(...suggestions.map(({ for_seq }) => for_seq));
    const fresh = suggestions.filter(({ for_seq }) => for_seq === newest).slice(0, MOST);
    this.#about.textContent = fresh.length
      ? text("suggestionsFor", { text: asked(newest) })
      : text("noSuggestions");
    if (same(fresh, this.#shown)) return 0;
    this.#shown = fresh;
    this.#list.replaceChildren(...fresh.map((suggestion, place) => this.#one(suggestion, place + 1)));
    return fresh.length;
  }

  /** Put the suggestion of this number (1, 2, 3) into the editor. */
  use(number) {
    const suggestion = this.#shown[number - 1];
    if (suggestion) this.#onUse(suggestion, number);
  }

  /** Ask why the suggestion of this number is no good. */
  dismiss(number) {
    const suggestion = this.#shown[number - 1];
    const item = this.#list.children[number - 1];
    if (suggestion && item) this.#dismiss(suggestion, item);
  }

  /** Go to the agent's own question. */
  focusAsk() {
    this.#ask.querySelector("input").focus();
  }

  /** Freshness goes on between two fetches. */
  tick() {
    const stale = [];
    for (const shown of this.#whole.querySelectorAll("[data-fetched]")) {
      const seconds = (Date.now() - Date.parse(shown.dataset.fetched)) / 1000;
      shown.textContent = sourceText(shown.dataset, seconds);
      const isStale = seconds > STALE_SECONDS && shown.dataset.resource.startsWith("knowledge/") === false;
      if (isStale && !shown.classList.contains("stale")) stale.push(shown);
      shown.classList.toggle("stale", isStale);
    }
    const ofMember = stale.some((shown) => this.#panel.contains(shown));
    // Asking for the conversation again makes the bridge fetch old facts again.
    if (ofMember || stale.some((shown) => this.#list.contains(shown))) this.#onStale(ofMember);
  }

  /** What is known of the member (the bridge's answer), under the suggestions. */
  showMember({ facts, contacts, cases }) {
    const parts = facts
      .filter((one) => one.text)
      .map((one) => element("li", { class: "known" }, element("p", { class: "words", dir: "auto" }, one.text), sources(one.sources)));
    const earlier = contacts.map(({ topic, channel, outcome, claim, at }) =>
      element("li", {}, [topic.replaceAll("_", " "), claim, channel, text("outcomes")[outcome], clock(at)].filter(Boolean).join(", ")),
    );
    const open = cases.map(({ reference, kind, due_at }) =>
      element("li", {}, text("caseOf", { reference, kind: kind.replaceAll("_", " "), due: clock(due_at) })),
    );
    const list = (title, items) => (items.length ? [element("h3", {}, text(title)), element("ul", {}, ...items)] : []);
    this.#panel.replaceChildren(...list("plansAndClaims", parts), ...list("earlier", earlier), ...list("openCases", open));
  }

  #one(suggestion, number, { keyed = true } = {}) {
    const title = suggestion.title ?? suggestion.intent ?? "";
    const entities = (suggestion.entities ?? []).map(({ entity, value }) => `${entity}: ${value}`);
    const item = element(
      "li",
      { class: "suggestion" },
      element(
        "header",
        {},
        keyed && element("kbd", { "aria-hidden": "true" }, number),
        element("strong", {}, title),
        element("span", { class: "kind" }, text("kinds")[suggestion.kind] ?? ""),
      ),
      element("p", { class: "words", dir: "auto" }, suggestion.text),
      suggestion.confidence === null
        ? element("p", { class: "confidence" }, text("goesOn"))
        : meter(Math.round(suggestion.confidence * 100)),
      element(
        "dl",
        {},
        fact(text("understood"), suggestion.intent),
        fact(text("entities"), entities.join(", ")),
      ),
      sources(suggestion.sources ?? []),
      suggestion.next?.length
        ? element("p", { class: "next" }, `${text("nextBest")}: `, ...suggestion.next.map((step) => this.#step(step)))
        : "",
    );
    item.append(
      element(
        "div",
        { class: "acts" },
        button(
          { class: "strong", "aria-label": text("useThis", { number, title }), on: { click: () => this.#onUse(suggestion, number) } },
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

  /** What to do next: a button where the desk can do it, words where the agent asks or offers. */
  #step(step) {
    const words = text("steps")[step];
    if (!DONE_HERE.has(step)) return element("span", {}, words);
    return button({ class: "do-next", on: { click: () => this.#onStep(step) } }, words);
  }

  async #dismiss(suggestion, item) {
    const fields = await askReason();
    if (!fields) return;
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    next?.querySelector("button")?.focus();
    this.#onDismiss(suggestion, fields.reason);
  }
}

const same = (some, others) => JSON.stringify(some) === JSON.stringify(others);

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
