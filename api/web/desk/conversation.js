// Middle: one conversation, its transcript and the agent's reply.

import { cardElement } from "../chat/cards.js";
import { button, element } from "../shared/dom.js";
import { clock } from "../shared/format.js";
import { nameOf } from "./queue.js";
import { levelText, text } from "./texts.js";

const MOST_CHARACTERS = 4000;
const NEAR_END_PIXELS = 80;
// The member's page shows "is typing" for a little longer than this.
const TYPING_MILLISECONDS = 3000;
const TYPES_MILLISECONDS = 5000;

export class ConversationView {
  #head = element("header", { class: "about-member" });
  #log = element("ol", { class: "log", role: "list" });
  #scroller = element("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": text("messages") }, this.#log);
  #editor = element("textarea", { id: "reply", rows: "3", maxlength: MOST_CHARACTERS, "aria-describedby": "reply-hint" });
  #form;
  #writing;
  #sending;
  #over = element("p", { class: "over", role: "status" });
  #takeOver;
  #verify;
  #code;
  #lift;
  #shown = null;
  #types = element("p", { class: "types" });
  #typesUntil = null;
  #typedAt = 0;
  #empty = element("p", { class: "empty" }, text("pick"));
  #whole;
  #id = null;
  #lastSeq = 0;
  // What is being written is kept with its conversation, so that it can't go to another member.
  #drafts = new Map();
  #basis = null;
  #onSend;
  #onNews;

