/**
 * Seconds of a time limit as sbatch reads it: minutes, minutes:seconds, hours:minutes:seconds, days-hours,
 * days-hours:minutes, days-hours:minutes:seconds. Infinity for the words that say so and for 0; undefined for what sbatch
 * would refuse.
 */
export function timeLimitSeconds(text: string): number | undefined {
  if (/^(infinite|unlimited)$/i.test(text)) return Number.POSITIVE_INFINITY;
  const [, days, rest] = /^(?:(\d+)-)?(\d+(?::\d+){0,2})$/.exec(text) ?? [];
  if (rest === undefined) return undefined;
  const parts = rest.split(":").map(Number);
  const units = days !== undefined || parts.length === 3 ? [3600, 60, 1] : [60, 1];
  const seconds = parts.reduce((sum, part, i) => sum + part * units[i], 86400 * Number(days ?? 0));
  return seconds === 0 ? Number.POSITIVE_INFINITY : seconds;
}
