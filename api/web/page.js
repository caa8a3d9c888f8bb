// What stands beside the chat on the full page.

import { withPhoneLinks } from "./chat/phones.js";
import { currentLanguage, text } from "./chat/texts.js";
import { button, element } from "./shared/dom.js";
import { memberServiceLines } from "./shared/lines.js";

const chat = document.querySelector("memberline-chat");
const lines = await memberServiceLines();

const example = (question) =>
  element("li", {}, button({ on: { click: () => chat.propose(question) } }, question));

function show() {
  document.documentElement.lang = currentLanguage();
  document.getElementById("about").replaceChildren(
    element("ul", { class: "companies" }, ...lines.map(({ company }) => element("li", {}, company))),
    element("h1", {}, text("pageTitle")),
    element("p", { class: "lead" }, text("pageLead")),
    element("h2", {}, text("pageCan")),
    element("ul", { class: "examples" }, ...text("pageExamples").map(example)),
    element("p", { class: "privacy" }, text("pagePrivacy")),
    lines.length ? element("h2", {}, text("pageCall")) : "",
    element("ul", { class: "lines" }, ...lines.map((line) => element("li", {}, ...withPhoneLinks(text("line", line))))),
  );
}

show();
chat.addEventListener("languagechange", show);
