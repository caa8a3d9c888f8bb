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

export function askTakeOver() {
  return ask(text("takeOverQuestion"), text("takeOver"), element("p", {}, text("takeOverExplained")));
}

export function askHandBack() {
  return ask(text("handBackQuestion"), text("handBack"), element("p", {}, text("handBackExplained")));
}

/** {disposition, summary}, the summary drafted from what the hand-over said. */
export function askWrapUp(draft) {
  const options = Object.entries(text("dispositions")).map(([value, name]) =>
    element("option", { value }, name),
  );
  return ask(
    text("wrapUpQuestion"),
    text("wrapUp"),
    element("label", { for: "disposition" }, text("disposition")),
    element("select", { id: "disposition", name: "disposition" }, ...options),
    element("label", { for: "summary" }, text("summary")),
    element("textarea", { id: "summary", name: "summary", rows: "5", maxlength: "2000", required: true }, draft ?? ""),
  );
}
