// The way to the bridge: sessions, sending with retry, hearing in order.
//
// Messages are sent by HTTP, where sending the same one again is safe. What comes is told by a
// socket; where a network lets none through, by long polling. Nothing outside this module knows
// which. It tells by events:
//   messages  {messages}  new ones, in order, never one twice
//   state     {owner, verified, level, ...}
//   held      {id, seconds}  a message goes out again after so long: too many were sent
//   typing                the person at the desk is writing
//   reach     {reached}   whether the bridge answers
//   ended                 the session is over on the server

import { askOtherTabs, answerOtherTabs } from "./tabs.js";

const BRIDGE = new URL(import.meta.url).origin;
const TOKEN_KEY = "memberline.session";
const POLL_SECONDS = 20;
const REQUEST_SECONDS = 20;
const RETRY_SECONDS = [0.5, 1, 2, 4, 8, 15];
// The bridge says something every 20 seconds, if only that it is alive.
const SILENCE_SECONDS = 45;
const OPENING_SECONDS = 6;
const FAILED_OPENINGS = 2;
const POLLING_SECONDS = 120;
const SESSION_OVER = 4401;

/** The bridge said no (`status`, `detail`), or could not be reached (status 0). */
class RequestFailed extends Error {
  constructor({ status = 0, detail = "", retryAfter = 0 }) {
    super(detail);
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may work later. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Wait; a network that comes back ends it. */
const pause = (seconds) =>
  new Promise((resolve) => {
    const timer = setTimeout(done, seconds * 1000);
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    }
    addEventListener("online", done);
  });

// A little by chance, so that a bridge that comes back does not hear from everybody at once.
const delay = (attempt, { retryAfter = 0 } = {}) =>
  Math.max(retryAfter, RETRY_SECONDS[Math.min(attempt, RETRY_SECONDS.length - 1)] * (0.75 + Math.random() / 2));

/** Tell the bridge that a session is over, also while the page is being left. */
const endSession = (token) =>
  fetch(`${BRIDGE}/chat/sessions/current`, {
    method: "DELETE",
    headers: { Authorization: `Bearer ${token}` },
    keepalive: true,
  }).catch(() => undefined);

export class Connection extends EventTarget {
  #key;
  #token;
  // Aborted when the session is over: nothing of it may reach the next one.
  #session = new AbortController();
  #seen = new Set();
  #cursor = 0;
  #reached = true;
  #sending = Promise.resolve();
  #pollsUntil = 0;
  #failedOpenings = 0;
  #newSession = async () => ({});

