// The two questions before a conversation leaves the agent.

import { element } from "../shared/dom.js";
import { text } from "./texts.js";

/** Show a form in a modal dialog. Resolves to its fields, or null when it was cancelled. */
function ask(question, confirm, ...content) {
  const dialog = element(
    "dialog",
    { "aria-labelledby": "question" },
    element(
      "form",
      { method: "dialog" },
      element("h2", { id: "question" }, question),
      ...content,
      element(
        "div",
        { class: "acts" },
        element("button", { class: "strong", value: "yes" }, confirm),
        element("button", { value: "no", formnovalidate: true }, text("cancel")),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const fields = Object.fromEntries(new FormData(dialog.querySelector("form")));
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? fields : null);
    });
  });
}

/** {to: "agent:NAME" | "queue:KEY", note}: who goes on, among those who can. */
export function askTransfer({ agents, queues }) {
  const people = agents.map(({ username, name, skills }) =>
    element("option", { value: `agent:${username}` }, [name, skills.join(", ")].filter(Boolean).join(": ")),
  );
  const lines = queues.map(({ key, name }) => element("option", { value: `queue:${key}` }, name));
  return ask(
    text("transferQuestion"),
    text("transfer"),
    element("label", { for: "to" }, text("transferTo")),
    element(
      "select",
      { id: "to", name: "to" },
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

/** {first_name, member_id, birth_date, zip}: what the member told. */
export function askFactors() {
  return ask(
    text("verifyQuestion"),
    text("verify"),
    element("p", {}, text("verifyExplained")),
    ...field("first_name", "firstName"),
    ...field("member_id", "memberId"),
    ...field("birth_date", "birthDate", { type: "date" }),
    ...field("zip", "zip", { inputmode: "numeric", pattern: "[0-9]{5}", maxlength: 5 }),
  );
}

/** {member_id, reason} */
export function askLift() {
  return ask(
    text("liftQuestion"),
    text("lift"),
    element("p", {}, text("liftExplained")),
    ...field("member_id", "memberId"),
    ...field("reason", "liftReason", { minlength: 3, maxlength: 500 }),
  );
}

/** {reason}: why a suggestion was no good. */
export function askReason() {
  const options = Object.entries(text("reasons")).map(([value, name]) => element("option", { value }, name));
  return ask(
    text("dismissQuestion"),
    text("dismiss"),
    element("label", { for: "why" }, text("why")),
    element("select", { id: "why", name: "reason" }, ...options),
  );
}

/** {outcome}: how a call back went. */
export function askCalled() {
  const options = Object.entries(text("callOutcomes")).map(([value, name]) => element("option", { value }, name));
  return ask(
    text("calledQuestion"),
    text("save"),
    element("label", { for: "outcome" }, text("disposition")),
    element("select", { id: "outcome", name: "outcome" }, ...options),
  );
}

export function askRestore(name) {
  return ask(text("restoreQuestion", { name }), text("restore"), element("p", {}, text("restoreExplained")));
}

export function askTakeOver() {
  return ask(text("takeOverQuestion"), text("takeOver"), element("p", {}, text("takeOverExplained")));
}

export function askHandBack() {
  return ask(text("handBackQuestion"), text("handBack"), element("p", {}, text("handBackExplained")));
}

/** {disposition, summary}, both drafted from what is known of the conversation. */
export function askWrapUp(draft) {
  const options = Object.entries(text("dispositions")).map(([value, name]) =>
    element("option", { value, selected: value === draft.disposition }, name),
  );
  return ask(
    text("wrapUpQuestion"),
    text("wrapUp"),
    element("label", { for: "disposition" }, text("disposition")),
    element("select", { id: "disposition", name: "disposition" }, ...options),
    element("label", { for: "summary" }, text("summary")),
    element("textarea", { id: "summary", name: "summary", rows: "9", maxlength: "2000", required: true }, draft.summary),
  );
}
