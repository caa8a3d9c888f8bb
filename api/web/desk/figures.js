// For supervisors: the figures with plots, answers taken out of service, and who was told what.

import { button, element } from "../shared/dom.js";
import { clock, duration } from "../shared/format.js";
import * as api from "./api.js";
import { askRestore } from "./dialogs.js";
import { text } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";
const REFRESH_MILLISECONDS = 15000;
const WIDTH = 640;
const HEIGHT = 160;

// The page is drawn anew every few seconds: what was opened stays open.
let daysOpen = false;
const root = document.getElementById("desk");
const status = element("p", { class: "notice", role: "status" });
const live = element("section", { class: "figures", "aria-label": text("figures") });
const switches = element("section", { class: "switches", "aria-label": text("withdrawals") });
const found = element("div", { class: "told" });
// The names of what can be withdrawn, offered while one writes.
const known = ["intent", "source"].map((kind) => element("datalist", { id: `known-${kind}`, "data-kind": kind }));
const days = element("select", { id: "days", name: "days" });
const company = element("select", { id: "company", name: "company" });
const file = element("a", { class: "file", download: "figures.csv" }, text("asFile"));

const percent = (share) => (share === null || share === undefined ? text("nothingYet") : `${Math.round(share * 1000) / 10} %`);
const seconds = (value) => (value === null || value === undefined ? text("nothingYet") : duration(value));

const failed = (error) => text("failed", { detail: error.detail || error.status });

/** Do what was asked for, and say how it went: `done` when it went well. */
async function attempt(run, done = "") {
  try {
    const result = await run();
    status.textContent = done;
    return result;
  } catch (error) {
    status.textContent = failed(error);
    return undefined;
  }
}

// Whether the last look in the background failed.
let away = false;

/** Look without being asked to: what was said of an act stays. */
async function looked(run) {
  try {
    const result = await run();
    if (away) status.textContent = "";
    away = false;
    return result;
  } catch (error) {
    away = true;
    status.textContent = failed(error);
    return undefined;
  }
}

function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Bars a day: all conversations, and over them those that needed no person. The table below says
 * the same in words.
 */
function plot(list) {
  const most = Math.max(1, ...list.map((one) => one.conversations));
  const step = WIDTH / Math.max(1, list.length);
  const bars = list.flatMap(({ conversations, contained }, place) =>
    [["all", conversations], ["own", contained]].map(([kind, count]) => {
      const height = (count / most) * (HEIGHT - 4);
      return drawn("rect", { class: kind, x: place * step + step * 0.15, y: HEIGHT - height, width: step * 0.7, height });
    }),
  );
  return drawn(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "plot", role: "img", "aria-label": text("plotOfDays") },
    ...bars,
  );
}

/** Bars that lie: one for each row, the longest across. */
function bars(rows, name) {
  const most = Math.max(1, ...rows.map(({ times }) => times));
  return element(
    "table",
    { class: "bars" },
    element("caption", {}, name),
    element(
      "tbody",
      {},
      ...rows.map(({ label, times }) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, label),
          element("td", {}, element("meter", { min: 0, max: most, value: times, "aria-label": `${label}: ${times}` })),
          element("td", { class: "count" }, times),
        ),
      ),
    ),
  );
}

function table(name, head, rows) {
  const whole = element(
    "table",
    {},
    element("caption", {}, name),
    element("thead", {}, element("tr", {}, ...head.map((one) => element("th", { scope: "col" }, one)))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((one) => element("td", {}, one))))),
  );
  // Wider than a narrow page: it is moved inside, by keys as well.
  return element("div", { class: "wide", tabindex: "0", role: "region", "aria-label": name }, whole);
}

/** A day's p95 as a bar, the slowest day being the highest; days without a call leave a gap. */
function speedPlot({ company: name, days: list }) {
  const most = Math.max(1, ...list.map((one) => one.p95_ms ?? 0));
  const bars = list.map(({ p95_ms }, place) => {
    const height = ((p95_ms ?? 0) / most) * 26;
    return drawn("rect", { class: "own", x: place * 8, y: 28 - height, width: 6, height });
  });
  return drawn(
    "svg",
    { viewBox: `0 0 ${Math.max(1, list.length) * 8} 28`, class: "spark", role: "img", "aria-label": text("speedPlot", { company: name, most }) },
    ...bars,
  );
}

