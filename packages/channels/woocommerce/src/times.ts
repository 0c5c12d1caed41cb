import { epochMs, instantOf, type Instant } from '@quartermaster/domain';

/** The instant of a `*_gmt` field, which is UTC and does not say so: `2026-11-21T17:47:22`. Throws a `RangeError` for text that is no time. */
export function fromGmt(text: string): Instant {
  return instantOf(epochMs(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`));
}

/**
 * An instant for a filter that is sent with `dates_are_gmt=true`, in whole seconds, cut off. Without zone: with `Z` the shop shifts it a second time by its own zone, and one in Tokyo then
 * hides the orders of its last nine hours (measured on 11.0.1).
 */
export function toGmt(instant: Instant): string {
  return instantOf(Math.floor(epochMs(instant) / 1_000) * 1_000).slice(0, 19);
}
