import type { EffectMemo, EffectRefs } from '@quartermaster/domain';

/**
 * The journal's side of one intent, in memory: the key is the same on every attempt, and what was saved is there on the next one. `refs` is what earlier attempts saved.
 */
export function intentMemo(key = 'intent-1', refs: EffectRefs = {}): EffectMemo {
  const saved: Record<string, string> = { ...refs };
  const raw: string[] = [];
  return {
    key,
    refs: saved,
    saveRefs: async (more) => void Object.assign(saved, more),
    saveRaw: async (answer) => void raw.push(answer),
    rawAnswers: async () => [...raw],
  };
}
