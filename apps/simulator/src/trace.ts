import { createHash } from 'node:crypto';

/** Everything that happened in a day, in its order: two runs of one seed must agree in all of it. */
export type Trace = {
  readonly note: (atMs: number, who: string, what: string) => void;
  /** Of all that was noted. To be asked for once, at the end. */
  readonly hash: () => string;
  readonly count: () => number;
  /** The last lines, for people. */
  readonly tail: () => readonly string[];
};

/** `keep` lines are kept to be read; all of them count. */
export function openTrace(keep: number): Trace {
  const hash = createHash('sha256');
  const tail: string[] = [];
  let count = 0;
  return {
    note(atMs, who, what) {
      count += 1;
      hash.update(`${atMs} ${who} ${what}\n`);
      if (keep === 0) return;
      tail.push(`${new Date(atMs).toISOString().slice(11, 23)} ${who} ${what}`);
      if (tail.length > 2 * keep) tail.splice(0, tail.length - keep);
    },
    hash: () => hash.digest('hex').slice(0, 16),
    count: () => count,
    tail: () => tail.slice(-keep),
  };
}
