// Amounts, days and times as people read them.

/** "$1,234.50" for "1234.50"; null without an amount. */
export function money(amount, locale = "en-US") {
  if (amount === null || amount === undefined) return null;
  return new Intl.NumberFormat(locale, { style: "currency", currency: "USD" }).format(Number(amount));
}

/** "March 12, 2026" for "2026-03-12", whatever the reader's time zone; null without a day. */
export function day(date, locale = "en-US") {
  if (!date) return null;
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(date));
}

/** "2:31 PM" today, "Nov 22, 2:31 PM" on other days, in the reader's time zone. */
export function clock(instant, locale = "en-US") {
  const at = new Date(instant);
  const today = at.toDateString() === new Date().toDateString();
  const form = { hour: "numeric", minute: "2-digit" };
  if (!today) Object.assign(form, { month: "short", day: "numeric" });
  return new Intl.DateTimeFormat(locale, form).format(at);
}

/** "Monday, 8:00 AM", in the reader's time zone. */
export function opening(instant, locale = "en-US") {
  const form = { weekday: "long", hour: "numeric", minute: "2-digit" };
  return new Intl.DateTimeFormat(locale, form).format(new Date(instant));
}

/** "4 s", "3 min", "2 h": how long a number of seconds is, roughly. */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
