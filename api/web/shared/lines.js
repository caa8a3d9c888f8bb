// The companies' member-service lines: the way on when nothing here works, so they are fetched
// with the page and not when they are needed.

const fetched = fetch(new URL("../lines.json", import.meta.url))
  .then((response) => (response.ok ? response.json() : []))
  .catch(() => []);

/** [{company, phone, tty}], empty when even this file could not be had. */
export function memberServiceLines() {
  return fetched;
}
