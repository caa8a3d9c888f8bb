// What was promised to members: calls to make, and cases that a company has not taken yet or that
// are due.

import { button, element } from "../shared/dom.js";
import { clock } from "../shared/format.js";
import { text } from "./texts.js";

export class FollowUps {
  #calls = element("ul", { class: "entries" });
  #cases = element("ul", { class: "entries" });
  #whole;
  #drawn = "";
  #onCalled;
  #onSettled;

  /** `onCalled(call)`: the agent says that a call was made, or could not be; `onSettled(entry)`:
   * that the company has answered a case.
   */
  constructor({ onCalled, onSettled }) {
    this.#onCalled = onCalled;
    this.#onSettled = onSettled;
    this.#whole = element(
      "div",
      { class: "follow-ups" },
      element("h2", {}, text("callBacks")),
      this.#calls,
      element("h2", {}, text("casesWaiting")),
      this.#cases,
    );
  }

  get element() {
    return this.#whole;
  }

  show(calls, cases) {
    const drawn = JSON.stringify([calls, cases]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const late = (entry) => entry.alarm || new Date(entry.due_at) < new Date();
    const open = cases.filter((entry) => !entry.acknowledged || late(entry));
    this.#calls.replaceChildren(...filled(calls.map((call) => this.#call(call)), "noCallBacks"));
    this.#cases.replaceChildren(...filled(open.map((entry) => this.#case(entry, late(entry))), "noCases"));
  }

  #call(call) {
    const who = call.first_name ?? text("member");
    return element(
      "li",
      { class: "entry", "data-id": call.id },
      element("strong", {}, who),
      element("span", { class: call.overdue ? "waited" : "tags" }, text(call.overdue ? "overdue" : "due", { at: clock(call.due_at) })),
      element("a", { class: "phone", href: `tel:+1${call.phone}` }, spaced(call.phone)),
      element("span", { class: "reason", dir: "auto" }, [call.window, call.reason].filter(Boolean).join(" · ")),
      button({ "aria-label": text("calledWho", { who }), on: { click: () => this.#onCalled(call) } }, text("called")),
    );
  }

  #case(entry, late) {
    const past = new Date(entry.due_at) < new Date();
    return element(
      "li",
      { class: "entry", "data-id": entry.reference },
      element("strong", {}, entry.reference),
      element("span", { class: late ? "waited" : "tags" }, text(past ? "overdue" : "due", { at: clock(entry.due_at) })),
      element("span", { class: "tags" }, entry.kind.replaceAll("_", " ")),
      element("span", { class: "reason" }, text(entry.acknowledged ? "companyHasIt" : "companyHasItNot")),
      button(
        { "aria-label": text("settledWhich", { reference: entry.reference }), on: { click: () => this.#onSettled(entry) } },
        text("settled"),
      ),
    );
  }
}

const spaced = (phone) => phone.replace(/^(\d{3})(\d{3})(\d{4})$/, "$1-$2-$3");

const filled = (items, key) => (items.length ? items : [element("li", { class: "none" }, text(key))]);
