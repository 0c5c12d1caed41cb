import type { EffectMemo } from '@quartermaster/domain';

/** An intent's memo: what was saved is there on the next attempt, and what was kept of raw answers can be looked at. */
export function memo(key: string): EffectMemo & { readonly raw: readonly string[] } {
  const saved: Record<string, string> = {};
  const raw: string[] = [];
  return {
    key,
    refs: saved,
    raw,
    saveRefs: async (refs) => void Object.assign(saved, refs),
    saveRaw: async (answer) => void raw.push(answer),
  };
}