  /** `newSession()` gives what a new session is begun with: {language, ticket, unconfirmed}.
   * `signIn` names the sign-in at the page's own site, "" for none: what was said under another one
   * is another person's, and ends here.
   */
  constructor({ newSession, signIn }) {
    super();
    this.#newSession = newSession;
    this.#key = signIn ? `${TOKEN_KEY}.${signIn}` : TOKEN_KEY;
    this.#token = sessionStorage.getItem(this.#key);
    for (const other of Object.keys(sessionStorage)) {
      if (!other.startsWith(TOKEN_KEY) || other === this.#key) continue;
      endSession(sessionStorage.getItem(other));
      sessionStorage.removeItem(other);
    }
    answerOtherTabs(this.#key, () => this.#token);
  }

  /** Whether this tab, or another one of this browser, has a conversation to take up. */
  async resumable() {
    const session = this.#session.signal;
    const token = this.#token ?? (await askOtherTabs(this.#key));
    // Started over while the others were asked: what they have is not taken up.
    if (session.aborted) return false;
    this.#token = token;
    if (token) sessionStorage.setItem(this.#key, token);
    return token !== null;
  }

  /** Take up the conversation, or begin one; tries until the bridge answers. */
  async open() {
    let session = this.#session.signal;
    for (let attempt = 0; !session.aborted; attempt += 1) {
      try {
        const resumes = await this.resumable();
        session.throwIfAborted();
        if (resumes) await this.#resume();
        else await this.#begin(session);
        this.#hear(session);
        return;
      } catch (error) {
        if (session.aborted) return;
        if (error.status === 401) {
          this.#forget();
          session = this.#session.signal;
        } else {
          this.#tellReach(false);
          await pause(delay(attempt, error));
        }
      }
    }
  }

  /** A name for a new message, so that sending it again does not double it. */
  newMessageId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** Send a message ({text}) or a choice ({button_id}), after those sent before it. Resolves when
   * the bridge has it; rejects, with `detail`, when it was refused or could not be delivered. The
   * same `clientMessageId` again is the same message again, never a second one.
   */
  send(content, clientMessageId) {
    const session = this.#session.signal;
    const delivery = this.#sending.then(() => this.#deliver(content, clientMessageId, session));
    this.#sending = delivery.catch(() => undefined);
    return delivery;
  }

  /** What the member thinks of an answer: rating "up" or "down", and perhaps a reason. */
  rate(messageId, rating, reason = null) {
    const body = { message_id: messageId, rating, ...(reason ? { reason } : {}) };
    return this.#request("POST", "/chat/feedback", { body });
  }

  /** Say that the member is still there. */
  async stay() {
    const { state } = await this.#request("POST", "/chat/sessions/current/stay", { body: {} });
    this.#tell("state", state);
  }

  /** Say that the member is writing. Whether it came through is no matter: it is said again. */
  typing() {
    this.#request("POST", "/chat/typing", { body: {} }).catch(() => {});
  }

  /** The conversation as a file, a Blob: "pdf" or "txt", in a language ("en", "es"). */
  async transcript(format, language) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
    const query = new URLSearchParams({ format, zone, language });
    return this.#request("GET", `/chat/transcript?${query}`, { as: "blob" });
  }

  /** Ask the bridge how things are: a session that was left alone may be over. */
  async look() {
    try {
      this.#takeNext(await this.#request("GET", `/chat/messages?after=${this.#cursor}`));
    } catch (error) {
      if (error.status === 401) this.#over();
    }
  }

  /** End the conversation and forget it here, whether or not the bridge can be told. */
  async end() {
    const token = this.#token;
    this.#forget();
    if (token) await endSession(token);
  }

  /** What is begun here belongs to `session`: started over meanwhile, nothing is. */
  async #begin(session) {
    const { ticket, ...body } = await this.#newSession();
    session.throwIfAborted();
    const reply = ticket
      ? await this.#request("POST", "/chat/sessions", { body: { ...body, ticket } }).catch((error) => {
          // A ticket that is not taken proves nothing: the assistant asks who they are.
          if (error.status !== 401 && error.status !== 503) throw error;
          return this.#request("POST", "/chat/sessions", { body: { ...body, unconfirmed: true } });
        })
      : await this.#request("POST", "/chat/sessions", { body });
    this.#token = reply.token;
    sessionStorage.setItem(this.#key, reply.token);
    this.#takeNext({ messages: reply.greeting.messages, state: reply.state });
  }

  async #resume() {
    this.#takeNext(await this.#request("GET", `/chat/messages?after=${this.#cursor}`));
  }

  /** Hear what comes until the session is over. */
  async #hear(session) {
    for (let failures = 0; !session.aborted; ) {
      const cursor = this.#cursor;
      try {
        if (Date.now() < this.#pollsUntil) await this.#poll(session);
        else await this.#listen(session);
        failures = 0;
      } catch (error) {
        if (session.aborted) return;
        if (error.status === 401) {
          this.#over();
          return;
        }
        if (!(error instanceof SocketClosed)) this.#tellReach(false);
        if (this.#cursor > cursor) failures = 0;
        await pause(delay(failures, error) * (error instanceof SocketClosed ? 0.3 : 1));
        failures += 1;
      }
    }
  }

  async #poll(session) {
    const path = `/chat/messages?after=${this.#cursor}&wait=${POLL_SECONDS}`;
    const reply = await this.#request("GET", path, { seconds: POLL_SECONDS + REQUEST_SECONDS });
    if (!session.aborted) this.#takeNext(reply);
  }

