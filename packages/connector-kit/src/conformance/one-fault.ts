import assert from 'node:assert/strict';
import type { FaultPlan, SandboxFault } from '../sandbox/faults.ts';
import type { Later } from './subject.ts';

/** Faults after which nobody knows whether the work was done, or which leave it undone. */
const faults: readonly SandboxFault[] = ['drop-after', 'error-after', 'truncated-after', 'drop-before', 'error-before', 'rate-limited'];

/** No effect makes more calls than this. */
const mostCalls = 40;

/**
 * Lets one fault happen at the first call of an act, then at the second, and so on until the act makes no more calls: each time at a fresh vendor, with every kind of fault. `given` prepares
 * it without faults; `act` must end with the effect done once, whatever came of its first attempt.
 */
export async function withOneFaultAnywhere<Bench, Given>(
  subject: { open(given: { readonly faults: FaultPlan }): Later<Bench> },
  given: (bench: Bench) => Promise<Given>,
  act: (bench: Bench, given: Given, where: string) => Promise<void>,
): Promise<void> {
  for (const fault of faults) {
    for (let nth = 1; nth <= mostCalls; nth++) {
      const one = oneFault(fault);
      const bench = await subject.open({ faults: one.plan });
      const prepared = await given(bench);
      one.armAt(nth);
      await act(bench, prepared, `${fault} at call ${nth}`);
      if (!one.happened()) break;
      assert.ok(nth < mostCalls, `more than ${mostCalls} calls for one effect`);
    }
  }
}

function oneFault(fault: SandboxFault): { readonly plan: FaultPlan; armAt(nth: number): void; happened(): boolean } {
  let left: number | null = null;
  return {
    plan() {
      if (left === null || left < 0) return null;
      left -= 1;
      if (left > 0) return null;
      left = -1;
      return fault;
    },
    armAt(nth) {
      left = nth;
    },
    happened: () => left === -1,
  };
}
