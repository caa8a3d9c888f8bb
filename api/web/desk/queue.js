// Left: who is waiting, and the agent's own conversations.

import { button, element } from "../shared/dom.js";
import { duration } from "../shared/format.js";
import { levelText, text } from "./texts.js";

// As api/desk/handover.py marks what cannot wait.
const URGENT = 10;

/** "Avery, CIGNA HealthCare": how a conversation is named to the agent. */
export function nameOf(entry) {
  return [entry.first_name ?? text("member"), entry.company ?? text("noCompany")].join(", ");
}

export class Queue {
  #mine = element("ul", { class: "entries" });
  #waiting = element("ul", { class: "entries" });
  #others = element("ul", { class: "entries" });
  #othersHead = element("h2", {}, text("others"));
  #running = element("ul", { class: "entries" });
  #runningHead = element("h2", {}, text("calls"));
  #calls = [];
  #watched = [];
  #whole;
  #entries = [];
  #fetchedAt = Date.now();
  #unread = new Set();
  #expanded = new Set();
  #drawn = "";
  #current = null;
  #onAccept;
  #onOpen;

  constructor({ onAccept, onOpen }) {
    this.#onAccept = onAccept;
    this.#onOpen = onOpen;
    this.#whole = element(
      "section",
      { class: "queue", "aria-label": text("queue") },
      element("h2", {}, text("mine")),
      this.#mine,
      element("h2", {}, text("waiting")),
      this.#waiting,
      this.#othersHead,
      this.#others,
      this.#runningHead,
      this.#running,
    );
  }

  get element() {
    return this.#whole;
  }

  entry(id) {
    return [...this.#entries, ...this.#watched, ...this.#calls].find((entry) => entry.id === id);
  }

  /** Whether it is a call that the assistant has. */
  isCall(id) {
    return this.#calls.some((call) => call.id === id);
  }

  /** Whether a conversation is the agent's own. */
  isMine(id) {
    return this.#entries.some((entry) => entry.id === id && entry.owner === "agent");
  }

  /** The conversation that waits first, or undefined. */
  get firstWaiting() {
    return this.#entries.find(({ owner }) => owner === "queue")?.id;
  }

  /** The agent's conversation after the open one, from the first again after the last. */
  get nextMine() {
    const mine = this.#entries.filter(({ owner }) => owner === "agent").map(({ id }) => id);
    return mine[(mine.indexOf(this.#current) + 1) % mine.length];
  }

  /** `watched`: what colleagues have, for a supervisor; `calls`: those that the assistant has. */
  show(entries, watched = [], calls = []) {
    this.#entries = entries;
    this.#watched = watched;
    this.#calls = calls;
    this.#fetchedAt = Date.now();
    this.#draw();
  }

  markCurrent(id) {
    this.#current = id;
    this.#unread.delete(id);
    this.#draw();
  }

  markUnread(id) {
    this.#unread.add(id);
    this.#draw();
  }

  /** Waiting times go on between two fetches. */
  tick() {
    for (const entry of this.#entries) {
      const shown = this.#waiting.querySelector(`[data-id="${CSS.escape(entry.id)}"] .waited`);
      if (shown) shown.textContent = text("waits", { waited: this.#waited(entry) });
    }
  }

  #waited(entry) {
    return duration(entry.waiting_seconds + (Date.now() - this.#fetchedAt) / 1000);
  }

  /** Only what has changed is drawn anew: a list that moves under the mouse loses clicks. */
  #draw() {
    const entries = [...this.#entries, ...this.#watched, ...this.#calls].map((entry) => ({
      ...entry,
      waiting_seconds: 0,
      seconds: 0,
      silent_seconds: 0,
      quiet_seconds: Math.floor((entry.quiet_seconds ?? 0) / 60),
    }));
    const drawn = JSON.stringify([entries, this.#current, [...this.#unread]]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const focused = this.#whole.contains(document.activeElement)
      ? document.activeElement.closest("[data-id]")?.dataset.id
      : null;
    const mine = this.#entries.filter(({ owner }) => owner === "agent");
    const waiting = this.#entries.filter(({ owner }) => owner === "queue");
    this.#mine.replaceChildren(...filledOr(mine.map((entry) => this.#own(entry)), "noneMine"));
    this.#waiting.replaceChildren(...filledOr(waiting.map((entry) => this.#free(entry)), "noneWaiting"));
    this.#others.replaceChildren(...this.#watched.map((entry) => this.#own(entry)));
    this.#othersHead.hidden = this.#watched.length === 0;
    this.#running.replaceChildren(...this.#calls.map((call) => this.#call(call)));
    this.#runningHead.hidden = this.#calls.length === 0;
    // Redrawing must not take the keyboard away from who is in the list.
    if (focused) this.#whole.querySelector(`[data-id="${CSS.escape(focused)}"] button`)?.focus();
  }

  /** A call that the assistant has: to be listened to, not taken. */
  #call(call) {
    const current = call.id === this.#current;
    return element(
      "li",
      { class: current ? "entry current" : "entry", "data-id": call.id },
      button(
        { class: "row", "aria-current": current ? "true" : null, on: { click: () => this.#onOpen(call.id) } },
        element("strong", {}, nameOf(call)),
        element("span", { class: "tags" }, duration(call.seconds)),
        element("span", { class: "reason" }, [call.topic?.replaceAll("_", " "), levelText(call.level)].filter(Boolean).join(" · ")),
      ),
    );
  }

  #own(entry) {
    const current = entry.id === this.#current;
    return element(
      "li",
      { class: current ? "entry current" : "entry", "data-id": entry.id },
      button(
        { class: "row", "aria-current": current ? "true" : null, on: { click: () => this.#onOpen(entry.id) } },
        element("strong", {}, nameOf(entry)),
        entry.agent && this.#watched.includes(entry) && element("span", { class: "tags" }, entry.agent),
        this.#unread.has(entry.id) && element("span", { class: "new" }, text("unread")),
        quietOf(entry),
        entry.reason && element("span", { class: "reason", dir: "auto" }, entry.reason),
      ),
    );
  }

  #lastMessages({ id, summary }) {
    const whole = element(
      "details",
      { open: this.#expanded.has(id) },
      element("summary", {}, text("lastMessages")),
      element("p", { class: "summary", dir: "auto" }, summary),
    );
    whole.addEventListener("toggle", () => this.#expanded[whole.open ? "add" : "delete"](id));
    return whole;
  }

  #free(entry) {
    const waited = this.#waited(entry);
    const label = text("acceptWho", { who: nameOf(entry), waited });
    return element(
      "li",
      { class: "entry", "data-id": entry.id },
      element("strong", {}, nameOf(entry)),
      element("span", { class: "waited" }, text("waits", { waited })),
      element("span", { class: "tags" }, tagsOf(entry).join(" · ")),
      quietOf(entry),
      entry.priority >= URGENT && element("span", { class: "urgent" }, text("urgent")),
      entry.reason && element("span", { class: "reason", dir: "auto" }, entry.reason),
      entry.summary && this.#lastMessages(entry),
      button({ class: "strong", "aria-label": label, on: { click: () => this.#onAccept(entry.id) } }, text("accept")),
    );
  }
}

/** "Idle for 6 min", "Has left": of a member who does not write any more. */
function quietOf({ member_is: state, quiet_seconds: seconds }) {
  if (!state || state === "active") return null;
  return element("span", { class: `quiet ${state}` }, text(state, { time: duration(seconds) }));
}

function tagsOf({ level, channel, skills, skilled, queue }) {
  const wanted = skills?.length ? `${text(skilled ? "skills" : "skillsLacking")}: ${skills.join(", ")}` : null;
  return [levelText(level), channel, queue?.replaceAll("-", " "), wanted].filter(Boolean);
}

const filledOr = (items, key) =>
  items.length ? items : [element("li", { class: "none" }, text(key))];
