/** Steps that take minutes and that nothing waits for, such as a report of a vendor's: they go beside the rest, each once at a time. */
export type StepsBeside = {
  /** Begins a step, unless it is under way. */
  begin(name: string, step: () => Promise<unknown>): void;
  /** Throws what a step threw since. */
  check(): void;
  /** Returns when all have ended, however they did; throws what one of them threw. */
  end(): Promise<void>;
};

export function stepsBeside(): StepsBeside {
  const underWay = new Map<string, Promise<void>>();
  const thrown: unknown[] = [];
  const check = (): void => {
    if (thrown.length > 0) throw thrown[0];
  };
  return {
    begin(name, step) {
      if (underWay.has(name)) return;
      const ended = step()
        .then(() => undefined)
        .catch((error: unknown) => void thrown.push(error))
        .finally(() => underWay.delete(name));
      underWay.set(name, ended);
    },
    check,
    async end() {
      await Promise.all(underWay.values());
      check();
    },
  };
}
