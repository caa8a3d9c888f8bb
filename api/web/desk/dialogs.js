// What is asked of the agent before something is done.

import { button, element } from "../shared/dom.js";
import { RequestFailed } from "./api.js";
import { failure, text } from "./texts.js";

/** What was given can't be taken; `message` says why, and what was written stays for another try. */
export class Refused extends Error {}

const asIs = (fields) => fields;

/** Show a form in a modal dialog. `send(fields)` does what was asked for; when it fails, the dialog
 * stays, with what was written, and says why. Resolves to what `send` returned, to {chosen} when
 * another button was pressed, or to null when it was cancelled. Rejects when the agent is signed
 * out.
 */
function ask(question, confirm, send, ...content) {
  const trouble = element("p", { class: "trouble", role: "alert" });
  const form = element(
    "form",
    { method: "dialog" },
    element("h2", { id: "question" }, question),
    ...content,
    trouble,
    element(
      "div",
      { class: "acts" },
      element("button", { class: "strong", value: "yes" }, confirm),
      element("button", { value: "no", formnovalidate: true }, text("cancel")),
    ),
  );
  const dialog = element("dialog", { "aria-labelledby": "question" }, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve, reject) => {
    form.addEventListener("submit", async (event) => {
      if (event.submitter?.value === "no") return;
      event.preventDefault();
      // A second press of Enter is not a second case.
      if (form.ariaBusy === "true") return;
      form.ariaBusy = "true";
      trouble.textContent = "";
      try {
        resolve(await send(Object.fromEntries(new FormData(form))));
        dialog.close();
      } catch (error) {
        if (error instanceof Refused) trouble.textContent = error.message;
        else if (error instanceof RequestFailed && error.status !== 401) trouble.textContent = failure(error);
        else {
          reject(error);
          dialog.close();
        }
      } finally {
        form.ariaBusy = "false";
      }
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      const chosen = dialog.returnValue;
      resolve(chosen && chosen !== "no" ? { chosen } : null);
    });
  });
}

/** Sends {to: "agent:NAME" | "queue:KEY", note}: who goes on, among those who can. */
export function askTransfer({ agents, queues }, send) {
  const people = agents.map(({ username, name, skills }) =>
    element("option", { value: `agent:${username}` }, [name, skills.join(", ")].filter(Boolean).join(": ")),
  );
  const lines = queues.map(({ key, name }) => element("option", { value: `queue:${key}` }, name.replaceAll("-", " ")));
  return ask(
    text("transferQuestion"),
    text("transfer"),
    send,
    element("label", { for: "to" }, text("transferTo")),
    element(
      "select",
      { id: "to", name: "to", required: true },
      // Nobody is passed to the first of a list by a slip of the finger.
      element("option", { value: "" }, text("chooseTarget")),
      people.length && element("optgroup", { label: text("colleagues") }, ...people),
      element("optgroup", { label: text("queues") }, ...lines),
    ),
    element("label", { for: "note" }, text("transferNote")),
    element("textarea", { id: "note", name: "note", rows: "4", maxlength: "2000", required: true }),
  );
}

const field = (name, label, more = {}) => [
  element("label", { for: name }, text(label)),
  element("input", { id: name, name, required: true, autocomplete: "off", ...more }),
];

/** `companies`: names by key. The first option is none unless `required`. */
function companyField(companies, label, required) {
  const options = Object.entries(companies).map(([value, name]) => element("option", { value }, name));
  return [
    element("label", { for: "company" }, text(label)),
    element("select", { id: "company", name: "company", required }, element("option", { value: "" }, text("chooseCompany")), ...options),
  ];
}

/** Sends what the member told, `bare` without the card: {first_name, member_id, birth_date, zip,
 * partner?}, or {first_name, last_name, birth_date, zip, partner, second}. `second`: what each
 * company asks for instead of the card.
 */
