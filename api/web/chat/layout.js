// The parts of the chat, without behaviour: what stands where, under which name.

import { button, element, icon } from "../shared/dom.js";
import { text } from "./texts.js";

const MOST_CHARACTERS = 4000;

/** Every part by name; `frame` holds them all. `isPage`: the chat is the page, with no launcher. */
export function layout(isPage) {
  const launcher = launcherParts();
  const head = headParts(isPage);
  const log = logParts();
  const bottom = bottomParts();
  const ask = dialogParts();
  const banner = element("div", { class: "banner", role: "status" });
  const live = element("div", { class: "unseen", "aria-live": "polite" });
  const panel = element(
    "section",
    { class: "panel", role: isPage ? "region" : "dialog", "aria-labelledby": "title", hidden: !isPage },
    head.header,
    banner,
    log.middle,
    live,
    bottom.footer,
    ask.dialog,
  );
  const frame = element("div", { class: "frame" }, panel, !isPage && launcher.launcher);
  return { frame, panel, banner, live, ...launcher, ...head, ...log, ...bottom, ...ask };
}

function launcherParts() {
  const badge = element("span", { class: "badge", hidden: true });
  const launcher = button(
    { class: "launcher", "aria-expanded": "false", "aria-label": text("open") },
    icon("chat"),
    badge,
  );
  return { launcher, badge };
}

function headParts(isPage) {
  const who = element("p", { class: "who" });
  const verified = element("p", { class: "verified", hidden: true }, icon("shield"), text("verified"));
  const close = button({ class: "close", "aria-label": text("close") }, icon("close"));
  const header = element(
    "header",
    { class: "head" },
    element("div", {}, element("h2", { id: "title" }, text("title")), who),
    verified,
    !isPage && close,
  );
  return { header, who, verified, close };
}

function logParts() {
  const log = element("ol", { class: "log", role: "list" });
  const dots = [1, 2, 3].map(() => element("span", { class: "dot", "aria-hidden": "true" }));
  const typing = element(
    "p",
    { class: "typing", hidden: true },
    element("span", { class: "unseen" }, text("typing")),
    ...dots,
  );
  const scroller = element(
    "div",
    { class: "scroller", tabindex: "0", role: "region", "aria-label": text("conversation") },
    log,
    typing,
  );
  const toNew = button({ class: "to-new", hidden: true }, icon("down"), text("newMessages"));
  return { log, typing, scroller, toNew, middle: element("div", { class: "middle" }, scroller, toNew) };
}

function bottomParts() {
  const input = element("textarea", {
    id: "message",
    rows: "1",
    maxlength: MOST_CHARACTERS,
    placeholder: text("placeholder"),
    autocomplete: "off",
    enterkeyhint: "send",
  });
  const form = element(
    "form",
    { class: "composer" },
    element("label", { for: "message", class: "unseen" }, text("message")),
    input,
    element("button", { class: "send", "aria-label": text("send") }, icon("send")),
  );
  const newChat = button({ class: "new-chat", hidden: true }, text("newChat"));
  const person = button({ class: "person" }, icon("person"), text("person"));
  const startOver = button({ class: "quiet" }, text("startOver"));
  const end = button({ class: "quiet" }, text("end"));
  const actions = element("div", { class: "actions" }, person, startOver, end);
  const safety = element("p", { class: "safety" }, text("emergency"));
  const footer = element("footer", { class: "bottom" }, form, newChat, actions, safety);
  return { footer, form, input, newChat, actions, person, startOver, end };
}

function dialogParts() {
  const question = element("h3", { id: "question" });
  const confirm = element("button", { value: "yes", class: "confirm" });
  const answers = element(
    "div",
    { class: "answers" },
    element("button", { value: "no", class: "quiet" }, text("cancel")),
    confirm,
  );
  const dialog = element(
    "dialog",
    { class: "ask", "aria-labelledby": "question", "aria-describedby": "explained" },
    element(
      "form",
      { method: "dialog" },
      question,
      element("p", { id: "explained" }, text("endExplained")),
      answers,
    ),
  );
  return { dialog, question, confirm };
}
