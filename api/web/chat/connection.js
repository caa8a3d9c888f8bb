// The way to the bridge: sessions, sending with retry, receiving in order.
//
// Nothing outside this module knows that it is HTTP with long polling. It tells by events:
//   messages  {messages, clientMessageId}  new ones, in order, never one twice; the id when the
//                                          member's own sending brought them
//   state     {owner, verified, level}
//   reach     {reached}                    whether the bridge answers
//   ended                                  the session is over on the server

const TOKEN_KEY = "memberline.session";
const WAIT_SECONDS = 20;
const REQUEST_SECONDS = 20;
const RETRY_SECONDS = [1, 2, 4, 8, 15];

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

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const delay = (attempt, { retryAfter = 0 }) =>
  Math.max(retryAfter, RETRY_SECONDS[Math.min(attempt, RETRY_SECONDS.length - 1)]);

export class Connection extends EventTarget {
  #token = sessionStorage.getItem(TOKEN_KEY);
  // Aborted when the session is over: nothing of it may reach the next one.
  #session = new AbortController();
  #seen = new Set();
  #cursor = 0;
  #reached = true;
  #sending = Promise.resolve();

  /** Whether an earlier page of this tab left a conversation that can be taken up. */
  get resumable() {
    return this.#token !== null;
  }

  /** Take up this tab's conversation, or begin one; tries until the bridge answers. */
  async open() {
    let session = this.#session.signal;
    for (let attempt = 0; !session.aborted; attempt += 1) {
      try {
        if (this.#token === null) await this.#begin();
        else await this.#resume();
        this.#listen(session);
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

  /** End the conversation and forget it here, whether or not the bridge can be told. */
  async end() {
    const token = this.#token;
    this.#forget();
    if (!token) return;
    await fetch("/chat/sessions/current", {
      method: "DELETE",
      headers: { Authorization: `Bearer ${token}` },
      keepalive: true,
    }).catch(() => undefined);
  }

  async #begin() {
    const reply = await this.#request("POST", "/chat/sessions", { body: {} });
    this.#token = reply.token;
    sessionStorage.setItem(TOKEN_KEY, reply.token);
    this.#take({ messages: reply.greeting.messages, state: reply.state });
  }

  async #resume() {
    this.#takeNext(await this.#request("GET", `/chat/messages?after=${this.#cursor}`));
  }

  async #listen(session) {
    for (let failures = 0; !session.aborted; ) {
      try {
        const path = `/chat/messages?after=${this.#cursor}&wait=${WAIT_SECONDS}`;
        const reply = await this.#request("GET", path, { seconds: WAIT_SECONDS + REQUEST_SECONDS });
        // What the member is just sending comes back by both ways; its own reply is taken first,
        // so that the message on the screen is known as the one that was sent.
        await this.#sending;
        if (!session.aborted) this.#takeNext(reply);
        failures = 0;
      } catch (error) {
        if (session.aborted) return;
        if (error.status === 401) {
          this.#over();
          return;
        }
        this.#tellReach(false);
        await pause(delay(failures, error));
        failures += 1;
      }
    }
  }

  async #deliver(content, clientMessageId, session) {
    const body = { client_message_id: clientMessageId, ...content };
    for (let attempt = 0; ; attempt += 1) {
      session.throwIfAborted();
      try {
        const { sent, messages, state } = await this.#request("POST", "/chat/messages", { body });
        this.#take({ messages: [sent, ...messages], state }, clientMessageId);
        return;
      } catch (error) {
        if (session.aborted) throw error;
        if (error.status === 401) this.#over();
        else if (error.passing) this.#tellReach(false);
        if (!error.passing || attempt === RETRY_SECONDS.length) throw error;
        await pause(delay(attempt, error));
      }
    }
  }

  /** Polling hands over everything after the cursor, so the cursor moves. A reply to sending need
   * not hold what others wrote in between, so it does not move it.
   */
  #takeNext(reply) {
    this.#take(reply);
    for (const { seq } of reply.messages) this.#cursor = Math.max(this.#cursor, seq);
  }

  #take(reply, clientMessageId = null) {
    const fresh = reply.messages
      .filter(({ seq }) => !this.#seen.has(seq))
      .sort((one, other) => one.seq - other.seq);
    for (const { seq } of fresh) this.#seen.add(seq);
    if (fresh.length || clientMessageId) this.#tell("messages", { messages: fresh, clientMessageId });
    if (reply.state) this.#tell("state", reply.state);
  }

  async #request(method, path, { body = null, seconds = REQUEST_SECONDS } = {}) {
    const headers = {};
    if (body) headers["Content-Type"] = "application/json";
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    const signal = AbortSignal.any([this.#session.signal, AbortSignal.timeout(seconds * 1000)]);
    let response = null;
    let content = null;
    try {
      const options = { method, headers, signal, cache: "no-store" };
      response = await fetch(path, body ? { ...options, body: JSON.stringify(body) } : options);
      if (response.status !== 204) content = await response.json();
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
    sessionStorage.removeItem(TOKEN_KEY);
    this.#token = null;
    this.#seen.clear();
    this.#cursor = 0;
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
