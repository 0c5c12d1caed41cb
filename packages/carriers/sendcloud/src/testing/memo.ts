import type { EffectMemo, EffectRefs } from '@quartermaster/domain';

/** An intent's memo: what was saved is there on the next attempt, and what was kept of raw answers can be looked at. */
export function memo(key: string, refs: EffectRefs = {}): EffectMemo & { readonly raw: readonly string[] } {
  const saved: Record<string, string> = { ...refs };
  const raw: string[] = [];
  return {
    key,
    refs: saved,
    raw,
    saveRefs: async (more) => void Object.assign(saved, more),
    saveRaw: async (answer) => void raw.push(answer),
  };
}
