/** Measures time in milliseconds: the machine's own unless a test has another. */
export type Stopwatch = () => number;

const machine: Stopwatch = () => performance.now();

/**
 * A question that is asked seldom, however often it is put: an answer is kept for `leastMs`, and for a hundred times as long as it took to find. So looking at a system takes at most a
 * hundredth of its time. Who asks while it is being found waits for that answer; one that fails is not kept.
 */
export function seldom<Answer>(ask: () => Promise<Answer>, leastMs: number, now: Stopwatch = machine): () => Promise<Answer> {
  let kept: { readonly answer: Answer; readonly until: number } | null = null;
  let asking: Promise<Answer> | null = null;
  const find = async (): Promise<Answer> => {
    const began = now();
    const answer = await ask();
    const tookMs = now() - began;
    kept = { answer, until: now() + Math.max(leastMs, 100 * tookMs) };
    return answer;
  };
  return async () => {
    if (kept !== null && now() < kept.until) return kept.answer;
    asking ??= find().finally(() => {
      asking = null;
    });
    return asking;
  };
}
