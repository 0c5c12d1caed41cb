import { isFault, type ConnectorFault, type EffectMemo, type Label, type LabelRequest } from '@quartermaster/domain';
import assert from 'node:assert/strict';
import type { CarrierBench } from './subject.ts';

/** How a purchase ends: with its label, refused for good, or with a person who is told what to check. */
export type Purchase =
  | { readonly kind: 'bought'; readonly label: Label }
  | { readonly kind: 'refused'; readonly fault: ConnectorFault }
  | { readonly kind: 'person'; readonly check: string };

/** The process dies: whatever it had in hand is in doubt when it is back. */
export class ProcessKilled extends Error {
  override readonly name = 'ProcessKilled';
}

const attempts = 60;
/** After a failure that names no time. */
const restMs = 5_000;

/**
 * Carries a purchase out as the worker of an intent does, through everything that goes wrong: what is in doubt is looked up before it is made, and a look-up that cannot tell ends with a
 * person. `inDoubt`: an earlier process may have sent it.
 */
export async function purchaseOf(
  { carrier, clock }: Pick<CarrierBench, 'carrier' | 'clock'>,
  request: LabelRequest,
  memo: EffectMemo,
  inDoubt = false,
): Promise<Purchase> {
  let doubt = inDoubt;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (doubt) {
      const seen = await orFault(() => carrier.reconcile(request, memo.refs, memo));
      if (seen === null) continue;
      if ('fault' in seen) await rest(seen.fault);
      else if (seen.result.kind === 'found') return { kind: 'bought', label: seen.result.result };
      else if (seen.result.kind === 'cannot-tell') return { kind: 'person', check: seen.result.check };
      else if (seen.result.kind === 'pending') await clock.sleep(seen.result.afterMs);
      else doubt = false;
      continue;
    }
    const bought = await orFault(() => carrier.buy(request, memo));
    if (bought === null) doubt = true;
    else if ('result' in bought) return { kind: 'bought', label: bought.result };
    else {
      doubt = bought.fault.facts.outcome === 'unknown';
      if (!doubt && bought.fault.facts.retry.kind === 'never') return { kind: 'refused', fault: bought.fault };
      await rest(bought.fault);
    }
  }
  return assert.fail(`no end after ${attempts} attempts`);

  function rest({ facts: { retry } }: ConnectorFault): Promise<void> {
    return clock.sleep(retry.kind === 'after' ? retry.ms : restMs);
  }
}

/** Null where the process died at it. */
async function orFault<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result } | { readonly fault: ConnectorFault } | null> {
  try {
    return { result: await work() };
  } catch (error) {
    if (error instanceof ProcessKilled) return null;
    if (isFault(error)) return { fault: error };
    throw error;
  }
}
