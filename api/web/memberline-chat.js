// <memberline-chat>: member service on any page, by one script tag:
//   <script type="module" src="https://SERVICE/web/memberline-chat.js"></script>
// puts a launcher and a panel in the corner. Attributes of an element that the page puts there
// itself: `page` (fills its own box, no launcher), `company` (cigna, mvp, preferred-care: name and
// colour), `lang` (en, es), `ticket-url` (where the page's own site gives a signed ticket for the
// member who is signed in there), `sign-in` (an opaque name of that sign-in: with the next one's the
// conversation of the one before ends), `exit-to` (where "leave quickly" goes). Colours follow the
// CSS variables --memberline-accent and --memberline-on-accent. See docs/chat.md.

import { closeChoices, messageElement, narration } from "./chat/message.js";
import { Connection } from "./chat/connection.js";
import { Idle } from "./chat/idle.js";
import { layout } from "./chat/layout.js";
import { withPhoneLinks } from "./chat/phones.js";
import { download } from "./chat/picture.js";
import { beep } from "./chat/sound.js";
import { currentLanguage, currentLocale, text, useLanguage } from "./chat/texts.js";
import { button, element, icon } from "./shared/dom.js";
import { opening } from "./shared/format.js";
import { memberServiceLines } from "./shared/lines.js";

const NEAR_END_PIXELS = 80;
const MOST_NARRATED = 4;
const TYPING_MILLISECONDS = 6000;
// As the bridge has it (api/text.py). What is longer stays in the field, to be shortened.
const MOST_CHARACTERS = 4000;
const EXIT_TO = "https://www.weather.gov/";
// A person's page shows that the member writes for a little longer than this.
const TELL_TYPING_MILLISECONDS = 3000;
const BEGINNING = { owner: "assistant", verified: false, level: 0 };

