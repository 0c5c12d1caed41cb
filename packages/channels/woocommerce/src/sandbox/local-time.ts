import { epochMs, instantAt } from '@quartermaster/domain';

/** `2026-11-21T17:47:22`, in UTC. */
export function gmtText(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 19);
}

/** `2026-11-21T12:47:22`, as the clocks of the shop's zone show it. */
export function localText(seconds: number, zone: string): string {
  return formatter(zone)
    .format(new Date(seconds * 1_000))
    .replace(' ', 'T');
}

/**
 * What a filter of time means to WooCommerce, in seconds since 1970, as measured on 11.0.1; null for text that is no time. Without zone it is the shop's own time, or UTC by
 * `dates_are_gmt`. One with a zone is right without that flag; with it, it is turned into the shop's time and that is taken for UTC: shifted twice.
 */
export function filterSeconds(text: string, datesAreGmt: boolean, zone: string): number | null {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(Z|[+-]\d\d:\d\d)?$/.exec(text);
  if (parts?.[1] === undefined || parts[2] === undefined) return null;
  if (parts[3] === undefined) return (datesAreGmt ? Date.parse(`${text}Z`) : epochMs(instantAt(parts[1], parts[2], zone))) / 1_000;
  const seconds = Date.parse(text) / 1_000;
  return datesAreGmt ? Date.parse(`${localText(seconds, zone)}Z`) / 1_000 : seconds;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  formatters.set(zone, made);
  return made;
}
