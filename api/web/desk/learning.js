// For administrators: sentences that were not understood for sure get their label.

import { button, element } from "../shared/dom.js";
import { clock } from "../shared/format.js";
import * as api from "./api.js";
import { askIntent } from "./dialogs.js";
import { text } from "./texts.js";

const root = document.getElementById("desk");
const status = element("p", { class: "notice", role: "status" });
const list = element("ol", { class: "to-learn" });
const file = element("a", { href: "/desk/learning/export.yml", download: "learned.yml" });
let labelled = 0;

const named = (intent) => intent.replaceAll("_", " ");

/** There is nothing to download before something has its meaning. */
function showFile() {
  file.textContent = text("exportFile", { count: labelled });
  file.hidden = labelled === 0;
}

async function keep(item, id, label) {
  try {
    await api.label(id, label);
  } catch (error) {
    status.textContent = text("failed", { detail: error.detail || error.status });
    return;
  }
  if (label) labelled += 1;
  showFile();
  const next = item.nextElementSibling ?? item.previousElementSibling;
  item.remove();
  status.textContent = label ? text("labelledAs", { label: named(label) }) : text("discarded");
  if (next) next.querySelector("button")?.focus();
  else list.append(element("li", {}, text("nothingToLearn")));
}

/** What it was taken for, how surely, and where and when it was said. */
function origin({ suggested, chosen, channel, at }) {
  const taken = suggested.map(({ intent, confidence }) =>
    confidence === null ? named(intent) : `${named(intent)} (${Math.round(confidence * 100)}%)`,
  );
  return [
    taken.length && text("takenFor", { intents: taken.join(", ") }),
    chosen && text("memberMeant", { intent: named(chosen) }),
    text("saidBy")[channel],
    clock(at),
  ].filter(Boolean).join(" · ");
}

/** One sentence: its likely meanings as buttons, and all others in a list behind one more. */
function sentence(one, intents) {
  const { id, text: words, suggested, chosen } = one;
  const item = element(
    "li",
    { class: "entry" },
    element("p", { class: "words", dir: "auto" }, words),
    element("p", { class: "hint" }, origin(one)),
  );
  const likely = [...new Set([chosen, ...suggested.map(({ intent }) => intent)].filter((intent) => intents.includes(intent)))];
  const other = async () => {
    const label = await askIntent(words, intents);
    if (label) await keep(item, id, label);
  };
  item.append(
    element(
      "div",
      { class: "acts" },
      ...likely.map((intent) =>
        button({ class: intent === chosen ? "strong" : null, on: { click: () => keep(item, id, intent) } }, named(intent)),
      ),
      button({ "aria-label": text("otherIntent", { text: words }), on: { click: other } }, text("otherMeaning")),
      button({ on: { click: () => keep(item, id, null) } }, text("teachesNothing")),
    ),
  );
  return item;
}

const top = element(
  "header",
  { class: "top" },
  element("h1", {}, text("learning")),
  file,
  element("a", { href: "/desk" }, text("backToDesk")),
);

try {
  const { sentences, intents, labelled: before } = await api.learning();
  labelled = before;
  showFile();
  const items = sentences.map((one) => sentence(one, intents));
  list.append(...(items.length ? items : [element("li", {}, text("nothingToLearn"))]));
  root.replaceChildren(top, status, element("main", { class: "supervision" }, element("p", {}, text("learningExplained")), list));
} catch (error) {
  file.hidden = true;
  const detail = error.status === 401 ? text("signInFirst") : error.detail || error.status;
  root.replaceChildren(top, element("main", { class: "users" }, element("p", { role: "alert" }, detail)));
}
