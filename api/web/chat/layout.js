// The parts of the chat, without behaviour: what stands where, under which name.

import { button, element, icon } from "../shared/dom.js";
import { currentLanguage, text } from "./texts.js";

/** Every part by name; `frame` holds them all. `isPage`: the chat is the page, with no launcher.
 * `company`: the name that the chat goes under, or null for the alliance's.
 */
export function layout({ isPage, company }) {
  const launcher = launcherParts();
  const head = headParts(isPage, company);
  const log = logParts();
  const bottom = bottomParts();
  const ask = dialogParts();
  const banner = element("div", { class: "banner", role: "status" });
  const idle = idleParts();
  const panel = element(
    "section",
    { class: "panel", role: isPage ? "region" : "dialog", "aria-labelledby": "title", hidden: !isPage },
    head.header,
    banner,
    log.middle,
    idle.idle,
    bottom.footer,
    ask.dialog,
  );
  const frame = element(
    "div",
    // On a page of another site the launcher is a landmark of its own.
    { class: "frame", lang: currentLanguage(), hidden: true, ...(isPage ? {} : { role: "region", "aria-label": text("title") }) },
    panel,
    !isPage && launcher.launcher,
  );
  return { frame, panel, banner, ...launcher, ...head, ...log, ...idle, ...bottom, ...ask };
}

function launcherParts() {
  const badge = element("span", { class: "badge", hidden: true });
  const launcher = button(
    { class: "launcher", "aria-expanded": "false", "aria-label": text("open") },
    icon("chat"),
    element("span", { class: "launcher-text", "aria-hidden": "true" }, text("launcher")),
    badge,
  );
  return { launcher, badge };
}

function headParts(isPage, company) {
  const who = element("p", { class: "who" });
  const verified = element("p", { class: "verified", title: text("verified"), hidden: true }, icon("shield"), text("verified"));
  const more = button(
    { class: "round", "aria-expanded": "false", "aria-controls": "menu", "aria-label": text("more"), title: text("more") },
    icon("more"),
  );
  const close = button({ class: "round close", "aria-label": text("close"), title: text("close") }, icon("close"));
  const item = (name, sign) => button({ class: "item" }, icon(sign), text(name));
  const savePdf = item("savePdf", "download");
  const saveText = item("saveText", "download");
  const sound = item("soundOn", "sound");
  const language = item("otherLanguage", "globe");
  language.lang = currentLanguage() === "en" ? "es" : "en";
  const startOver = item("startOver", "again");
  const end = item("end", "bin");
  const menu = element(
    "div",
    { class: "menu", id: "menu", role: "group", "aria-label": text("more"), hidden: true },
    savePdf,
    saveText,
    sound,
    language,
    startOver,
    end,
  );
  const title = company ? text("titleOf", { company }) : text("title");
  const header = element(
    "header",
    { class: "head" },
    element("span", { class: "mark", "aria-hidden": "true" }, icon("shieldHeart")),
    element("div", { class: "names" }, element("h2", { id: "title" }, title), who),
    verified,
    element("div", { class: "tools" }, more, !isPage && close, menu),
  );
  return { header, who, verified, more, menu, savePdf, saveText, sound, language, startOver, end, close };
}

function logParts() {
  const log = element("ol", { class: "log", role: "list" });
  const dots = [1, 2, 3].map(() => element("span", { class: "dot", "aria-hidden": "true" }));
  const typingText = element("span", { class: "unseen" }, text("typing"));
  const typing = element("p", { class: "typing", hidden: true }, typingText, ...dots);
  const over = element(
    "div",
    { class: "over", hidden: true },
    element("h3", {}, text("over")),
    element("p", {}, text("overExplained")),
  );
  const scroller = element(
    "div",
    { class: "scroller", tabindex: "0", role: "region", "aria-label": text("conversation") },
    log,
    typing,
    over,
  );
  const toNew = button({ class: "to-new", hidden: true }, icon("down"), text("newMessages"));
  const middle = element("div", { class: "middle" }, scroller, toNew);
  return { log, typing, typingText, over, scroller, toNew, middle };
}

function idleParts() {
  const idleText = element("p", {});
  const stay = button({ class: "confirm" }, text("stay"));
  const idle = element("div", { class: "idle", hidden: true }, icon("clock"), idleText, stay);
  return { idle, idleText, stay };
}

function bottomParts() {
  const input = element("textarea", {
    id: "message",
    rows: "1",
    placeholder: text("placeholder"),
    "aria-describedby": "too-long",
    autocomplete: "off",
    enterkeyhint: "send",
  });
  const form = element(
    "form",
    { class: "composer" },
    element("label", { for: "message", class: "unseen" }, text("message")),
    input,
    element("button", { class: "send", "aria-label": text("send"), title: text("send") }, icon("send")),
  );
  const tooLong = element("p", { class: "too-long", id: "too-long", role: "alert" });
  const newChat = button({ class: "new-chat", hidden: true }, text("newChat"));
  const person = button({ class: "person" }, icon("person"), text("person"));
  const leave = button({ class: "leave", title: text("leaveExplained") }, icon("leave"), text("leave"));
  const actions = element("div", { class: "actions" }, person, leave);
  const safety = element("p", { class: "safety" }, text("emergency"));
  const footer = element("footer", { class: "bottom" }, form, tooLong, newChat, actions, safety);
  return { footer, form, input, tooLong, newChat, actions, person, leave };
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
