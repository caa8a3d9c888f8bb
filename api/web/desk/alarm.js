// An emergency in a conversation: a red bar that stays until it was seen, and a sound.

import { button, element, icon } from "../shared/dom.js";
import { text } from "./texts.js";

const BEEPS = 4;

/** Sound comes from the browser itself: no file, and it needs the click of signing in. */
function sound() {
  const audio = new AudioContext();
  for (let beep = 0; beep < BEEPS; beep += 1) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const start = audio.currentTime + beep * 0.5;
    tone.frequency.setValueAtTime(beep % 2 ? 660 : 880, start);
    volume.gain.setValueAtTime(0.4, start);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.35);
  }
  setTimeout(() => audio.close(), BEEPS * 500 + 500);
}

export class Alarms {
  #bar = element("div", { class: "alarms", role: "alert" });
  #title = document.title;
  #ringing = new Map();
  #onOpen;

  /** `onOpen(id)` opens a conversation. */
  constructor(onOpen) {
    this.#onOpen = onOpen;
  }

  get element() {
    return this.#bar;
  }

  /** Ring for a conversation; once for each until it was seen. */
  ring(id, who) {
    if (this.#ringing.has(id)) return;
    const words = who ? text("emergencyOf", { who }) : text("emergency");
    const one = element("div", { class: "alarm" }, icon("alarm"), element("strong", {}, words));
    one.append(
      button({ class: "strong", on: { click: () => this.#onOpen(id) } }, text("alarmOpen")),
      button({ on: { click: () => this.#seen(id) } }, text("alarmSeen")),
    );
    this.#ringing.set(id, one);
    this.#bar.append(one);
    document.title = `⚠ ${text("emergency")}`;
    sound();
  }

  /** Open the conversation of the alarm that rings longest. */
  openFirst() {
    const [id] = this.#ringing.keys();
    if (id) this.#onOpen(id);
  }

  #seen(id) {
    this.#ringing.get(id)?.remove();
    this.#ringing.delete(id);
    if (this.#ringing.size === 0) document.title = this.#title;
  }
}
