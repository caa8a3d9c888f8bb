// <memberline-chat>: member service on any page of the same origin, by one script tag:
//   <script type="module" src="/web/memberline-chat.js"></script>
// puts a launcher and a panel in the corner. With the attribute `page` the chat fills the element's
// own box instead. Colours follow the CSS variables --memberline-accent and --memberline-on-accent.

import { closeChoices, messageElement, narration } from "./chat/message.js";
import { Connection } from "./chat/connection.js";
import { layout } from "./chat/layout.js";
import { text } from "./chat/texts.js";
import { button, element } from "./shared/dom.js";
import { memberServiceLines } from "./shared/lines.js";

const NEAR_END_PIXELS = 80;
const MOST_NARRATED = 4;

class MemberlineChat extends HTMLElement {
  #connection = new Connection();
  #state = { owner: "assistant", verified: false, level: 0 };
  #isOpen = false;
  #started = false;
  #unread = 0;
  #waiting = new Map();
  #parts = null;

  connectedCallback() {
    if (this.#parts) return;
    const root = this.attachShadow({ mode: "open" });
    const style = element("link", {
      rel: "stylesheet",
      href: new URL("chat/chat.css", import.meta.url),
    });
    this.#parts = layout(this.#isPage);
    this.#parts.frame.hidden = true;
    // Nothing is shown before it is styled; without the styles it still works.
    const show = () => {
      this.#parts.frame.hidden = false;
    };
    style.addEventListener("load", show);
    style.addEventListener("error", show);
    root.append(style, this.#parts.frame);
    this.#wire();
    this.#hear();
    if (this.#isPage) this.#open({ focus: false });
    else if (this.#connection.resumable) this.#start();
  }

  get #isPage() {
    return this.hasAttribute("page");
  }

  #wire() {
    const { launcher, close, panel, dialog, form, input, scroller, toNew, person, startOver, end, newChat } =
      this.#parts;
    launcher.addEventListener("click", () => this.#open());
    close.addEventListener("click", () => this.#close());
    form.addEventListener("submit", (event) => this.#submit(event));
    input.addEventListener("keydown", (event) => {
      // While an input method composes a character, Enter belongs to it.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
    });
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.#isPage && !dialog.open) this.#close();
    });
    toNew.addEventListener("click", () => {
      this.#scrollToEnd();
      toNew.hidden = true;
      scroller.focus();
    });
    person.addEventListener("click", () => {
      if (person.getAttribute("aria-disabled") !== "true") this.#send({ text: text("personAsked") });
    });
    startOver.addEventListener("click", () => this.#ask("startOver", () => this.#startOver()));
    end.addEventListener("click", () => this.#ask("end", () => this.#end()));
    newChat.addEventListener("click", () => this.#startOver());
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
    this.#connection.addEventListener("messages", ({ detail }) => this.#receive(detail));
    this.#connection.addEventListener("state", ({ detail }) => this.#show(detail));
    this.#connection.addEventListener("reach", ({ detail }) => this.#showReach(detail.reached));
    this.#connection.addEventListener("ended", () => this.#show({ owner: "closed", verified: false, level: 0 }));
    this.#show(this.#state);
  }

  #start() {
    if (this.#started) return;
    this.#started = true;
    this.#connection.open();
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

  #submit(event) {
    event.preventDefault();
    const { input } = this.#parts;
    const written = input.value.trim();
    if (!written || input.readOnly) return;
    input.value = "";
    this.#send({ text: written });
  }

  /** Show the message at once, and deliver it. `shown` is its text on the screen. */
  #send(content, shown = content.text) {
    const id = this.#connection.newMessageId();
    const item = messageElement(
      { from: "member", text: shown, at: new Date().toISOString(), seq: "" },
      { onChoice: () => undefined, onRate: () => undefined },
    );
    item.classList.add("sending");
    closeChoices(this.#parts.log);
    this.#parts.log.append(item);
    this.#deliver(content, id, item);
    this.#scrollToEnd();
  }

  async #deliver(content, id, item) {
    item.querySelector(".trouble")?.remove();
    this.#waiting.set(id, item);
    this.#showTyping();
    try {
      await this.#connection.send(content, id);
    } catch (error) {
      if (!this.#waiting.has(id)) return;
      const again = button({ class: "again" }, text("tryAgain"));
      again.addEventListener("click", () => {
        this.#deliver(content, id, item);
        this.#parts.input.focus();
      });
      const trouble = [text("notSent"), error.detail].filter(Boolean).join(" ");
      item.append(element("p", { class: "trouble" }, trouble, " ", again));
      this.#say(trouble);
      this.#waiting.delete(id);
      this.#showTyping();
    }
  }

  #receive({ messages, clientMessageId }) {
    const followsEnd = this.#atEnd;
    const isHistory = this.#parts.log.childElementCount === 0 && messages.length > 1;
    const sent = this.#waiting.get(clientMessageId);
    this.#waiting.delete(clientMessageId);
    const incoming = [];
    let first = null;
    for (const message of messages) {
      const item = this.#place(message);
      if (message.from === "member") {
        closeChoices(this.#parts.log);
        continue;
      }
      incoming.push(message);
      first ??= item;
    }
    sent?.remove();
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

  #show(state) {
    this.#state = state;
    const { who, verified, person, input, form, newChat, actions } = this.#parts;
    const over = state.owner === "closed";
    const names = { assistant: "withAssistant", queue: "withQueue", agent: "withAgent", closed: "withNobody" };
    const now = text(names[state.owner] ?? "withAgent");
    if (who.textContent && who.textContent !== now) this.#say(now);
    who.textContent = now;
    who.dataset.owner = state.owner;
    verified.hidden = !state.verified;
    person.setAttribute("aria-disabled", String(state.owner !== "assistant"));
    input.readOnly = over;
    form.hidden = over;
    actions.hidden = over;
    newChat.hidden = !over;
    if (over) closeChoices(this.#parts.log);
    this.#showTyping();
  }

  #showTyping() {
    this.#parts.typing.hidden = this.#waiting.size === 0 || this.#state.owner !== "assistant";
  }

  async #showReach(reached) {
    const { banner } = this.#parts;
    const lines = await memberServiceLines();
    if (reached) {
      if (banner.childElementCount) this.#say(text("reachedAgain"));
      banner.replaceChildren();
      return;
    }
    banner.replaceChildren(
      element("p", {}, text(lines.length ? "unreached" : "unreachedNoLines")),
      element("ul", {}, ...lines.map((line) => element("li", {}, text("line", line)))),
    );
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
    this.#clear();
    this.#show({ owner: "closed", verified: false, level: 0 });
    this.#parts.newChat.focus();
  }

  async #startOver() {
    this.#clear();
    this.#show({ owner: "assistant", verified: false, level: 0 });
    this.#parts.input.focus();
    this.#connection.end();
    await this.#connection.open();
  }

  #clear() {
    this.#waiting.clear();
    this.#parts.log.replaceChildren();
    this.#parts.live.replaceChildren();
  }

  /** Tell a screen reader, apart from the visible log. What was just said stays for a while, so
   * that two things at once are both heard.
   */
  #say(words) {
    const { live } = this.#parts;
    live.append(element("p", {}, words));
    if (live.childElementCount > MOST_NARRATED) live.firstElementChild.remove();
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

customElements.define("memberline-chat", MemberlineChat);
if (!document.querySelector("memberline-chat")) document.body.append(document.createElement("memberline-chat"));