export function askFactors(companies, second, send) {
  const without = element("input", { type: "checkbox", id: "without", name: "without" });
  const [companyLabel, company] = companyField(companies, "cardCompany", false);
  const [, idInput] = field("member_id", "memberId");
  const [, lastName] = field("last_name", "lastName");
  const [secondLabel, secondInput] = field("second", "secondFactor", { inputmode: "numeric", pattern: "[0-9 \\-]{1,10}" });
  const withCard = element("div", { class: "fields" }, element("label", { for: "member_id" }, text("memberId")), idInput);
  const noCard = element(
    "div",
    { class: "fields" },
    element("label", { for: "last_name" }, text("lastName")),
    lastName,
    secondLabel,
    secondInput,
  );
  const turn = () => {
    const bare = without.checked;
    withCard.hidden = bare;
    noCard.hidden = !bare;
    idInput.disabled = bare;
    lastName.disabled = secondInput.disabled = !bare;
    company.required = bare;
    companyLabel.textContent = text(bare ? "companyOfMember" : "cardCompany");
    secondLabel.textContent = text("secondFactors")[second[company.value]] ?? text("secondFactor");
  };
  without.addEventListener("change", turn);
  company.addEventListener("change", turn);
  turn();
  const sendTold = ({ without: bare, company: partner, ...told }) => send(Boolean(bare), { ...told, partner: partner || null });
  return ask(
    text("verifyQuestion"),
    text("verify"),
    sendTold,
    element("p", {}, text("verifyExplained")),
    element("label", { class: "check" }, without, ` ${text("withoutCard")}`),
    ...field("first_name", "firstName", { autofocus: true }),
    withCard,
    noCard,
    ...field("birth_date", "birthDate", { type: "date" }),
    ...field("zip", "zip", { inputmode: "numeric", pattern: "[0-9]{5}", maxlength: 5 }),
    companyLabel,
    company,
  );
}

/** Sends {code}, or resolves to {chosen: kind} to have it sent elsewhere: `to` says where it went. */
export function askCode({ to, others }, send) {
  return ask(
    text("codeQuestion"),
    text("codeCheck"),
    send,
    element("p", {}, to ? text("codeSent", { to }) : text("codeElsewhere")),
    ...field("code", "code", { inputmode: "numeric", pattern: "\\s*([0-9][ \\-]?){6}\\s*", maxlength: 12 }),
    // No submit buttons: Enter checks the code.
    ...others.map((kind) =>
      button({ on: { click: ({ target }) => target.closest("dialog").close(kind) } }, text("codeOtherWays")[kind]),
    ),
  );
}

/** Sends {kind, words, company?}: `companies` where the member's is not known. */
export function askCase(kinds, companies, send) {
  const options = Object.entries(kinds).map(([value, name]) => element("option", { value }, name));
  return ask(
    text("caseQuestion"),
    text("openCase"),
    send,
    element("p", {}, text("caseExplained")),
    element("label", { for: "kind" }, text("caseKind")),
    element("select", { id: "kind", name: "kind" }, ...options),
    element("label", { for: "words" }, text("caseWords")),
    element("textarea", { id: "words", name: "words", rows: "5", minlength: 3, maxlength: "2000", required: true }),
    ...(companies ? companyField(companies, "companyOfMember", true) : []),
  );
}

/** Sends {phone, window, reason}. */
export function askCallBack(reason, send) {
  return ask(
    text("callBackQuestion"),
    text("callBack"),
    send,
    ...field("phone", "phone", { type: "tel", pattern: "[0-9\\(\\)+. \\-]{10,30}" }),
    ...field("window", "callWindow", { maxlength: 80, minlength: 2, value: text("anyTime") }),
    ...field("reason", "reason", { maxlength: 200, minlength: 2, value: reason }),
  );
}

/** Sends {member_id, reason}. */
export function askLift(send) {
  return ask(
    text("liftQuestion"),
    text("lift"),
    send,
    element("p", {}, text("liftExplained")),
    ...field("member_id", "memberId"),
    ...field("reason", "liftReason", { minlength: 3, maxlength: 500 }),
  );
}

