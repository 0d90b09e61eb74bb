const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.44 * DAY;
const YEAR = 365.25 * DAY;

/** The largest first; a unit is taken from `least` of it on. */
const units = [
  {seconds: YEAR, least: 2, name: "years"},
  {seconds: MONTH, least: 3, name: "months"},
  {seconds: DAY, least: 3, name: "days"},
  {seconds: HOUR, least: 2, name: "h"},
  {seconds: MINUTE, least: 2, name: "min"},
  {seconds: 1, least: 0, name: "s"},
] as const;

/** A time for people, to two digits or so: "45 s", "12 min", "2.5 h", "22 h", "9 days", "57 years". Unknown is "?". */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const positive = Math.max(0, seconds);
  const unit = units.find(({seconds: size, least}) => positive >= size * least) ?? units[units.length - 1];
  const count = positive / unit.seconds;
  const whole = unit.seconds < HOUR || count >= 9.95;
  return `${whole ? Math.round(count).toLocaleString("en") : Number(count.toFixed(1))} ${unit.name}`;
}