function stateNow(now) {
  if (!now) return text("notKnownNow");
  if (now.breaker !== "closed") return element("strong", { class: "down" }, text("backendDown"));
  if (!now.calls) return text("backendIdle");
  return text(now.availability < 1 ? "backendFails" : "backendUp", { failed: percent(1 - now.availability), p95: now.p95_ms ?? "–" });
}

function backends(list) {
  const milliseconds = (value) => (value === null ? text("nothingYet") : `${value} ms`);
  const rows = list.map((one) => [
    one.company,
    stateNow(one.now),
    percent(one.availability),
    milliseconds(one.p95_ms),
    one.calls,
    one.days.length ? speedPlot(one) : "",
  ]);
  return table(text("backends"), text("backendsHead"), rows);
}

function showFigures(data) {
  const tiles = [
    ["conversations", data.conversations],
    ["containment", percent(data.containment)],
    ["failedTransfers", percent(data.failed_transfers)],
    ["firstContact", percent(data.first_contact_resolution)],
    ["fallbackRate", percent(data.fallback_rate)],
    ["failedTurns", percent(data.failed_turns)],
    ["passRate", percent(data.verification_pass_rate)],
    ["toAnswer", seconds(data.seconds_to_answer.median)],
    ["toAnswer90", seconds(data.seconds_to_answer.p90)],
    ["toClose", seconds(data.seconds_to_close.median)],
    ["useRate", percent(data.suggestions.use_rate)],
    ["editRate", percent(data.suggestions.edit_rate)],
    ["shareEdited", percent(data.suggestions.share_edited)],
    ["helpful", percent(data.ratings.helpful_rate)],
    ["rated", data.ratings.up + data.ratings.down],
    ["queueDepth", data.queue_depth],
    ["oldestWait", seconds(data.queue_oldest_seconds)],
    ["callsPastDue", data.call_backs_past_due],
    ["casesPastDue", data.cases_past_due],
  ];
  const reasons = data.handover_reasons.map(({ reason, times }) => ({ label: reason.replaceAll("_", " "), times }));
  const dismissed = Object.entries(data.suggestions.dismissed_because).map(([reason, times]) => ({
    label: text("reasons")[reason] ?? reason,
    times,
  }));
  const unhelpful = Object.entries(data.ratings.down_because).map(([reason, times]) => ({
    label: text("downReasons")[reason],
    times,
  }));
  const about = data.ratings.down_about.map(({ reason, times }) => ({ label: reason.replaceAll("_", " "), times }));
  live.replaceChildren(
    element("dl", { class: "tiles" }, ...tiles.map(([key, value]) => element("div", {}, element("dt", {}, text("figure")[key]), element("dd", {}, value)))),
    element("h2", {}, text("perDay")),
    plot(data.days),
    element("p", { class: "legend" }, element("span", { class: "all" }), text("withPerson"), element("span", { class: "own" }), text("contained")),
    element(
      "details",
      { class: "days", open: daysOpen, on: { toggle: ({ target }) => (daysOpen = target.open) } },
      element("summary", {}, text("asTable")),
      table(text("perDay"), [text("day"), text("figure").conversations, text("contained")], data.days.map((one) => [one.day, one.conversations, one.contained])),
    ),
    element("h2", {}, text("backendsTitle")),
    backends(data.backends),
    reasons.length ? bars(reasons, text("whyPerson")) : "",
    unhelpful.length ? bars(unhelpful, text("whyUnhelpful")) : "",
    about.length ? bars(about, text("aboutUnhelpful")) : "",
    dismissed.length ? bars(dismissed, text("whyDismissed")) : "",
    data.unanswered.length ? bars(data.unanswered.map(({ text: label, times }) => ({ label, times })), text("unanswered")) : "",
  );
}

async function refresh() {
  const query = { days: days.value, company: company.value };
  file.href = `/desk/figures/data.csv?${new URLSearchParams(Object.entries(query).filter(([, value]) => value))}`;
  const data = await looked(() => api.figures(query));
  if (data) showFigures(data);
}

