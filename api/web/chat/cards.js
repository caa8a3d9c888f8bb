// Cards: the figures of an answer at a glance. The message's text says the same in words.

import { element, fact } from "../shared/dom.js";
import { day, money } from "../shared/format.js";
import { text } from "./texts.js";

const MAKERS = { claim: claimCard, plan: planCard, provider: providerCard };

/** The card's element, or null for a kind that this page does not know. */
export function cardElement(card) {
  const make = Object.hasOwn(MAKERS, card.kind) ? MAKERS[card.kind] : null;
  return make && make(card);
}

function claimCard(card) {
  return frame({
    label: text("claim", { number: card.number }),
    title: card.company,
    pill: element("span", { class: `pill state-${card.state}` }, text("states")[card.state] ?? card.state),
    subtitle: text("claim", { number: card.number }),
    facts: [
      fact(text("service"), day(card.service_start)),
      fact(text("billed"), money(card.billed)),
      fact(text("paid"), money(card.paid)),
      fact(text("owes"), money(card.member_owes)),
      fact(text("paidOn"), day(card.paid_on)),
    ],
  });
}

function planCard(card) {
  const line = text("lines")[card.line] ?? card.line;
  return frame({
    label: text("planCard", { line, company: card.company }),
    title: card.company,
    pill: element("span", { class: "pill" }, line),
    facts: [
      fact(text("plan"), card.plan),
      fact(text("group"), card.group),
      fact(text("start"), day(card.start)),
      fact(text("until"), day(card.end)),
    ],
  });
}

function providerCard(card) {
  const patients = { true: text("accepting"), false: text("notAccepting") }[String(card.accepting)];
  return frame({
    label: card.name,
    title: card.name,
    pill: element("span", { class: "pill" }, text("away", { miles: card.miles })),
    facts: [
      fact(text("address"), card.address),
      fact(text("phone"), card.phone && phoneLink(card.phone)),
      fact(text("listed"), (card.directories ?? []).join(", ")),
    ],
    note: patients,
    compact: true,
  });
}

function frame({ label, title, subtitle = null, pill, facts, note = null, compact = false }) {
  return element(
    "article",
    { class: compact ? "card compact" : "card", "aria-label": label },
    element("header", {}, element("h3", {}, title), pill),
    subtitle && element("p", { class: "subtitle" }, subtitle),
    element("dl", {}, ...facts),
    note && element("p", { class: "note" }, note),
  );
}

/** A number that can be tapped; anything but a phone number stays plain text. */
function phoneLink(number) {
  const dialled = number.replace(/[\s().-]/g, "");
  return /^\+?\d{7,15}$/.test(dialled) ? element("a", { href: `tel:${dialled}` }, number) : number;
}
