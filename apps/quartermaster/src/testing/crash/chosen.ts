/** What a crash test may be repeated with: `QM_CRASH_SEED`, `QM_CRASH_ORDERS`, `QM_CRASH_KILLS`. */
export type CrashSize = { readonly orders: number; readonly seed: number; readonly kills: number };

/** The size of a crash test: as given, unless the environment says otherwise. */
export function chosen(given: CrashSize): CrashSize {
  return {
    orders: numberOf('QM_CRASH_ORDERS', given.orders),
    seed: numberOf('QM_CRASH_SEED', given.seed),
    kills: numberOf('QM_CRASH_KILLS', given.kills),
  };
}

function numberOf(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return otherwise;
  if (!/^\d+$/.test(text)) throw new RangeError(`${name} must be a whole number, and is ${text}`);
  return Number(text);
}

/** Prints a line of what came of a test, for who reads the log. */
export function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