async function showSwitches() {
  const kept = await looked(() => api.withdrawals());
  if (!kept) return;
  for (const list of known) {
    list.replaceChildren(...kept.names[list.dataset.kind].map((value) => element("option", { value })));
  }
  const items = kept.withdrawals.map(({ id, kind, name, reason, by, at }) =>
    element(
      "li",
      {},
      element("strong", {}, `${text("kindsWithdrawn")[kind]} ${name}`),
      ` ${text("withdrawnBy", { by, at: clock(at) })} `,
      element("span", { dir: "auto" }, reason),
      " ",
      button(
        {
          "aria-label": text("restoreThis", { name }),
          on: {
            click: async () => {
              if (!(await askRestore(name))) return;
              await attempt(() => api.restore(id), text("restored", { name }));
              await showSwitches();
            },
          },
        },
        text("restore"),
      ),
    ),
  );
  switches.querySelector("ul").replaceChildren(...(items.length ? items : [element("li", { class: "none" }, text("noneWithdrawn"))]));
}

function nameForm(prefix, label, more, onSubmit) {
  const kind = element(
    "select",
    { id: `${prefix}-kind`, name: "kind" },
    ...Object.entries(text("kindsWithdrawn")).map(([value, name]) => element("option", { value }, name)),
  );
  const name = element("input", { id: `${prefix}-name`, name: "name", required: true, autocomplete: "off" });
  const offer = () => name.setAttribute("list", `known-${kind.value}`);
  kind.addEventListener("change", offer);
  offer();
  const form = element(
    "form",
    { class: "row-form", "aria-label": label },
    element("label", { for: `${prefix}-kind` }, text("kindOf")),
    kind,
    element("label", { for: `${prefix}-name` }, text("nameOf")),
    name,
    ...more,
    element("button", {}, label),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await onSubmit(Object.fromEntries(new FormData(form)), form);
  });
  return form;
}

function build(me, names) {
  for (const value of [1, 7, 30, 90]) days.append(element("option", { value, selected: value === 7 }, text("lastDays", { value })));
  company.append(element("option", { value: "" }, text("allCompanies")));
  for (const key of me.companies) company.append(element("option", { value: key }, names[key] ?? key));
  for (const choice of [days, company]) choice.addEventListener("change", refresh);
  switches.append(
    element("h2", {}, text("withdrawals")),
    element("p", { class: "hint" }, text("withdrawExplained")),
    element("ul", {}),
    nameForm(
      "withdraw",
      text("withdraw"),
      [
        element("label", { for: "withdraw-reason" }, text("why")),
        element("input", { id: "withdraw-reason", name: "reason", required: true, minlength: 3 }),
      ],
      async (given, form) => {
        if ((await attempt(() => api.withdraw(given), text("withdrawn", { name: given.name }))) === undefined) return;
        form.querySelectorAll("input").forEach((input) => (input.value = ""));
        await showSwitches();
      },
    ),
    element("h2", {}, text("toldTitle")),
    nameForm("told", text("findTold"), [], async (given) => {
      const list = await attempt(() => api.told(given));
      if (!list) return;
      const head = [text("at"), text("conversation"), text("channel"), text("company"), text("sentBy")];
      const rows = list.told.map((one) => [clock(one.at), `${one.conversation_id} (${one.seq})`, one.channel, one.partner ?? "", one.agent ?? text("assistantItself")]);
      found.replaceChildren(rows.length ? table(text("toldTitle"), head, rows) : element("p", { role: "status" }, text("toldNobody")));
    }),
    found,
    ...known,
  );
  root.replaceChildren(
    element(
      "header",
      { class: "top" },
      element("h1", {}, text("figures")),
      element("label", { for: "days" }, text("period")),
      days,
      element("label", { for: "company" }, text("company")),
      company,
      file,
      element("a", { href: "/desk" }, text("backToDesk")),
    ),
    status,
    element("main", { class: "supervision" }, live, switches),
  );
  refresh();
  showSwitches();
  setInterval(refresh, REFRESH_MILLISECONDS);
}

try {
  const { agent, companies } = await api.me();
  build(agent, companies);
} catch (error) {
  const detail = error.status === 401 ? text("signInFirst") : error.detail || error.status;
  root.replaceChildren(
    element("main", { class: "users" }, element("h1", {}, text("figures")), element("p", { role: "alert" }, detail), element("a", { href: "/desk" }, text("backToDesk"))),
  );
}
