import { createHash } from 'node:crypto';
import type { FlowSettings } from '../settings.ts';
import { policySettings } from './policy-sections.ts';

/** The policy that a decision was made under: what people call it, and the hash of all that it says. */
export type PolicyStamp = { readonly name: string; readonly hash: string };

const stamps = new WeakMap<FlowSettings, PolicyStamp>();

/**
 * The policy of settings, with the SHA-256 of its canonical JSON. The name is no part of the hash, and defaults are: two policies of one hash decide alike, whatever their files look like.
 */
export function policyStamp(settings: FlowSettings): PolicyStamp {
  const known = stamps.get(settings);
  if (known !== undefined) return known;
  const hash = createHash('sha256')
    .update(canonicalJson(policySettings(settings)))
    .digest('hex');
  const stamp = { name: settings.policy.name, hash };
  stamps.set(settings, stamp);
  return stamp;
}

/** JSON with the keys of every object in order, and without what is undefined: equal values have equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)))
      : each,
  );
}
