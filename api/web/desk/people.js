// The desk's users: who they are, what they may do, and how many conversations they take.

import { element } from "../shared/dom.js";
import * as api from "./api.js";
import { text } from "./texts.js";

const root = document.getElementById("desk");
const status = element("p", { class: "notice", role: "status" });
let companies = {};

/** Run a request and say how it ended. Returns whether it worked. */
async function attempt(run, done) {
  try {
    await run();
    status.textContent = done;
    return true;
  } catch (error) {
    status.textContent = text("failed", { detail: error.detail || error.status });
    return false;
  }
}

function labelled(id, label, input) {
  input.id = id;
  return element("p", { class: "field" }, element("label", { for: id }, text(label)), input);
}

const words = (value) => value.split(/[\s,]+/).filter(Boolean);

/** A form for one user; without `user` for a new one. */
function userForm(user) {
  const key = user?.username ?? "new";
  const at = (name) => `${key}-${name}`;
  const input = (name, value = "", more = {}) => element("input", { name, value, ...more });
  const role = element(
    "select",
    { name: "role" },
    ...Object.entries(text("roles")).map(([value, label]) =>
      element("option", { value, selected: user?.role === value }, label),
    ),
  );
  const boxes = Object.entries(companies).map(([value, label]) =>
    element(
      "label",
      {},
      element("input", { type: "checkbox", name: "companies", value, checked: user?.companies.includes(value) }),
      ` ${label}`,
    ),
  );
  const form = element(
    "form",
    { class: "user", "aria-label": user ? user.username : text("newUser") },
    element("h2", {}, user ? user.username : text("newUser")),
    user && element("p", { class: "tags" }, presenceOf(user)),
    !user && labelled(at("username"), "username", input("username", "", { required: true, autocomplete: "off" })),
    user?.issuer && element("p", { class: "tags" }, text("signsInAt", { issuer: user.issuer })),
    labelled(at("name"), "fullName", input("name", user?.name, { required: true, readonly: Boolean(user?.issuer) })),
    labelled(at("role"), "role", role),
    element("fieldset", {}, element("legend", {}, text("companies")), ...boxes),
    labelled(at("skills"), "skillList", input("skills", (user?.skills ?? []).join(", "))),
    labelled(at("limit"), "chatLimit", input("chat_limit", user ? (user.chat_limit ?? "") : 3, { type: "number", min: 1, max: 50 })),
    !user?.issuer && labelled(
      at("password"),
      user ? "newPassword" : "password",
      input("password", "", { type: "password", minlength: 12, required: !user, autocomplete: "new-password" }),
    ),
    user &&
      element(
        "label",
        {},
        element("input", { type: "checkbox", name: "active", checked: user.active }),
        ` ${text("active")}`,
      ),
    element("div", { class: "acts" }, element("button", { class: "strong" }, text(user ? "save" : "add"))),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = new FormData(form);
    const body = {
      name: given.get("name"),
      role: given.get("role"),
      companies: given.getAll("companies"),
      skills: words(given.get("skills")),
      chat_limit: given.get("chat_limit") ? Number(given.get("chat_limit")) : null,
      ...(given.get("password") ? { password: given.get("password") } : {}),
      ...(user ? { active: given.has("active") } : { username: given.get("username") }),
    };
    const name = user?.username ?? body.username;
    if (await attempt(() => api.saveUser(user?.username, body), text("saved", { name }))) await show();
  });
  return form;
}

const presenceOf = ({ active, connected, available }) =>
  text(!active ? "switchedOff" : !connected ? "notConnected" : available ? "isAvailable" : "isAway");

async function show() {
  const found = await api.users();
  companies = found.companies;
  const list = element("main", { class: "users" }, ...found.users.map(userForm), userForm(null));
  root.replaceChildren(
    element("header", { class: "top" }, element("h1", {}, text("users")), element("a", { href: "/desk" }, text("backToDesk"))),
    status,
    list,
  );
}

try {
  await show();
} catch (error) {
  const detail = error.status === 401 ? text("signInFirst") : error.detail || error.status;
  root.replaceChildren(
    element("main", { class: "users" }, element("h1", {}, text("users")), element("p", { role: "alert" }, detail), element("a", { href: "/desk" }, text("backToDesk"))),
  );
}