class MemberlineChat extends HTMLElement {
  #connection = null;
  #idle = new Idle({
    warn: (time, words) => this.#warnIdle(time, words),
    calm: () => this.#calmIdle(),
    over: () => this.#connection.look(),
  });
  #state = BEGINNING;
  #typedAt = 0;
  #messages = new Map();
  #isOpen = false;
  #started = false;
  #unread = 0;
  // What is being sent, and the items that show it until it comes back numbered.
  #waiting = new Set();
  #unsent = new Map();
  #sound = false;
  #writing = 0;
  #reached = true;
  #company = null;
  #parts = null;
  // Apart from the parts: what it tells is still being read when they are made anew.
  #live = element("div", { class: "unseen", "aria-live": "polite" });
  #spoken = null;
  #choseLanguage = false;

  async connectedCallback() {
    if (this.#parts) return;
    const signIn = this.getAttribute("sign-in") ?? "";
    this.#connection = new Connection({ newSession: () => this.#newSession(), signIn });
    useLanguage(this.#ownLanguage);
    const root = this.attachShadow({ mode: "open" });
    const style = element("link", {
      rel: "stylesheet",
      href: new URL("chat/chat.css", import.meta.url),
    });
    root.append(style, this.#live);
    this.#build();
    // Nothing is shown before it is styled; without the styles it still works.
    const show = () => {
      this.#parts.frame.hidden = false;
      // What came before could not be scrolled to.
      this.#scrollToEnd();
    };
    style.addEventListener("load", show);
    style.addEventListener("error", show);
    this.#hear();
    if (this.#isPage) this.#open({ focus: false });
    else if (await this.#connection.resumable()) this.#start();
  }

  /** What the element says, or a site's page about itself; on our own page the browser decides. */
  get #ownLanguage() {
    const said = this.closest("[lang]");
    return this.#isPage && said !== this ? null : (said?.lang ?? null);
  }

  get #isPage() {
    return this.hasAttribute("page");
  }

  /** The parts in the current language, in place of those before. */
  async #build() {
    const before = this.#parts;
    this.#parts = layout({ isPage: this.#isPage, company: this.#company });
    this.#live.lang = currentLanguage();
    this.#wire();
    if (before) {
      const typed = before.input === this.shadowRoot.activeElement;
      before.frame.replaceWith(this.#parts.frame);
      this.#parts.frame.hidden = false;
      this.#parts.panel.hidden = before.panel.hidden;
      this.#parts.input.value = before.input.value;
      if (typed) this.#parts.input.focus();
    } else {
      this.shadowRoot.append(this.#parts.frame);
    }
    for (const message of [...this.#messages.values()].sort((one, other) => one.seq - other.seq)) {
      if (message.from === "member") closeChoices(this.#parts.log);
      this.#place(message);
    }
    if (this.#unsent.size) closeChoices(this.#parts.log);
    this.#parts.log.append(...this.#unsent.values());
    this.#show(this.#state);
    this.#nameSound();
    this.#showUnread();
    await this.#nameCompany();
  }

  async #nameCompany() {
    const key = this.getAttribute("company");
    if (!key || this.#company) return;
    const lines = await memberServiceLines();
    this.#company = lines.find(({ partner }) => partner === key)?.company ?? null;
    if (this.#company) {
      this.#parts.header.querySelector("#title").textContent = text("titleOf", { company: this.#company });
    }
  }

  #wire() {
    const parts = this.#parts;
    const { panel, dialog, input, scroller, toNew, person, more } = parts;
    const on = (part, act) => part.addEventListener("click", act);
    on(parts.launcher, () => this.#open());
    on(parts.close, () => this.#close());
    parts.form.addEventListener("submit", (event) => this.#submit(event));
    input.addEventListener("input", () => {
      this.#types();
      if (this.#parts.tooLong.textContent) this.#checkLength();
    });
    input.addEventListener("keydown", (event) => {
      // While an input method composes a character, Enter belongs to it.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
    });
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || dialog.open) return;
      if (!parts.menu.hidden) this.#toggleMenu(false, { focus: true });
      else if (!this.#isPage) this.#close();
    });
    on(toNew, () => {
      this.#scrollToEnd();
      toNew.hidden = true;
      scroller.focus();
    });
    on(person, () => {
      if (person.getAttribute("aria-disabled") !== "true") this.#send({ text: text("personAsked") });
    });
    on(more, () => this.#toggleMenu(parts.menu.hidden));
    panel.addEventListener("focusin", ({ target }) => {
      if (!parts.menu.hidden && !parts.menu.contains(target) && target !== more) this.#toggleMenu(false);
    });
    panel.addEventListener("pointerdown", ({ target }) => {
      if (!parts.menu.hidden && !parts.menu.contains(target) && !more.contains(target)) this.#toggleMenu(false);
    });
    const choose = (part, act) =>
      on(part, () => {
        this.#toggleMenu(false, { focus: true });
        act();
      });
    choose(parts.savePdf, () => this.#save("pdf"));
    choose(parts.saveText, () => this.#save("txt"));
    choose(parts.sound, () => this.#toggleSound());
    choose(parts.language, () => this.#switchLanguage());
    choose(parts.startOver, () => this.#ask("startOver", () => this.#startOver()));
    choose(parts.end, () => this.#ask("end", () => this.#end()));
    on(parts.newChat, () => this.#startOver());
    on(parts.leave, () => this.#leave());
    on(parts.stay, () => this.#stay());
    this.#followEnd();
  }

  /** A banner or a phone's keyboard takes room: who reads at the end stays there. */
  #followEnd() {
    const { scroller, toNew } = this.#parts;
    let readsEnd = true;
    scroller.addEventListener("scroll", () => {
      readsEnd = this.#atEnd;
      if (readsEnd) toNew.hidden = true;
    });
    new ResizeObserver(() => readsEnd && this.#scrollToEnd()).observe(scroller);
  }

  #hear() {
    const on = (type, act) => this.#connection.addEventListener(type, ({ detail }) => act(detail));
    on("messages", ({ messages }) => this.#receive(messages));
    on("state", (state) => {
      this.#show(state);
      this.#follow(state.language);
    });
    on("reach", ({ reached }) => this.#showReach(reached));
    on("held", ({ id, seconds }) => this.#showHeld(id, seconds));
    on("typing", () => this.#personWrites());
    on("ended", () => this.#over());
  }

  #start() {
    if (this.#started) return;
    this.#started = true;
    this.#connection.open();
  }

  /** What a new session is begun with. A page that knows its member has a ticket for us. */
  async #newSession() {
    const begun = { language: currentLanguage() };
    const address = this.getAttribute("ticket-url");
    if (!address) return begun;
    const answer = await fetch(address, { method: "POST", credentials: "same-origin" }).catch(() => null);
    const ticket = answer?.ok ? (await answer.json().catch(() => ({}))).ticket : null;
    // Without a ticket the assistant asks who they are; "401" is the site's way to say that nobody
    // is signed in, which is nothing to be told.
    return ticket ? { ...begun, ticket } : { ...begun, unconfirmed: answer?.status !== 401 };
  }

  #open({ focus = true } = {}) {
    this.#isOpen = true;
    this.#unread = 0;
    this.#parts.panel.hidden = false;
    this.toggleAttribute("open", true);
    this.#showUnread();
    this.#start();
    this.#scrollToEnd();
    if (focus) this.#parts.input.focus();
  }

  #close() {
    this.#isOpen = false;
    this.#parts.panel.hidden = true;
    this.toggleAttribute("open", false);
    this.#showUnread();
    this.#parts.launcher.focus();
  }

  /** Put a question into the composer, for the member to send. */
  propose(question) {
    this.#open();
    this.#parts.input.value = question;
  }

  #showUnread() {
    const { launcher, badge } = this.#parts;
    badge.hidden = this.#unread === 0;
    badge.textContent = this.#unread;
    launcher.setAttribute("aria-expanded", String(this.#isOpen));
    launcher.setAttribute("aria-label", text(this.#unread ? "openUnread" : "open", { count: this.#unread }));
  }

  #toggleMenu(wanted, { focus = false } = {}) {
    const { menu, more } = this.#parts;
    menu.hidden = !wanted;
    more.setAttribute("aria-expanded", String(wanted));
    if (wanted) menu.querySelector("button").focus();
    else if (focus) more.focus();
  }

  async #save(format) {
    try {
      download(await this.#connection.transcript(format, currentLanguage()), `chat.${format}`);
      this.#say(text("saving"));
    } catch {
      this.#notice(text("notSaved"));
    }
  }

  #toggleSound() {
    this.#sound = !this.#sound;
    this.#nameSound();
    if (this.#sound) beep();
  }

  #nameSound() {
    this.#parts.sound.replaceChildren(icon("sound"), text(this.#sound ? "soundOff" : "soundOn"));
  }

  #switchLanguage() {
    this.#choseLanguage = true;
    this.#speak(currentLanguage() === "en" ? "es" : "en");
    this.#parts.more.focus();
    // Nothing was said yet but the greeting: it is told anew in the language that was chosen.
    if (this.#started && !this.#hasSpoken) this.#begin();
  }

  get #hasSpoken() {
    return this.#unsent.size > 0 || [...this.#messages.values()].some(({ from }) => from !== "assistant");
  }

  #speak(language) {
    useLanguage(language);
    this.#build();
    this.#scrollToEnd();
    this.dispatchEvent(new CustomEvent("languagechange"));
  }

  /** Who begins to write Spanish reads the rest of the chat in Spanish too, unless they chose. */
  #follow(language) {
    if (!language || language === this.#spoken) return;
    this.#spoken = language;
    if (!this.#choseLanguage && language !== currentLanguage()) this.#speak(language);
  }

  /** Away at once: the chat ends, the screen is empty, and "back" does not lead here. */
  #leave() {
    this.#connection.end();
    this.#forget();
    this.#parts.panel.hidden = true;
    location.replace(this.getAttribute("exit-to") ?? EXIT_TO);
  }

  #submit(event) {
    event.preventDefault();
    const { input } = this.#parts;
    const written = input.value.trim();
    if (!written || input.readOnly || this.#checkLength()) return;
    input.value = "";
    this.#send({ text: written });
  }

  /** Whether what is written is too long; says by how much. */
  #checkLength() {
    const { input, tooLong } = this.#parts;
    const over = [...input.value.trim()].length - MOST_CHARACTERS;
    tooLong.textContent = over > 0 ? text("tooLong", { over, most: MOST_CHARACTERS }) : "";
    input.setAttribute("aria-invalid", String(over > 0));
    return over > 0;
  }

  /** Show the message at once, and deliver it. `shown` is its text on the screen. */
  #send(content, shown = content.text) {
    const id = this.#connection.newMessageId();
    const item = messageElement(
      { from: "member", text: shown, at: new Date().toISOString(), seq: "" },
      { onChoice: () => undefined, onRate: () => undefined },
    );
    item.classList.add("sending");
    item.querySelector(".foot").append(element("span", { class: "not-yet" }, text("sending")));
    closeChoices(this.#parts.log);
    this.#parts.log.append(item);
    this.#deliver(content, id, item);
    this.#scrollToEnd();
  }

  async #deliver(content, id, item) {
    item.querySelector(".trouble")?.remove();
    this.#unsent.set(id, item);
    this.#waiting.add(id);
    this.#showTyping();
    try {
      await this.#connection.send(content, id);
    } catch (error) {
      // It may have arrived all the same, or the chat is another one by now.
      if (!this.#unsent.has(id)) return;
      const again = button({ class: "again" }, text("tryAgain"));
      again.addEventListener("click", () => {
        this.#deliver(content, id, item);
        this.#parts.input.focus();
      });
      item.querySelector(".held")?.remove();
      const trouble = [text("notSent"), refusal(error)].filter(Boolean).join(" ");
      item.append(element("p", { class: "trouble" }, trouble, " ", again));
      this.#say(trouble);
    } finally {
      this.#waiting.delete(id);
      this.#showTyping();
    }
  }

  /** The bridge has had too many: the message goes out by itself, and must not be sent again. */
  #showHeld(id, seconds) {
    const item = this.#unsent.get(id);
    if (!item) return;
    const words = text("held", { seconds });
    const follows = this.#atEnd;
    item.querySelector(".held")?.remove();
    item.append(element("p", { class: "held" }, words));
    this.#showTyping();
    if (follows) this.#scrollToEnd();
    this.#say(words);
  }

  #receive(messages) {
    const followsEnd = this.#atEnd;
    const isHistory = this.#parts.log.childElementCount === 0 && messages.length > 1;
    const incoming = [];
    let first = null;
    for (const message of messages) {
      this.#messages.set(message.seq, message);
      const item = this.#place(message);
      if (message.from === "member") {
        closeChoices(this.#parts.log);
        // By whichever way it comes back, what is shown as being sent gives way to what was sent.
        this.#unsent.get(message.client_message_id)?.remove();
        this.#unsent.delete(message.client_message_id);
        continue;
      }
      incoming.push(message);
      first ??= item;
    }
    if (incoming.some(({ from }) => from === "agent")) this.#writing = 0;
    this.#showTyping();
    if (isHistory) {
      this.#scrollToEnd();
      return;
    }
    if (incoming.length === 0) return;
    this.#say(incoming.map(narration).join(" "));
    // A long answer is read from its beginning.
    if (followsEnd) this.#parts.scroller.scrollTop = first.offsetTop;
    else this.#parts.toNew.hidden = false;
    if (!this.#isOpen) {
      this.#unread += incoming.length;
      this.#showUnread();
    }
    if (this.#sound && (document.hidden || !this.#isOpen)) beep();
  }

  /** Put a message where its number belongs; what is still being sent stays last. */
  #place(message) {
    const item = messageElement(message, {
      onChoice: (choice) => {
        this.#say(text("says", { who: text("you"), text: choice.title }));
        this.#send({ button_id: choice.id }, choice.title);
      },
      onRate: (value, reason) => this.#connection.rate(message.id, value, reason).catch(() => undefined),
    });
    const numbered = [...this.#parts.log.children];
    const next = numbered.find(
      ({ dataset }) => dataset.seq === "" || Number(dataset.seq) > message.seq,
    );
    this.#parts.log.insertBefore(item, next ?? null);
    return item;
  }

  /** A person sees that the member is writing; told at most every three seconds. */
  #types() {
    if (this.#state.owner !== "agent" || Date.now() - this.#typedAt < TELL_TYPING_MILLISECONDS) return;
    this.#typedAt = Date.now();
    this.#connection.typing();
  }

  #show(state) {
    this.#state = state;
    const { who, verified, person, input, form, newChat, over, savePdf, saveText, startOver, end } = this.#parts;
    const isOver = state.owner === "closed";
    const now = whoIsThere(state);
    if (who.textContent && who.textContent !== now) this.#say(now);
    who.textContent = now;
    who.dataset.owner = state.owner;
    verified.hidden = !state.verified;
    person.setAttribute("aria-disabled", String(state.owner !== "assistant"));
    input.readOnly = isOver;
    form.hidden = isOver;
    newChat.hidden = !isOver;
    over.hidden = !isOver;
    for (const part of [person, savePdf, saveText, startOver, end]) part.hidden = isOver;
    if (isOver) closeChoices(this.#parts.log);
    this.#idle.follow(state);
    this.#showTyping();
  }

  #personWrites() {
    this.#writing = Date.now() + TYPING_MILLISECONDS;
    this.#showTyping();
    setTimeout(() => this.#showTyping(), TYPING_MILLISECONDS + 100);
  }

  #showTyping() {
    const { typing, typingText } = this.#parts;
    const { owner, agent } = this.#state;
    // Nobody writes an answer to what has not arrived.
    const arrives = this.#reached && !this.#parts.log.querySelector(".held");
    const thinking = this.#waiting.size > 0 && owner === "assistant" && arrives;
    const writing = owner === "agent" && Date.now() < this.#writing;
    typingText.textContent = thinking
      ? text("typing")
      : text("personTyping", { name: agent?.name ?? text("aPerson") });
    const follows = this.#atEnd;
    typing.hidden = !thinking && !writing;
    if (follows && !typing.hidden) this.#scrollToEnd();
  }

  async #showReach(reached) {
    const { banner } = this.#parts;
    this.#reached = reached;
    this.#showTyping();
    const lines = await memberServiceLines();
    if (reached !== this.#reached) return;
    if (reached) {
      if (banner.childElementCount) this.#say(text("reachedAgain"));
      banner.replaceChildren();
      return;
    }
    banner.replaceChildren(
      element("p", {}, text(lines.length ? "unreached" : "unreachedNoLines")),
      element("ul", {}, ...lines.map((line) => element("li", {}, ...withPhoneLinks(text("line", line))))),
    );
  }

  #warnIdle(time, words) {
    const { idle, idleText } = this.#parts;
    idle.hidden = false;
    idleText.textContent = text("idle", { time });
    if (words) this.#say(words);
  }

  #calmIdle() {
    this.#parts.idle.hidden = true;
  }

  #stay() {
    this.#parts.input.focus();
    this.#connection.stay().catch(() => this.#connection.look());
  }

  #ask(what, act) {
    const { dialog, question, confirm } = this.#parts;
    question.textContent = text(`${what}Question`);
    confirm.textContent = text(what);
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && act(), { once: true });
    dialog.showModal();
  }

  #end() {
    this.#connection.end();
    this.#over();
    this.#parts.newChat.focus();
  }

  /** A new conversation in place of the one before. */
  async #begin() {
    this.#forget({ typed: true });
    this.#connection.end();
    await this.#connection.open();
  }

  /** The session is over, here or elsewhere: nothing of it stays on the screen. */
  #over() {
    this.#forget();
    this.#show({ ...BEGINNING, owner: "closed" });
  }

  async #startOver() {
    this.#forget();
    this.#show(BEGINNING);
    this.#parts.input.focus();
    await this.#begin();
  }

  /** `typed`: what stands in the field stays there. */
  #forget({ typed = false } = {}) {
    this.#waiting.clear();
    this.#unsent.clear();
    this.#messages.clear();
    if (!typed) this.#parts.input.value = "";
    this.#parts.log.replaceChildren();
    this.#live.replaceChildren();
    this.#spoken = null;
  }

  /** Something that only this page has to say. */
  #notice(words) {
    const { banner } = this.#parts;
    banner.replaceChildren(element("p", {}, words));
    setTimeout(() => banner.replaceChildren(), 8000);
  }

  /** Tell a screen reader, apart from the visible log. What was just said stays for a while, so
   * that two things at once are both heard.
   */
  #say(words) {
    this.#live.append(element("p", {}, words));
    if (this.#live.childElementCount > MOST_NARRATED) this.#live.firstElementChild.remove();
  }

  get #atEnd() {
    const { scroller } = this.#parts;
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PIXELS;
  }

  #scrollToEnd() {
    const { scroller } = this.#parts;
    scroller.scrollTop = scroller.scrollHeight;
  }
}

/** Why it was not sent: the bridge says so in English. */
function refusal({ status, detail }) {
  return text("refusals")[status] ?? (currentLanguage() === "en" ? detail : "");
}

/** Who talks with the member now, in words. */
function whoIsThere({ owner, queue_position: place, queue_opens: opens, agent }) {
  // "You are next" would promise too much at night.
  if (owner === "queue" && opens) return text("queueClosed", { when: opening(opens, currentLocale()) });
  if (owner === "queue" && place) return text(place === 1 ? "queueNext" : "queuePlace", { place });
  if (owner === "agent" && agent?.name) {
    return text(agent.company ? "withAgentOf" : "withAgentNamed", agent);
  }
  const names = { assistant: "withAssistant", queue: "withQueue", agent: "withAgent", closed: "withNobody" };
  return text(names[owner] ?? "withAgent");
}

customElements.define("memberline-chat", MemberlineChat);
if (!document.querySelector("memberline-chat")) document.body.append(document.createElement("memberline-chat"));
