import type { HttpEvent } from '@quartermaster/connector-kit';

/** What went over the wire to a vendor. */
export type WireCount = {
  readonly note: (event: HttpEvent) => void;
  /** Calls by operation, the most frequent first. */
  readonly calls: () => readonly (readonly [operation: string, count: number])[];
  readonly all: () => number;
  /** Calls that the vendor refused for rate. */
  readonly refused: () => number;
  readonly clear: () => void;
};

export function wireCount(): WireCount {
  const counts = new Map<string, number>();
  let refused = 0;
  return {
    note({ operation, fault }) {
      counts.set(operation, (counts.get(operation) ?? 0) + 1);
      if (fault === 'rate-limited') refused += 1;
    },
    calls: () => [...counts].sort(([, one], [, other]) => other - one),
    all: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
    refused: () => refused,
    clear() {
      counts.clear();
      refused = 0;
    },
  };
}
