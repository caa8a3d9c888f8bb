// The agent desk: sign in, then the queue, the conversation and the suggestions side by side.

import { button, element } from "../shared/dom.js";
import { Alarms } from "./alarm.js";
import * as api from "./api.js";
import { ConversationView } from "./conversation.js";
import {
  Refused,
  askCallBack,
  askCalled,
  askCase,
  askCode,
  askFactors,
  askHandBack,
  askLift,
  askSettled,
  askTakeOver,
  askTransfer,
  askWrapUp,
} from "./dialogs.js";
import { FollowUps } from "./follow_ups.js";
import { meant, showKeys } from "./keys.js";
import { Queue, nameOf } from "./queue.js";
import { Suggestions } from "./suggestions.js";
import { failure, text } from "./texts.js";

const root = document.getElementById("desk");
// What a suggestion's next step opens.
// What another try may put right.
const TRY_AGAIN = new Set(["refused", "unavailable", "wrong_code"]);
const STEPS = { verify: "verify", confirm_code: "verify", open_case: "openCase", call_back: "callBack" };

function showSignIn() {
  const trouble = element("p", { class: "trouble", role: "alert" });
  const username = element("input", { id: "username", name: "username", autocomplete: "username", required: true });
  const password = element("input", {
    id: "password",
    name: "password",
    type: "password",
    autocomplete: "current-password",
    required: true,
  });
  const form = element(
    "form",
    { class: "sign-in" },
    element("h1", {}, text("title")),
    element("label", { for: "username" }, text("username")),
    username,
    element("label", { for: "password" }, text("password")),
    password,
    trouble,
    element("button", { class: "strong" }, text("signIn")),
  );
  offerCompanies(form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.textContent = "";
    try {
      await api.signIn(username.value, password.value);
      new Desk(await api.me()).start();
    } catch (error) {
      trouble.textContent = error.status === 401 ? text("signInFailed") : failure(error);
      password.value = "";
      password.focus();
    }
  });
  const failed = new URLSearchParams(location.search).get("sign-in");
  if (failed) {
    trouble.textContent = text("companySignInFailed")[failed] ?? text("companySignInFailed").refused;
    history.replaceState(null, "", "/desk");
  }
  root.replaceChildren(element("main", {}, form));
  username.focus();
}

/** Links to the companies' own sign-in, where there is any. */
async function offerCompanies(form) {
  const companies = await api.signIns().catch(() => []);
  if (companies.length === 0) return;
  form.append(
    element("p", { class: "or" }, text("orAtCompany")),
    ...companies.map(({ key, name }) =>
      element("a", { class: "company-sign-in", href: `/desk/sign-in/${encodeURIComponent(key)}` }, text("signInAt", { name })),
    ),
  );
}

/** What came of a try to verify. Raises Refused for what another try may put right. */
function checked(found, words) {
  if (TRY_AGAIN.has(found.outcome)) throw new Refused(text(words)[found.outcome]);
  return found;
}