  /** One socket, from its opening to its end. Rejects with SocketClosed, or as a request does. */
  async #listen(session) {
    const { ticket } = await this.#request("POST", "/chat/socket-tickets", { body: {} });
    const address = new URL(`/chat/socket?after=${this.#cursor}`, BRIDGE);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    await new Promise((_, reject) => {
      const socket = new WebSocket(address, ["memberline", ticket]);
      let timer = setTimeout(() => socket.close(), OPENING_SECONDS * 1000);
      let opened = false;
      const stop = () => socket.close();
      session.addEventListener("abort", stop, { once: true });
      socket.addEventListener("message", ({ data }) => {
        if (session.aborted) return;
        opened = true;
        this.#failedOpenings = 0;
        clearTimeout(timer);
        timer = setTimeout(() => socket.close(), SILENCE_SECONDS * 1000);
        this.#told(JSON.parse(data));
      });
      socket.addEventListener("close", ({ code }) => {
        clearTimeout(timer);
        session.removeEventListener("abort", stop);
        if (!opened && code !== SESSION_OVER) this.#noSocket();
        reject(code === SESSION_OVER ? new RequestFailed({ status: 401 }) : new SocketClosed());
      });
    });
  }

  /** A network may let no sockets through: then ask, and try again later. */
  #noSocket() {
    this.#failedOpenings += 1;
    if (this.#failedOpenings >= FAILED_OPENINGS) {
      this.#failedOpenings = 0;
      this.#pollsUntil = Date.now() + POLLING_SECONDS * 1000;
    }
  }

  #told(event) {
    this.#tellReach(true);
    if (event.type === "update") this.#takeNext(event);
    if (event.type === "typing") this.#tell("typing");
  }

  async #deliver(content, clientMessageId, session) {
    const body = { client_message_id: clientMessageId, ...content };
    for (let attempt = 0; ; attempt += 1) {
      session.throwIfAborted();
      try {
        const { sent, messages, state } = await this.#request("POST", "/chat/messages", { body });
        this.#take({ messages: [sent, ...messages], state });
        return;
      } catch (error) {
        if (session.aborted) throw error;
        if (error.status === 401) this.#over();
        else if (error.passing && error.status !== 429) this.#tellReach(false);
        if (!error.passing || attempt === RETRY_SECONDS.length) throw error;
        const seconds = delay(attempt, error);
        if (error.status === 429) this.#tell("held", { id: clientMessageId, seconds: Math.ceil(seconds) });
        await pause(seconds);
      }
    }
  }

  /** What is heard is everything after the cursor, so the cursor moves. A reply to sending need not
   * hold what others wrote in between, so it does not move it.
   */
  #takeNext(reply) {
    this.#take(reply);
    for (const { seq } of reply.messages) this.#cursor = Math.max(this.#cursor, seq);
  }

  #take({ messages, state }) {
    const fresh = messages
      .filter(({ seq }) => !this.#seen.has(seq))
      .sort((one, other) => one.seq - other.seq);
    for (const { seq } of fresh) this.#seen.add(seq);
    if (fresh.length) this.#tell("messages", { messages: fresh });
    if (state) this.#tell("state", state);
  }

  async #request(method, path, { body = null, seconds = REQUEST_SECONDS, as = "json" } = {}) {
    const headers = {};
    if (body) headers["Content-Type"] = "application/json";
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    const signal = AbortSignal.any([this.#session.signal, AbortSignal.timeout(seconds * 1000)]);
    let response = null;
    let content = null;
    try {
      const options = { method, headers, signal, cache: "no-store", credentials: "omit" };
      response = await fetch(BRIDGE + path, body ? { ...options, body: JSON.stringify(body) } : options);
      content = await (response.ok ? response[as]() : response.json());
    } catch {
      // Something else than the bridge may have answered, a proxy for example: not JSON.
      if (!response || response.ok) throw new RequestFailed({});
    }
    if (!response.ok) {
      const retryAfter = Number(response.headers.get("Retry-After")) || 0;
      throw new RequestFailed({ status: response.status, detail: content?.detail, retryAfter });
    }
    this.#tellReach(true);
    return content;
  }

  #tellReach(reached) {
    if (reached === this.#reached) return;
    this.#reached = reached;
    this.#tell("reach", { reached });
  }

  #over() {
    this.#forget();
    this.#tell("ended");
  }

  #forget() {
    this.#session.abort();
    this.#session = new AbortController();
    this.#sending = Promise.resolve();
    sessionStorage.removeItem(this.#key);
    this.#token = null;
    this.#seen.clear();
    this.#cursor = 0;
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** A socket was open and is no more, or could not be opened. */
class SocketClosed extends Error {}