  /** `onSend(id, text, suggestion)`: the suggestion is what the text was made from, if any.
   * `onNews(text)` hears what the member wrote while the conversation was open.
   */
  constructor({ onSend, onVerify, onCode, onLift, onTyping, onCase, onCallBack, onTransfer, onTakeOver, onHandBack, onWrapUp, onNews }) {
    this.#onSend = onSend;
    this.#onNews = onNews;
    this.#writing = element(
      "div",
      {},
      element("label", { for: "reply" }, text("reply")),
      this.#editor,
      element("p", { id: "reply-hint", class: "hint" }, text("replyHint")),
    );
    this.#sending = element("button", { class: "strong" }, text("send"));
    this.#form = element(
      "form",
      { class: "reply" },
      this.#writing,
      element(
        "div",
        { class: "acts" },
        this.#sending,
        button({ on: { click: () => onCase(this.#id) } }, text("openCase")),
        button({ on: { click: () => onCallBack(this.#id) } }, text("callBack")),
        button({ on: { click: () => onTransfer(this.#id) } }, text("transfer")),
        button({ on: { click: () => onHandBack(this.#id) } }, text("handBack")),
        button({ on: { click: () => onWrapUp(this.#id) } }, text("wrapUp")),
      ),
    );
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#editor.addEventListener("input", () => {
      if (Date.now() - this.#typedAt < TYPING_MILLISECONDS) return;
      this.#typedAt = Date.now();
      onTyping(this.#id);
    });
    this.#takeOver = button({ class: "take-over", on: { click: () => onTakeOver(this.#id) } }, text("takeOver"));
    this.#verify = button({ on: { click: () => onVerify(this.#id) } }, text("verify"));
    this.#code = button({ on: { click: () => onCode(this.#id) } }, text("confirmCode"));
    this.#lift = button({ on: { click: () => onLift(this.#id) } }, text("lift"));
    this.#editor.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
    });
    this.#whole = element(
      "section",
      { class: "conversation", "aria-label": text("conversation") },
      this.#empty,
      this.#head,
      this.#scroller,
      this.#types,
      this.#over,
      this.#takeOver,
      this.#form,
    );
    this.close();
  }

  get element() {
    return this.#whole;
  }

  get id() {
    return this.#id;
  }

  /** The conversation as it was shown last, or null. */
  get shown() {
    return this.#shown;
  }

  get editor() {
    return this.#editor;
  }

  /** Turn to a conversation; its transcript comes with `show`. */
  open(id) {
    this.#keepDraft();
    this.#id = id;
    this.#shown = null;
    this.#lastSeq = 0;
    this.#typedAt = 0;
    this.#log.replaceChildren();
    this.#head.replaceChildren();
    const draft = this.#drafts.get(id) ?? { text: "", basis: null };
    this.#editor.value = draft.text;
    this.#basis = draft.basis;
    this.#reveal(true);
  }

  /** Leave the conversation; `forget` throws its draft away too. */
  close({ forget = false } = {}) {
    this.#keepDraft();
    if (forget) this.#drafts.delete(this.#id);
    this.#id = null;
    this.#shown = null;
    this.#editor.value = "";
    this.#basis = null;
    this.#reveal(false);
  }

  /** The member is writing, for a moment. */
  memberTypes() {
    clearTimeout(this.#typesUntil);
    this.#types.textContent = text("memberTypes");
    this.#typesUntil = setTimeout(() => this.#stopsTyping(), TYPES_MILLISECONDS);
  }

  #stopsTyping() {
    clearTimeout(this.#typesUntil);
    this.#types.textContent = "";
  }

  /** `me` is the agent's user name, `mayTakeOver` whether a supervisor watches. */
  show(conversation, me, mayTakeOver) {
    this.#shown = conversation;
    const level = levelText(conversation.verified ? conversation.level : 0);
    const companies = (conversation.memberships ?? []).join(", ");
    // Drawing it anew must not take the keyboard away from a button in it.
    const focused = document.activeElement;
    this.#head.replaceChildren(
      element("h2", {}, nameOf(conversation)),
      element(
        "p",
        { class: "facts" },
        element("span", { class: conversation.verified ? "tag good" : "tag" }, level),
        conversation.verified && conversation.method
          ? element("span", { class: "tag" }, text("methods")[conversation.method] ?? "")
          : "",
        conversation.agent === me && !conversation.verified && this.#verify,
        conversation.agent === me && conversation.verified && conversation.level < 2 && this.#code,
        conversation.agent === me && !conversation.verified && mayTakeOver && this.#lift,
        companies && element("span", { class: "tag" }, `${text("memberships")}: ${companies}`),
      ),
      conversation.reason
        ? element("p", { class: "reason", dir: "auto" }, `${text("reason")}: ${conversation.reason}`)
        : "",
      ...(conversation.steps ?? []).filter(({ note }) => note).map(noteElement),
    );
    if (this.#head.contains(focused)) focused.focus();
    const isOver = conversation.owner !== "agent" || conversation.agent !== me;
    const isColleagues = isOver && conversation.owner === "agent";
    const isCall = conversation.owner === "assistant" && conversation.channel === "voice";
    this.#over.textContent = isColleagues
      ? text("colleagueHas", { agent: conversation.agent })
      : isCall ? text("listening") : isOver ? text("over") : conversation.member_left ? text("memberLeft") : "";
    this.#takeOver.hidden = !(isColleagues && mayTakeOver);
    this.#form.hidden = isOver;
    this.#writing.hidden = Boolean(conversation.member_left);
    this.#sending.hidden = Boolean(conversation.member_left);
    const first = this.#lastSeq === 0;
    const followsEnd = first || this.#atEnd;
    const fresh = conversation.messages.filter(({ seq }) => seq > this.#lastSeq);
    for (const message of fresh) {
      this.#log.append(messageElement(message));
      this.#lastSeq = message.seq;
      if (message.from === "member") this.#stopsTyping();
      if (!first && message.from === "member") this.#onNews(message.text);
    }
    if (fresh.length && followsEnd) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** What the member wrote in the message of this number. */
  memberText(seq) {
    return this.#log.querySelector(`[data-seq="${Number(seq)}"] .words`)?.textContent ?? "";
  }

  /** Put a suggestion's text into the editor: in place of an untouched one, after the agent's own
   * words otherwise.
   */
  take(suggestion) {
    const written = this.#editor.value;
    const untouched = written.trim() === "" || written === this.#basis?.text;
    const joined = untouched ? suggestion.text : `${written.trimEnd()}\n${suggestion.text}`;
    this.#editor.value = joined;
    this.#basis = suggestion;
    this.#editor.focus();
    this.#editor.setSelectionRange(joined.length, joined.length);
  }

  /** Give the words back to the editor when they could not be sent. */
  giveBack(id, words, basis) {
    if (id === this.#id && this.#editor.value === "") {
      this.#editor.value = words;
      this.#basis = basis;
    } else {
      this.#drafts.set(id, { text: words, basis });
    }
  }

  /** Throw away what is being written. Returns whether anything was. */
  forgetDraft() {
    const written = this.#editor.value !== "";
    this.#editor.value = "";
    this.#basis = null;
    this.#drafts.delete(this.#id);
    return written;
  }

  #submit(event) {
    event.preventDefault();
    const words = this.#editor.value.trim();
    if (!words) return;
    const basis = this.#basis;
    this.#typedAt = 0;
    this.#editor.value = "";
    this.#basis = null;
    this.#onSend(this.#id, words, basis);
  }

  #keepDraft() {
    if (this.#id) this.#drafts.set(this.#id, { text: this.#editor.value, basis: this.#basis });
  }

  #reveal(open) {
    this.#empty.hidden = open;
    this.#over.textContent = "";
    this.#takeOver.hidden = true;
    this.#stopsTyping();
    for (const part of [this.#head, this.#scroller, this.#form]) part.hidden = !open;
  }

  get #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PIXELS;
  }
}

function noteElement({ agent, note, at }) {
  return element("p", { class: "note", dir: "auto" }, text("noteOf", { agent, at: clock(at) }), " ", note);
}

function messageElement(message) {
  const who = text("authors")[message.from] ?? text("authors").system;
  const item = element(
    "li",
    { class: `message from-${message.from}`, "data-seq": message.seq },
    element("p", { class: "author" }, who, " ", element("time", { datetime: message.at }, clock(message.at))),
    element("p", { class: "words", dir: "auto" }, message.text),
  );
  for (const card of message.cards ?? []) item.append(cardElement(card) ?? "");
  return item;
}