class Desk {
  #agent;
  #companies;
  #secondFactors;
  #queue = new Queue({ onAccept: (id) => this.#accept(id), onOpen: (id) => this.#open(id) });
  #view = new ConversationView({
    onSend: (id, words, suggestion) => this.#send(id, words, suggestion),
    // Whether it came through is no matter: it is told again in three seconds.
    onTyping: (id) => api.typing(id).catch(() => {}),
    onVerify: (id) => this.#verify(id),
    onCode: (id) => this.#confirmByCode(id),
    onLift: (id) => this.#lift(id),
    onCase: (id) => this.#openCase(id),
    onCallBack: (id) => this.#bookCall(id),
    onTransfer: (id) => this.#transfer(id),
    onTakeOver: (id) => this.#takeOver(id),
    onHandBack: (id) => this.#handBack(id),
    onWrapUp: (id) => this.#wrapUp(id),
    onNews: (words) => this.#say(text("wrote", { text: words })),
  });
  #suggestions = new Suggestions({
    onUse: (suggestion, number) => this.#use(suggestion, number),
    onDismiss: (suggestion, reason) =>
      this.#try(() => api.record(this.#view.id, suggestion.id, "dismissed", { reason })),
    onAsk: (words) => this.#ask(words),
    onStale: (ofMember) => {
      if (ofMember) this.#memberShown = null;
      this.#refreshConversation();
    },
    onStep: (step) => this.#act(STEPS[step]),
  });
  #followUps = new FollowUps({
    onCalled: (call) => this.#called(call),
    onSettled: (entry) => this.#settled(entry),
  });
  #alarms = new Alarms((id) => this.#open(id));
  #notice = element("p", { class: "notice", role: "status" });
  #live = element("p", { class: "unseen", role: "status" });
  // Beside the other one, so that neither takes the other's words away before they are read.
  #offered = element("p", { class: "unseen", role: "status" });
  #keys = element("input", { type: "checkbox", id: "keys", checked: true });
  #available = element("input", { type: "checkbox", id: "available" });
  #stops = [];
  #memberShown = null;
  // Who was proven last in each conversation.
  #members = new Map();

  /** `me`: who is signed in, the companies, and what each asks for instead of the card. */
  constructor({ agent, companies, second_factors: secondFactors }) {
    this.#agent = agent;
    this.#companies = Object.fromEntries(agent.companies.map((key) => [key, companies[key] ?? key]));
    this.#secondFactors = secondFactors;
    this.#available.checked = agent.available;
    this.#available.addEventListener("change", () =>
      this.#try(() => api.setAvailable(this.#available.checked)),
    );
  }

  get #supervises() {
    return this.#agent.role !== "agent";
  }

  start() {
    this.#queue.element.append(this.#followUps.element);
    root.replaceChildren(
      element(
        "header",
        { class: "top" },
        element("h1", {}, text("title")),
        this.#supervises && element("a", { href: "/desk/figures" }, text("figures")),
        this.#agent.role === "admin" && element("a", { href: "/desk/learning" }, text("learning")),
        this.#agent.role === "admin" && element("a", { href: "/desk/people" }, text("users")),
        element("label", { class: "keys" }, this.#available, ` ${text("available")}`),
        element("label", { class: "keys" }, this.#keys, ` ${text("useKeys")}`),
        button({ on: { click: showKeys } }, text("allKeys")),
        element("span", { class: "agent" }, this.#agent.name ?? this.#agent.username),
        button({ on: { click: () => this.#signOut() } }, text("signOut")),
      ),
      this.#alarms.element,
      this.#notice,
      this.#live,
      this.#offered,
      element("main", { class: "columns" }, this.#queue.element, this.#view.element, this.#suggestions.element),
    );
    const onKey = (event) => this.#onKey(event);
    document.addEventListener("keydown", onKey);
    const ticking = setInterval(() => {
      this.#queue.tick();
      this.#suggestions.tick();
    }, 1000);
    const stopListening = api.listen({
      onQueue: () => this.#refreshQueue(),
      onConversation: (id) => this.#heardOf(id),
      onCallBacks: () => this.#refreshFollowUps(),
      onCall: (id) => this.#heardCall(id),
      onTyping: (id) => id === this.#view.id && this.#view.memberTypes(),
      onAlarm: ({ id }) => this.#alarm(id),
      onPoll: () => this.#refresh(),
    });
    this.#stops = [stopListening, () => clearInterval(ticking), () => document.removeEventListener("keydown", onKey)];
    this.#refresh().then(() => this.#pop());
  }

  /** A phone platform opens `/desk?handoff=ID`: the call's conversation is taken and shown. */
  async #pop() {
    const handoff = new URLSearchParams(location.search).get("handoff");
    if (!handoff) return;
    history.replaceState(null, "", "/desk");
    const found = await this.#try(() => api.handoff(handoff));
    if (!found) return;
    const id = found.conversation_id;
    if (this.#queue.isMine(id)) await this.#open(id);
    else await this.#accept(id);
  }

  #stop() {
    for (const stop of this.#stops) stop();
    showSignIn();
  }

  async #signOut() {
    await this.#try(() => api.signOut());
    this.#stop();
  }

  /** Run a request; tell what went wrong, if it still matters. Returns its result, or undefined. */
  async #try(run, matters = () => true) {
    try {
      const result = await run();
      if (this.#notice.dataset.kind === "unreached") this.#tell("");
      return result;
    } catch (error) {
      if (!(error instanceof api.RequestFailed)) throw error;
      if (error.status === 401) this.#stop();
      else if (matters()) this.#tell(failure(error), error.status ? "failed" : "unreached");
      return undefined;
    }
  }

  async #refresh() {
    await this.#refreshQueue();
    await this.#refreshFollowUps();
    if (this.#queue.isMine(this.#view.id)) await this.#refreshConversation();
  }

  async #refreshQueue() {
    const found = await this.#try(() => api.queue());
    if (!found) return;
    const watched = this.#supervises ? await this.#try(() => api.watched()) : null;
    const others = (watched?.conversations ?? []).filter(
      ({ owner, agent }) => owner === "agent" && agent !== this.#agent.username,
    );
    const running = await this.#try(() => api.calls());
    this.#queue.show(found.conversations, others, running?.calls ?? []);
    // The member may have left, or the agent handed back from another window.
    const { id } = this.#view;
    if (id && (!this.#queue.isMine(id) || this.#queue.entry(id).member_left)) await this.#refreshConversation();
  }

  async #refreshFollowUps() {
    const found = await this.#try(() => Promise.all([api.callBacks(), api.cases()]));
    if (found) this.#followUps.show(found[0].callbacks, found[1].cases);
  }

  async #called(call) {
    if (await this.#try(() => askCalled(({ outcome }) => api.called(call.id, outcome)))) await this.#refreshFollowUps();
  }

  async #settled({ reference }) {
    if (await this.#try(() => askSettled(reference, () => api.settled(reference)))) await this.#refreshFollowUps();
  }

  /** A call that the assistant has went on: its transcript, if it is open, and the list. */
  async #heardCall(id) {
    if (id === this.#view.id) await this.#refreshConversation();
    await this.#refreshQueue();
  }

  async #refreshConversation() {
    const { id } = this.#view;
    if (this.#queue.isCall(id)) {
      const call = await this.#try(() => api.call(id), () => false);
      if (id !== this.#view.id) return;
      if (call) {
        this.#view.show(call, this.#agent.username, false);
        this.#suggestions.clear();
        return;
      }
    }
    // One that was just wrapped up or handed back is gone, and nobody asked for it any more.
    const found = await this.#try(() => api.conversation(id), () => id === this.#view.id);
    // Another one may have been opened in the meantime: its page must not show this one.
    if (!found || id !== this.#view.id) return;
    this.#view.show(found, this.#agent.username, this.#supervises);
    const mine = found.owner === "agent" && found.agent === this.#agent.username;
    if (!mine) {
      this.#suggestions.clear();
      return;
    }
    this.#switchMember(id, found.member);
    const fresh = this.#suggestions.show(found.suggestions ?? [], (seq) => this.#view.memberText(seq));
    if (fresh) this.#offered.textContent = text("suggested", { count: fresh });
    const shown = `${id} ${found.member} ${found.level}`;
    if (!found.verified || this.#memberShown === shown) return;
    this.#memberShown = shown;
    const known = await this.#try(() => api.member(id), () => id === this.#view.id);
    if (known && id === this.#view.id && this.#memberShown === shown) this.#suggestions.showMember(known);
  }

  /** What is shown and written for one person is not another's: `member` stands for who is proven,
   * null for nobody.
   */
  #switchMember(id, member) {
    const before = this.#members.get(id) ?? null;
    if (!member || before !== member) {
      this.#memberShown = null;
      this.#suggestions.clearMember();
    }
    if (!member) return;
    this.#members.set(id, member);
    if (before && before !== member && this.#view.forgetDraft()) this.#tell(text("draftForgotten"));
  }

  #heardOf(id) {
    if (id === this.#view.id) this.#refreshConversation();
    else if (this.#queue.isMine(id)) this.#queue.markUnread(id);
    this.#refreshQueue();
  }

  async #accept(id) {
    try {
      await api.accept(id);
    } catch (error) {
      await this.#refreshQueue();
      this.#tell(error.status === 409 ? text("faster") : failure(error), "failed");
      return;
    }
    this.#tell("");
    await this.#refreshQueue();
    await this.#open(id);
  }

  async #open(id) {
    this.#memberShown = null;
    this.#suggestions.clear();
    this.#view.open(id);
    this.#queue.markCurrent(id);
    await this.#refreshConversation();
    this.#view.editor.focus();
  }

  #use(suggestion, number) {
    this.#view.take(suggestion);
    this.#say(text("inEditor", { number }));
  }

  async #send(id, words, suggestion) {
    const sent = await this.#try(() => api.reply(id, words));
    if (sent === undefined) {
      this.#view.giveBack(id, words, suggestion);
      return;
    }
    if (suggestion) {
      const edited = words !== suggestion.text.trim();
      await this.#try(() => api.record(id, suggestion.id, edited ? "edited" : "used", { text: edited ? words : "" }));
    }
    if (id === this.#view.id) await this.#refreshConversation();
  }

  async #ask(words) {
    const { id } = this.#view;
    const found = await this.#try(() => api.ask(id, words));
    return id === this.#view.id ? found?.suggestions : undefined;
  }

  async #verify(id) {
    const check = async (bare, told) => checked(await (bare ? api.verifyWithoutCard : api.verify)(id, told), "verifyOutcomes");
    const found = await this.#try(() => askFactors(this.#companies, this.#secondFactors, check));
    if (!found) return;
    this.#tell(text("verifyOutcomes")[found.outcome] ?? found.outcome);
    if (id === this.#view.id) await this.#refreshConversation();
  }

  /** A code goes to the member, who tells it; a wrong one may be told again. */
  async #confirmByCode(id, kind = null) {
    const sent = await this.#try(() => api.sendCode(id, kind));
    if (!sent) return;
    if (!["sent", "too_soon"].includes(sent.outcome)) {
      this.#tell(text("codeOutcomes")[sent.outcome] ?? sent.outcome);
    } else {
      await this.#checkCode(id, sent);
    }
    if (id === this.#view.id) await this.#refreshConversation();
  }

  async #checkCode(id, sent) {
    const check = async ({ code }) => checked(await api.checkCode(id, code), "codeOutcomes");
    const found = await this.#try(() => askCode(sent, check));
    if (found?.chosen) await this.#confirmByCode(id, found.chosen);
    else if (found) this.#tell(text("codeOutcomes")[found.outcome] ?? found.outcome);
  }

  async #openCase(id) {
    const kinds = await this.#try(() => api.caseKinds());
    const known = this.#view.shown?.partner || this.#view.shown?.verified;
    const open = ({ kind, words, company = null }) => api.openCase(id, { kind, words, company });
    const opened = kinds && (await this.#try(() => askCase(kinds, known ? null : this.#companies, open)));
    if (!opened) return;
    this.#tell(text("caseOpened", { reference: opened.reference }));
    await this.#refreshFollowUps();
    if (id === this.#view.id) await this.#refreshConversation();
  }

  async #bookCall(id) {
    const book = (call) => api.bookCall(id, call);
    const booked = await this.#try(() => askCallBack(this.#view.shown?.reason ?? "", book));
    if (booked) this.#tell(text("done", { what: text("callBack") }));
  }

  async #lift(id) {
    const lift = ({ member_id: memberId, reason }) => api.liftLockOut(id, memberId, reason);
    if (await this.#try(() => askLift(lift))) this.#tell(text("done", { what: text("lift") }));
  }

  async #transfer(id) {
    const targets = await this.#try(() => api.colleagues());
    const pass = ({ to, note }) => {
      const [kind, key] = to.split(/:(.*)/s);
      return api.transfer(id, { [kind]: key }, note);
    };
    if (targets && (await this.#try(() => askTransfer(targets, pass)))) this.#left(text("transfer"));
  }

  async #takeOver(id) {
    if (!(await this.#try(() => askTakeOver(() => api.takeOver(id))))) return;
    await this.#refreshQueue();
    await this.#open(id);
  }

  async #handBack(id) {
    const draft = await this.#try(() => api.handBackDraft(id));
    const give = ({ summary, topic }) => api.handBack(id, summary, topic || null);
    if (draft && (await this.#try(() => askHandBack(draft, give)))) this.#left(text("handBack"));
  }

  async #wrapUp(id) {
    const draft = await this.#try(() => api.wrapUpDraft(id));
    const close = ({ disposition, summary }) => api.wrapUp(id, disposition, summary);
    if (draft && (await this.#try(() => askWrapUp(draft, close)))) this.#left(text("wrapUp"));
  }

  #left(what) {
    this.#view.close({ forget: true });
    this.#suggestions.clear();
    this.#queue.markCurrent(null);
    this.#tell(text("done", { what }));
    this.#refreshQueue();
  }

  #alarm(id) {
    const entry = this.#queue.entry(id);
    this.#alarms.ring(id, entry ? nameOf(entry) : null);
  }

  #onKey(event) {
    if (document.querySelector("dialog[open]")) return;
    const found = meant(event, this.#keys.checked);
    if (!found) return;
    event.preventDefault();
    if (found.use) this.#suggestions.use(found.use);
    else if (found.dismiss) this.#suggestions.dismiss(found.dismiss);
    else this.#act(found.act);
  }

  #act(what) {
    const { id, shown } = this.#view;
    const mine = shown?.owner === "agent" && shown.agent === this.#agent.username;
    const ofConversation = {
      ask: () => this.#suggestions.focusAsk(),
      verify: () => (shown.verified ? shown.level < 2 && this.#confirmByCode(id) : this.#verify(id)),
      openCase: () => this.#openCase(id),
      callBack: () => this.#bookCall(id),
      transfer: () => this.#transfer(id),
      handBack: () => this.#handBack(id),
      wrapUp: () => this.#wrapUp(id),
    }[what];
    if (ofConversation) {
      if (mine) ofConversation();
      else this.#say(text("pick"));
      return;
    }
    switch (what) {
      case "help":
        showKeys();
        return;
      case "reply":
        this.#view.editor.focus();
        return;
      case "alarm":
        this.#alarms.openFirst();
        return;
      case "available":
        this.#available.click();
        this.#say(text(this.#available.checked ? "isAvailable" : "isAway"));
        return;
      case "takeOver":
        if (this.#supervises && shown?.owner === "agent" && !mine) this.#takeOver(id);
        return;
    }
    const next = what === "accept" ? this.#queue.firstWaiting : this.#queue.nextMine;
    if (!next) this.#say(text(what === "accept" ? "noneWaiting" : "noneMine"));
    else if (what === "accept") this.#accept(next);
    else this.#open(next);
  }

  #tell(words, kind = "") {
    this.#notice.textContent = words;
    this.#notice.dataset.kind = kind;
  }

  #say(words) {
    this.#live.textContent = words;
  }
}

try {
  new Desk(await api.me()).start();
} catch {
  showSignIn();
}
