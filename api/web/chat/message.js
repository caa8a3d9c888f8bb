// One message in the log, and what a screen reader is told about it.

import { button, element, icon, unbroken } from "../shared/dom.js";
import { clock } from "../shared/format.js";
import { cardElement } from "./cards.js";
import { withPhoneLinks } from "./phones.js";
import { currentLocale, text } from "./texts.js";

const AUTHORS = { member: "you", assistant: "assistant", agent: "agent", system: "system" };
const SIGNS = { assistant: "spark", agent: "person" };

const authorOf = (message) => text(AUTHORS[message.from] ?? "system");

/** The words of a message before its cards, and after them. Where every listed line has a card of
 * its own, the cards stand for them on the screen.
 */
function prose(message) {
  const lines = message.text.split("\n");
  const isListed = (line) => line.startsWith("•");
  const listed = lines.filter(isListed).length;
  if (!listed || listed !== (message.cards ?? []).length) return [message.text.trim(), ""];
  const end = lines.findLastIndex(isListed);
  const words = (some) => some.filter((line) => !isListed(line)).join("\n").trim();
  return [words(lines.slice(0, end)), words(lines.slice(end))];
}

/** The list item of a message. `onChoice(button)`, `onRate(rating, reason)`. */
export function messageElement(message, { onChoice, onRate }) {
  const [before, after] = prose(message);
  // Only what we say ourselves becomes a link, never what a member wrote.
  const ours = message.from === "assistant" || message.from === "system";
  const sign = SIGNS[message.from];
  const bubble = (words) =>
    element("p", { class: "bubble", dir: "auto" }, ...(ours ? withPhoneLinks(words) : unbroken(words)));
  const item = element(
    "li",
    { class: `message from-${AUTHORS[message.from] ? message.from : "system"}`, "data-seq": message.seq },
    element("p", { class: "author" }, sign && icon(sign), authorOf(message)),
    bubble(before),
  );
  if (message.cards?.length) {
    const cards = message.cards.map((card) => cardElement(card));
    // Plans are compared: where there is room they stand side by side.
    const compared = cards.length > 1 && message.cards.every(({ kind }) => kind === "plan");
    item.append(element("div", { class: compared ? "cards compared" : "cards" }, ...cards));
    if (after) item.append(bubble(after));
  }
  if (message.buttons?.length) item.append(choices(message.buttons, onChoice));
  const foot = element("div", { class: "foot" });
  foot.append(element("time", { datetime: message.at }, clock(message.at, currentLocale())));
  if (message.kind === "answer") foot.append(rating(onRate));
  item.append(foot);
  return item;
}

/** What a live region says of a message. */
export function narration(message) {
  const titles = (message.buttons ?? []).map(({ title }) => title).join(", ");
  const said = text("says", { who: authorOf(message), text: message.text });
  return titles ? `${said} ${text("choices", { titles })}` : said;
}

function choices(buttons, onChoice) {
  const group = element("div", { class: "choices", role: "group" });
  for (const choice of buttons) {
    const made = button({ class: "choice" }, choice.title);
    made.addEventListener("click", () => {
      if (made.getAttribute("aria-disabled") === "true") return;
      made.classList.add("chosen");
      made.append(icon("check"), element("span", { class: "unseen" }, `, ${text("chosen")}`));
      onChoice(choice);
    });
    group.append(made);
  }
  return group;
}

/** Close the choices of earlier messages. They stay in place, so that focus is not lost. */
export function closeChoices(log) {
  for (const choice of log.querySelectorAll(".choice")) choice.setAttribute("aria-disabled", "true");
}

function rating(onRate) {
  const group = element("div", { class: "rating", role: "group", "aria-label": text("rate") });
  const rate = (value, name, drawing) => {
    const made = button({ class: "thumb", "aria-label": text(name), title: text(name) }, icon(drawing));
    made.addEventListener("click", () => {
      onRate(value, null);
      const reply = value === "up" ? thanks() : why(onRate);
      group.replaceChildren(reply);
      reply.focus();
    });
    return made;
  };
  group.append(rate("up", "up", "thumbUp"), rate("down", "down", "thumbDown"));
  return group;
}

const thanks = () => element("span", { tabindex: "-1" }, text("thanks"));

function why(onRate) {
  const question = element("div", { class: "why", tabindex: "-1" }, element("span", {}, text("why")));
  for (const [reason, words] of Object.entries(text("reasons"))) {
    const made = button({ class: "reason" }, words);
    made.addEventListener("click", () => {
      onRate("down", reason);
      const reply = thanks();
      question.replaceWith(reply);
      reply.focus();
    });
    question.append(made);
  }
  return question;
}
