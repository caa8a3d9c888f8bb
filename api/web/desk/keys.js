// Every act of the desk by key, and the list of them. With Alt, keys act also while one writes.

import { button, element } from "../shared/dom.js";
import { text } from "./texts.js";

/** What a key with Alt does, by the key's place on the keyboard. */
const ACTS = {
  KeyA: "accept",
  KeyN: "next",
  KeyR: "reply",
  KeyQ: "ask",
  KeyV: "verify",
  KeyC: "openCase",
  KeyP: "callBack",
  KeyT: "transfer",
  KeyB: "handBack",
  KeyW: "wrapUp",
  KeyO: "takeOver",
  KeyL: "alarm",
  KeyX: "available",
  KeyH: "help",
};

/**
 * What a key press means: `{act}`, `{use: number}` or `{dismiss: number}`, or null. 1, 2 and 3 work
 * without Alt too where `plain` is set and nobody writes.
 */
export function meant(event, plain) {
  if (event.ctrlKey || event.metaKey) return null;
  if (event.altKey && !event.shiftKey && ACTS[event.code]) return { act: ACTS[event.code] };
  const writing = event.target.matches("input, textarea, select");
  if (event.key === "?" && !writing) return { act: "help" };
  const number = Number(event.code?.match(/^(?:Digit|Numpad)([123])$/)?.[1]);
  if (!number || !(event.altKey || (plain && !writing && !event.shiftKey))) return null;
  return event.altKey && event.shiftKey ? { dismiss: number } : { use: number };
}

/** All keys, in a dialog that Escape closes. */
export function showKeys() {
  const name = (code) => `Alt+${code.replace("Key", "")}`;
  const rows = [
    ["1, 2, 3", text("keyUse")],
    ["Alt+1, 2, 3", text("keyUseWriting")],
    ["Alt+Shift+1, 2, 3", text("keyDismiss")],
    ...Object.entries(ACTS).map(([code, act]) => [name(code), text("keyActs")[act]]),
    ["Enter", text("keySend")],
    ["?", text("keyActs").help],
  ];
  const dialog = element(
    "dialog",
    { "aria-labelledby": "keys-title" },
    // Read from its beginning: the button that closes it stands below the end of a small page.
    element("h2", { id: "keys-title", tabindex: -1, autofocus: true }, text("keysTitle")),
    element(
      "dl",
      { class: "key-list" },
      ...rows.map(([keys, what]) => element("div", {}, element("dt", {}, element("kbd", {}, keys)), element("dd", {}, what))),
    ),
    element("div", { class: "acts" }, button({ class: "strong", on: { click: () => dialog.close() } }, text("close"))),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
