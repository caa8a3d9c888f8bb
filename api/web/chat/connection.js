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

/** The bridge said no, or could not be reached. `passing`: the same request may work later. */
class RequestFailed extends Error {
  constructor({ status = 0, detail = "", retryAfter = 0 }) {
    super(detail);
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
    this.passing = status === 0 || status === 429 || status >= 500;
  }
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const opaqueId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export class Connection extends EventTarget {
  #token = sessionStorage.getItem(TOKEN_KEY);
  #seen = new Set();
  #cursor = 0;
  #reached = true;
  #sending = Promise.resolve();
  #listening = null;

  /** Whether an earlier page of this tab left a conversation that can be taken up. */
  get resumable() {
    return this.#token !== null;
  }

  /** Take up this tab's conversation, or begin one; tries until the bridge answers. */
  async open() {
    for (let attempt = 0; ; attempt += 1) {
      try {
        if (this.#token === null) await this.#begin();
        else await this.#resume();
        this.#listen();
        return;
      } catch (error) {
        if (error.status === 401) {
          this.#forget();
          continue;
        }
        this.#tellReach(false);
        await pause(this.#delay(attempt, error));
      }
    }
  }

  /** Send a message ({text}) or a choice ({button_id}) after those sent before it. Resolves when
   * the bridge has it; rejects with `detail` when it was refused or can't be delivered. The same
   * `clientMessageId` again is the same message again, never a second one.
   */
  send(content, clientMessageId) {
    const delivery = this.#sending.then(() => this.#deliver(content, clientMessageId));
    this.#sending = delivery.catch(() => undefined);
    return delivery;
  }

  /** A name for a new message, so that sending it again does not double it. */
  newMessageId() {
    return opaqueId();
  }

  /** What the member thinks of an answer: rating "up" or "down", and perhaps a reason. */
  rate(messageId, rating, reason = null) {
    const body = { message_id: messageId, rating, ...(reason ? { reason } : {}) };
    return this.#request("POST", "/chat/feedback", { body });
  }

  /** End the conversation and forget it here, whether or not the bridge can be told. */
  async end() {
    this.#listening?.abort();
    await this.#request("DELETE", "/chat/sessions/current").catch(() => undefined);
    this.#forget();
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

  async #listen() {
    this.#listening?.abort();
    const listening = new AbortController();
    this.#listening = listening;
    for (let failures = 0; !listening.signal.aborted; ) {
      try {
        const reply = await this.#request("GET", `/chat/messages?after=${this.#cursor}&wait=${WAIT_SECONDS}`, {
          signal: listening.signal,
          seconds: WAIT_SECONDS + REQUEST_SECONDS,
        });
        // What the member is just sending comes back by both ways; its own reply is taken first,
        // so that the message on the screen is known as the one that was sent.
        await this.#sending;
        if (!listening.signal.aborted) this.#takeNext(reply);
        failures = 0;
      } catch (error) {
        if (listening.signal.aborted) return;
        if (error.status === 401) return this.#over();
        this.#tellReach(false);
        await pause(this.#delay(failures, error));
        failures += 1;
      }
    }
  }

  async #deliver(content, clientMessageId) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const body = { client_message_id: clientMessageId, ...content };
        this.#take(await this.#request("POST", "/chat/messages", { body }), clientMessageId);
        return;
      } catch (error) {
        if (error.status === 401) this.#over();
        else if (error.passing) this.#tellReach(false);
        if (!error.passing || attempt === RETRY_SECONDS.length) throw error;
        await pause(this.#delay(attempt, error));
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

  async #request(method, path, { body = null, signal = null, seconds = REQUEST_SECONDS } = {}) {
    const limit = AbortSignal.timeout(seconds * 1000);
    const headers = {};
    if (body) headers["Content-Type"] = "application/json";
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    let response;
    let content;
    try {
      response = await fetch(path, {
        method,
        headers,
        body: body && JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        cache: "no-store",
      });
      content = response.status === 204 ? null : await response.json();
    } catch {
      throw new RequestFailed({ status: response && !response.ok ? response.status : 0 });
    }
    if (!response.ok) {
      const retryAfter = Number(response.headers.get("Retry-After")) || 0;
      throw new RequestFailed({ status: response.status, detail: content?.detail, retryAfter });
    }
    this.#tellReach(true);
    return content;
  }

  #delay(attempt, { retryAfter = 0 }) {
    return Math.max(retryAfter, RETRY_SECONDS[Math.min(attempt, RETRY_SECONDS.length - 1)]);
  }

  #tellReach(reached) {
    if (reached === this.#reached) return;
    this.#reached = reached;
    this.#tell("reach", { reached });
  }

  #over() {
    this.#listening?.abort();
    this.#forget();
    this.#tell("ended");
  }

  #forget() {
    sessionStorage.removeItem(TOKEN_KEY);
    this.#token = null;
    this.#seen.clear();
    this.#cursor = 0;
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
