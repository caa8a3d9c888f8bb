// For administrators: sentences that were not understood for sure get their label.

import { button, element } from "../shared/dom.js";
import * as api from "./api.js";
import { text } from "./texts.js";

const root = document.getElementById("desk");
const status = element("p", { class: "notice", role: "status" });
const list = element("ol", { class: "to-learn" });

async function keep(item, id, label) {
  try {
    await api.label(id, label);
  } catch (error) {
    status.textContent = text("failed", { detail: error.detail || error.status });
    return;
  }
  const next = item.nextElementSibling ?? item.previousElementSibling;
  item.remove();
  status.textContent = text("labelledAs", { label: label ?? text("teachesNothing") });
  if (next) next.querySelector("button")?.focus();
  else list.append(element("li", {}, text("nothingToLearn")));
}

/** One sentence: its likely meanings as buttons, and all others in a list. */
function sentence({ id, text: words, suggested, chosen }, intents) {
  const item = element("li", { class: "entry" }, element("p", { dir: "auto" }, element("strong", {}, words)));
  const likely = [...new Set([chosen, ...suggested.map(({ intent }) => intent)].filter(Boolean))];
  const other = element(
    "select",
    { "aria-label": text("otherIntent", { text: words }) },
    ...intents.map((intent) => element("option", { value: intent }, intent.replaceAll("_", " "))),
  );
  item.append(
    element(
      "div",
      { class: "acts" },
      ...likely.map((intent) =>
        button(
          { class: intent === chosen ? "strong" : null, title: intent === chosen ? text("meantThis") : null, on: { click: () => keep(item, id, intent) } },
          intent.replaceAll("_", " "),
        ),
      ),
      other,
      button({ on: { click: () => keep(item, id, other.value) } }, text("keepLabel")),
      button({ on: { click: () => keep(item, id, null) } }, text("teachesNothing")),
    ),
  );
  return item;
}

const top = element(
  "header",
  { class: "top" },
  element("h1", {}, text("learning")),
  element("a", { href: "/desk/learning/export.yml", download: "learned.yml" }, text("exportFile")),
  element("a", { href: "/desk" }, text("backToDesk")),
);

try {
  const { sentences, intents } = await api.learning();
  const items = sentences.map((one) => sentence(one, intents));
  list.append(...(items.length ? items : [element("li", {}, text("nothingToLearn"))]));
  root.replaceChildren(top, status, element("main", { class: "supervision" }, element("p", {}, text("learningExplained")), list));
} catch (error) {
  const detail = error.status === 401 ? text("signInFirst") : error.detail || error.status;
  root.replaceChildren(top, element("main", { class: "users" }, element("p", { role: "alert" }, detail)));
}
