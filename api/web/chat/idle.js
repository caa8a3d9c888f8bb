// A chat that holds a member's data closes when nobody is there (the bridge's rule); this warns
// before, in time to answer (WCAG 2.2.1).

import { text } from "./texts.js";

const WARN_SECONDS = 120;
const SOON_SECONDS = 30;

export class Idle {
  #until = null;
  #ticking = null;
  #told = new Set();
  #acts;

  /** `warn(time, words)`: how long is left, and what to tell a screen reader, or null. `calm()`:
   * it is over with warning. `over()`: time is up.
   */
  constructor(acts) {
    this.#acts = acts;
  }

  /** Follow what the bridge says. Who waits for a person, or has one, is not sent away. */
  follow({ owner, verified_seconds: left }) {
    const counts = owner === "assistant" && left !== undefined;
    this.#until = counts ? Date.now() + left * 1000 : null;
    clearTimeout(this.#ticking);
    this.#told.clear();
    this.#acts.calm();
    if (counts) this.#ticking = setTimeout(() => this.#tick(), Math.max(0, left - WARN_SECONDS) * 1000);
  }

  #tick() {
    const left = Math.ceil((this.#until - Date.now()) / 1000);
    if (left <= 0) {
      this.#acts.calm();
      // A moment later, so that the bridge's clock agrees.
      this.#ticking = setTimeout(this.#acts.over, 1500);
      return;
    }
    const time = spelled(left);
    this.#acts.warn(time, this.#words(left, time));
    this.#ticking = setTimeout(() => this.#tick(), 1000);
  }

  #words(left, time) {
    const once = (name, words) => {
      if (this.#told.has(name)) return null;
      this.#told.add(name);
      return words;
    };
    return left <= SOON_SECONDS ? once("soon", text("idleSoon")) : once("first", text("idle", { time }));
  }
}

function spelled(seconds) {
  if (seconds >= 120) return text("minutes", { count: Math.round(seconds / 60) });
  return seconds === 60 ? text("minute") : text("seconds", { count: seconds });
}