/** Resolves to {reason}: why a suggestion was no good. */
export function askReason() {
  const options = Object.entries(text("reasons")).map(([value, name]) => element("option", { value }, name));
  return ask(
    text("dismissQuestion"),
    text("dismiss"),
    asIs,
    element("label", { for: "why" }, text("why")),
    element("select", { id: "why", name: "reason" }, ...options),
  );
}

/** Sends {outcome}: how a call back went. */
export function askCalled(send) {
  const options = Object.entries(text("callOutcomes")).map(([value, name]) => element("option", { value }, name));
  return ask(
    text("calledQuestion"),
    text("save"),
    send,
    element("label", { for: "outcome" }, text("disposition")),
    element("select", { id: "outcome", name: "outcome" }, ...options),
  );
}

export function askSettled(reference, send) {
  return ask(text("settledQuestion", { reference }), text("settled"), send, element("p", {}, text("settledExplained")));
}

export function askRestore(name) {
  return ask(text("restoreQuestion", { name }), text("restore"), asIs, element("p", {}, text("restoreExplained")));
}

export function askTakeOver(send) {
  return ask(text("takeOverQuestion"), text("takeOver"), send, element("p", {}, text("takeOverExplained")));
}

/** Sends {summary, topic}: what the member reads, and what the assistant goes on with, if anything. */
export function askHandBack(draft, send) {
  const options = draft.open.map(({ topic, title }) => element("option", { value: topic }, title));
  return ask(
    text("handBackQuestion"),
    text("handBack"),
    send,
    element("p", {}, text("handBackExplained")),
    element("label", { for: "summary" }, text("handBackSummary")),
    element("textarea", { id: "summary", name: "summary", rows: "5", maxlength: "2000" }, draft.summary),
    ...(options.length
      ? [
          element("label", { for: "topic" }, text("handBackTopic")),
          element("select", { id: "topic", name: "topic" }, element("option", { value: "" }, text("handBackWaits")), ...options),
        ]
      : []),
  );
}

/** Sends {disposition, summary}, both drafted from what is known of the conversation. */
export function askWrapUp(draft, send) {
  const options = Object.entries(text("dispositions")).map(([value, name]) =>
    element("option", { value, selected: value === draft.disposition }, name),
  );
  return ask(
    text("wrapUpQuestion"),
    text("wrapUp"),
    send,
    element("label", { for: "disposition" }, text("disposition")),
    element("select", { id: "disposition", name: "disposition" }, ...options),
    element("label", { for: "summary" }, text("summary")),
    element("textarea", { id: "summary", name: "summary", rows: "9", maxlength: "2000", required: true }, draft.summary),
  );
}

/** One of the intents, or null: what a sentence means. Typing narrows the list, and Enter takes the
 * first of it.
 */
export function askIntent(words, intents) {
  const narrow = element("input", { id: "narrow", type: "search", autocomplete: "off" });
  const list = element("div", { class: "choices" });
  const dialog = element(
    "dialog",
    { "aria-labelledby": "question" },
    element(
      "form",
      { method: "dialog" },
      element("h2", { id: "question" }, text("intentQuestion")),
      element("p", { dir: "auto" }, words),
      element("label", { for: "narrow" }, text("narrow")),
      narrow,
      list,
      element("div", { class: "acts" }, button({ on: { click: () => dialog.close() } }, text("cancel"))),
    ),
  );
  const draw = () => {
    const wanted = narrow.value.trim().toLowerCase();
    const found = intents.filter((intent) => intent.replaceAll("_", " ").includes(wanted));
    list.replaceChildren(...found.map((intent) => element("button", { value: intent }, intent.replaceAll("_", " "))));
  };
  narrow.addEventListener("input", draw);
  draw();
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue || null);
    });
  });
}
