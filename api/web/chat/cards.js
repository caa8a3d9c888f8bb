// Cards: the figures of an answer at a glance. The message's text says the same in words. Whatever
// a card lacks is left out; nothing is made up.

import { button, element, fact, icon, unbroken } from "../shared/dom.js";
import { day, money } from "../shared/format.js";
import { saveCardPicture } from "./picture.js";
import { currentLocale, text } from "./texts.js";

const MAKERS = {
  claim: claimCard,
  authorization: authorizationCard,
  plan: planCard,
  provider: providerCard,
  id_card: idCard,
};
// More steps than this stand below each other.
const MOST_ACROSS = 4;
// Of an ID card's fields, the member ID and the group come first.
const IDENTIFYING = 2;
// Machine names, not for readers.
const INNER = new Set(["kind", "title", "company", "partner", "note", "rows", "state", "npi"]);

/** The card's element. A kind that this page does not know is drawn as a list of its values. */
export function cardElement(card) {
  const make = Object.hasOwn(MAKERS, card.kind) ? MAKERS[card.kind] : plainCard;
  return make(card);
}

function claimCard(card) {
  const state = card.status ?? text("states")[card.state] ?? card.state;
  const number = card.number && text("claim", { number: card.number });
  const figures = card.amounts?.length
    ? card.amounts.map((entry, place, all) => amountFact(entry, place === all.length - 1 && isShare(entry, card)))
    : [
        fact(text("billed"), dollars(card.billed)),
        fact(text("paid"), dollars(card.paid)),
        fact(text("owes"), dollars(card.member_owes)),
      ];
  const events = card.timeline?.length ? card.timeline : simpleTimeline(card, state);
  return frame({
    label: number ?? card.title ?? card.company,
    title: card.company,
    pill: state && pill(state, stateClass(card.state)),
    subtitle: [card.title, number].filter(Boolean).join(" · "),
    facts: [fact(text("provider"), card.provider), fact(text("service"), card.service), ...figures],
    after: timeline(events, card.state),
  });
}

/** An amount in its row; what the member owes stands out, and what is nothing steps back. */
function amountFact({ label, amount }, isTotal) {
  const made = fact(label, amount);
  if (isTotal) made?.classList.add("total");
  else if (amount === dollars(0)) made.classList.add("nothing");
  return made;
}

const isShare = ({ amount }, card) => card.member_owes !== undefined && amount === dollars(card.member_owes);

/** Without a history of its own, a claim still tells when the care was and when it was paid. */
function simpleTimeline(card, state) {
  return [
    card.service_start && { date: dated(card.service_start), event: text("service") },
    card.paid_on ? { date: dated(card.paid_on), event: state } : state && { date: null, event: state },
  ].filter(Boolean);
}

function timeline(events, state) {
  if (!events.length) return null;
  const steps = events.map(({ date, event }, place) =>
    element(
      "li",
      { class: place === events.length - 1 ? `step ${stateClass(state)}` : "step" },
      element("span", {}, event),
      date && element("span", { class: "when" }, date),
    ),
  );
  const shape = events.length > MOST_ACROSS ? "timeline down" : "timeline";
  return element("ol", { class: shape, role: "list", "aria-label": text("timeline") }, ...steps);
}

function authorizationCard(card) {
  const number = card.number && text("authorization", { number: card.number });
  return frame({
    label: number ?? card.title ?? card.company,
    title: card.company ?? card.title,
    pill: card.status && pill(card.status, stateClass(card.state)),
    subtitle: [card.company && card.title, number].filter(Boolean).join(" · "),
    facts: [
      fact(text("service"), card.service),
      fact(text("provider"), card.provider),
      fact(text("units"), card.units),
      fact(text("dates"), card.dates),
    ],
  });
}

function planCard(card) {
  const line = card.line && (text("lines")[card.line] ?? card.line);
  return frame({
    label: line ? text("planCard", { line, company: card.company }) : card.company,
    title: card.company,
    pill: (card.status ?? line) && pill(card.status ?? line, stateClass(card.state)),
    subtitle: [card.title, labelled(card).length && card.plan].filter(Boolean).join(" · "),
    facts: labelled(card).length
      ? rows(card)
      : [
          fact(text("plan"), card.plan),
          fact(text("group"), card.group),
          fact(text("start"), dated(card.start)),
          fact(text("until"), dated(card.end)),
        ],
    note: card.note,
  });
}

