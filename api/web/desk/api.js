// The desk's way to the bridge. The session is an HttpOnly cookie that no script sees.

const HEADERS = { "X-Requested-With": "memberline-desk" };
const REQUEST_SECONDS = 15;
const POLL_MILLISECONDS = 5000;

/** The bridge said no (`status`, `detail`), or could not be reached (status 0). */
export class RequestFailed extends Error {
  constructor(status, detail = "") {
    super(detail);
    this.status = status;
    this.detail = detail;
  }
}

async function request(method, path, body = null) {
  const options = {
    method,
    headers: method === "GET" ? {} : { ...HEADERS },
    signal: AbortSignal.timeout(REQUEST_SECONDS * 1000),
    cache: "no-store",
  };
  if (body) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(`/desk${path}`, options).catch(() => {
    throw new RequestFailed(0);
  });
  const content = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw new RequestFailed(response.status, content?.detail);
  return content;
}

const at = (id, rest = "") => `/conversations/${encodeURIComponent(id)}${rest}`;

/** [{key, name}]: the companies at which agents can sign in. */
export const signIns = async () => (await request("GET", "/sign-in")).providers;
export const signIn = (username, password) => request("POST", "/sessions", { username, password });
export const signOut = () => request("DELETE", "/sessions/current");
export const me = () => request("GET", "/me");
export const queue = () => request("GET", "/queue");
export const users = () => request("GET", "/users");
/** Change a user, or make one (`username` undefined: it is in the body). */
export const saveUser = (username, body) =>
  request("POST", username ? `/users/${encodeURIComponent(username)}` : "/users", body);
const asked = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value));
export const figures = (query) => request("GET", `/figures/data?${asked(query)}`);
export const withdrawals = () => request("GET", "/withdrawals");
export const withdraw = (given) => request("POST", "/withdrawals", given);
export const restore = (id) => request("POST", `/withdrawals/${encodeURIComponent(id)}/restore`);
export const told = (query) => request("GET", `/told?${asked(query)}`);
export const learning = () => request("GET", "/learning/data");
export const label = (id, intent) =>
  request("POST", `/learning/sentences/${encodeURIComponent(id)}`, { label: intent });
export const watched = () => request("GET", "/conversations");
export const colleagues = () => request("GET", "/colleagues");
export const setAvailable = (available) => request("POST", "/me/presence", { available });
export const transfer = (id, to, note) => request("POST", at(id, "/transfer"), { ...to, note });
export const takeOver = (id) => request("POST", at(id, "/take-over"));
export const typing = (id) => request("POST", at(id, "/typing"));
export const accept = (id) => request("POST", at(id, "/accept"));
export const conversation = (id) => request("GET", at(id));
export const reply = (id, text) => request("POST", at(id, "/messages"), { text });
export const suggestions = (id) => request("GET", at(id, "/suggestions"));
export const record = (id, suggestion, action, { text = "", reason = "" } = {}) =>
  request("POST", at(id, `/suggestions/${encodeURIComponent(suggestion)}`), { action, text, reason });
export const ask = (id, text) => request("POST", at(id, "/ask"), { text });
export const member = (id) => request("GET", at(id, "/member"));
export const verify = (id, factors) => request("POST", at(id, "/verify"), factors);
export const verifyWithoutCard = (id, factors) => request("POST", at(id, "/verify-without-card"), factors);
/** `kind` of contact, or null for the best. */
export const sendCode = (id, kind) => request("POST", at(id, "/code"), { kind });
export const checkCode = (id, code) => request("POST", at(id, "/code/check"), { code });
export const caseKinds = async () => (await request("GET", "/case-kinds")).kinds;
export const openCase = (id, given) => request("POST", at(id, "/cases"), given);
export const bookCall = (id, given) => request("POST", at(id, "/callbacks"), given);
export const liftLockOut = (id, memberId, reason) =>
  request("POST", at(id, "/lift-lock-out"), { member_id: memberId, reason });
export const handoff = (id) => request("GET", `/handoffs/${encodeURIComponent(id)}`);
export const handBackDraft = (id) => request("GET", at(id, "/hand-back"));
export const handBack = (id, summary, topic) => request("POST", at(id, "/hand-back"), { summary, topic });
export const wrapUpDraft = (id) => request("GET", at(id, "/wrap-up"));
export const callBacks = () => request("GET", "/callbacks");
export const called = (id, outcome) => request("POST", `/callbacks/${encodeURIComponent(id)}/done`, { outcome });
export const cases = () => request("GET", "/cases");
export const settled = (reference) => request("POST", `/cases/${encodeURIComponent(reference)}/settled`);
export const calls = () => request("GET", "/calls");
export const call = (id) => request("GET", `/calls/${encodeURIComponent(id)}`);
export const wrapUp = (id, disposition, summary) =>
  request("POST", at(id, "/wrap-up"), { disposition, summary });

/** Call `onQueue()`, `onConversation(id)`, `onCall(id)`, `onCallBacks()`, `onTyping(id)` and `onAlarm({id, kind})` as the bridge tells; while its
 * stream is away, `onPoll()` every five seconds. Returns what stops it.
 */
export function listen({ onQueue, onConversation, onCall, onCallBacks, onTyping, onAlarm, onPoll }) {
  const connect = () => {
    const made = new EventSource("/desk/events");
    const on = (name, tell) => made.addEventListener(name, ({ data }) => tell(data ? JSON.parse(data) : {}));
    on("queue", onQueue);
    on("conversation", ({ id }) => onConversation(id));
    on("callbacks", onCallBacks);
    on("call", ({ id }) => onCall(id));
    on("typing", ({ id }) => onTyping(id));
    on("alarm", onAlarm);
    // What happened while the stream was away is fetched when it is back.
    made.addEventListener("open", onPoll);
    return made;
  };
  let stream = connect();
  const timer = setInterval(() => {
    if (stream.readyState === EventSource.OPEN) return;
    // The browser gives up for good when something else than the bridge has answered.
    if (stream.readyState === EventSource.CLOSED) stream = connect();
    onPoll();
  }, POLL_MILLISECONDS);
  return () => {
    clearInterval(timer);
    stream.close();
  };
}