function providerCard(card) {
  const patients = { true: text("accepting"), false: text("notAccepting") }[String(card.accepting)];
  const miles = card.miles ?? null;
  // Nothing decided about the network: the words would only repeat the directories.
  const network = ["in", "out"].includes(card.network) ? card.network_text : null;
  return frame({
    label: card.name,
    title: card.name,
    pill: miles === null ? null : pill(text("away", { miles })),
    subtitle: card.specialty,
    facts: [
      fact(text("address"), card.address),
      fact(text("phone"), card.phone && phoneLink(card.phone)),
      fact(text("hours"), (card.hours ?? []).join("; ")),
      fact(text("languages"), (card.languages ?? []).join(", ")),
      ...rows(card),
      fact(text("listed"), (card.directories ?? []).join(", ")),
    ],
    after: tags([
      typeof network === "string" && [network, card.network === "in" && "good"],
      patients && [patients, card.accepting && "good"],
      card.wheelchair === true && [text("wheelchair"), null],
    ]),
    note: card.note,
    compact: true,
  });
}

const tags = (wanted) => {
  const made = wanted
    .filter(Boolean)
    .map(([words, kind]) => element("li", { class: kind ? `tag ${kind}` : "tag" }, words));
  return made.length ? element("ul", { class: "tags", role: "list" }, ...made) : null;
};

/** A member ID card as it would be in a wallet, drawn from the answer's data. */
function idCard(card) {
  const name = card.member_name ?? card.member ?? card.name;
  const listed = labelled(card).map(({ label, value }) => [label, value]);
  const values = [
    [text("member"), name],
    // What a doctor's office asks for first.
    ...listed.slice(0, IDENTIFYING),
    [text("plan"), card.plan],
    [text("network"), card.network],
    ...listed.slice(IDENTIFYING),
    [text("phone"), card.line],
  ].filter(([, value]) => value);
  const save = button({ class: "save" }, icon("download"), text("saveCard"));
  save.addEventListener("click", () => saveCardPicture({ ...card, values }));
  return element(
    "article",
    { class: "card id-card", "aria-label": text("idCard", { company: card.company }) },
    element(
      "div",
      { class: "plastic", "data-partner": card.partner },
      element("h3", {}, card.company),
      element("dl", {}, ...values.map(([label, value]) => fact(label, value))),
    ),
    card.note && element("p", { class: "note" }, card.note),
    save,
  );
}

function plainCard(card) {
  return frame({
    label: card.title ?? card.company ?? "",
    title: card.title ?? card.company,
    subtitle: card.title ? card.company : null,
    facts: [...rows(card), ...values(card)],
    note: card.note,
  });
}

/** What an answer lists under its own labels, in its order. */
const labelled = ({ fields = [], facts = [], costs = [], rows = [] }) => [...fields, ...facts, ...costs, ...rows];

const rows = (card) => labelled(card).map(({ label, value }) => fact(label, value));

/** Text and numbers under their names, "paid_on" as "Paid on". */
function values(card) {
  return Object.entries(card)
    .filter(([name, value]) => !INNER.has(name) && ["string", "number"].includes(typeof value))
    .map(([name, value]) => fact(name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " "), String(value)));
}

function frame({ label, title, subtitle = null, pill: sign = null, facts, after = null, note = null, compact = false }) {
  const known = facts.filter(Boolean);
  return element(
    "article",
    { class: compact ? "card compact" : "card", "aria-label": label },
    element("header", {}, element("h3", {}, title ?? ""), sign),
    subtitle && element("p", { class: "subtitle" }, ...unbroken(subtitle)),
    known.length > 0 && element("dl", {}, ...known),
    after,
    note && element("p", { class: "note" }, ...unbroken(note)),
  );
}

const pill = (words, kind = "") => element("span", { class: `pill ${kind}`.trim() }, words);
const stateClass = (state) => (/^[a-z_]+$/.test(state ?? "") ? `state-${state}` : "");
const dollars = (amount) => money(amount, currentLocale());
const dated = (date) => (/^\d{4}-\d\d-\d\d/.test(date ?? "") ? day(date, currentLocale()) : date);

/** A number that can be tapped; anything but a phone number stays plain text. */
function phoneLink(number) {
  const dialled = number.replace(/[\s().-]/g, "");
  return /^\+?\d{7,15}$/.test(dialled) ? element("a", { href: `tel:${dialled}` }, number) : number;
}
