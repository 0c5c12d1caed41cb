import {
  isFault,
  type Carrier,
  type Clock,
  type ConnectorFault,
  type EffectMemo,
  type EffectRefs,
  type Label,
  type LabelRequest,
} from '@quartermaster/domain';
import * as fc from 'fast-check';
import type { SandboxFault } from '../sandbox/index.ts';

/** All that goes wrong while a label is bought, in order; when a list is used up nothing goes wrong any more. */
export type Mishaps<Trouble> = {
  readonly calls: readonly (SandboxFault | null)[];
  /** What the vendor itself does to purchases. */
  readonly troubles: readonly (Trouble | null)[];
  /** At each write to the journal: nothing, or the process dies before or after it is durable. */
  readonly writes: readonly ('dies-before' | 'dies-after' | null)[];
  /** Base prices, one after another; when they change is the vendor's affair. */
  readonly prices: readonly number[];
  /** Whether the address is corrected before the attempt of that number. */
  readonly corrections: readonly boolean[];
  /** Whether an unknown outcome is looked up (as it should be) or simply tried again. */
  readonly looks: readonly boolean[];
};

const sometimes = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 2 });

/** Mishaps of a vendor with these troubles; prices stay unless given. */
export function mishapsWith<Trouble>(given: {
  readonly faults: readonly SandboxFault[];
  readonly troubles: readonly Trouble[];
  readonly prices?: fc.Arbitrary<number[]>;
}): fc.Arbitrary<Mishaps<Trouble>> {
  return fc.record({
    calls: fc.array(sometimes(fc.constantFrom(...given.faults)), { maxLength: 25 }),
    troubles: fc.array(sometimes(fc.constantFrom(...given.troubles)), { minLength: 1, maxLength: 5 }),
    writes: fc.array(sometimes(fc.constantFrom('dies-before' as const, 'dies-after' as const)), { maxLength: 12 }),
    prices: given.prices ?? fc.constant([]),
    corrections: fc.array(fc.boolean(), { maxLength: 5 }),
    looks: fc.array(fc.boolean(), { minLength: 4, maxLength: 8 }),
  });
}

class ProcessKilled extends Error {}

/**
 * Drives one intent as a worker with a journal does, through every mishap, until its label is bought or too dear. `requestOf` makes the request from the number of corrections so far. A fault
 * that `settles` it proves that nothing was bought, also before; by default every one that was not applied.
 */
export async function obtainLabel(
  given: { readonly carrier: Carrier; readonly clock: Clock; readonly key: string; readonly mishaps: Mishaps<unknown> },
  requestOf: (corrections: number) => LabelRequest,
  {
    beforeAttempt = () => undefined,
    settles = wasNotApplied,
  }: { readonly beforeAttempt?: (attempt: number) => void; readonly settles?: (fault: ConnectorFault) => boolean } = {},
): Promise<Label | 'too-dear'> {
  const { carrier, clock, key, mishaps } = given;
  const memo = mortalMemo(key, mishaps.writes);
  let corrections = 0;
  let unknown = false;
  for (let attempt = 0; attempt < 300; attempt++) {
    if (mishaps.corrections[attempt] === true) corrections += 1;
    beforeAttempt(attempt);
    const request = requestOf(corrections);
    try {
      if (unknown && mishaps.looks[attempt] !== false) {
        const found = await carrier.reconcile(request, memo().refs, memo());
        if (found.kind === 'found') return found.result;
        if (found.kind === 'cannot-tell') throw new RangeError(found.check);
        if (found.kind === 'pending') await clock.sleep(found.afterMs);
        unknown = found.kind === 'pending';
      } else {
        unknown = true;
        return await carrier.buy(request, memo());
      }
    } catch (error) {
      if (!isFault(error)) {
        if (error instanceof ProcessKilled) await clock.sleep(restMs);
        else throw error;
      } else {
        if (error.facts.message.includes('more than its limit')) return 'too-dear';
        if (settles(error)) unknown = false;
        await clock.sleep(error.facts.retry.kind === 'after' ? error.facts.retry.ms : restMs);
      }
    }
  }
  throw new RangeError('no end');
}

const restMs = 5_000;

function wasNotApplied(fault: ConnectorFault): boolean {
  return fault.facts.outcome === 'not-applied';
}

/** What the journal remembers of an intent, anew for each life of a process that dies while it writes. */
function mortalMemo(key: string, fates: Mishaps<unknown>['writes']): () => EffectMemo {
  let refs: EffectRefs = {};
  let write = 0;
  async function durable(store: () => void): Promise<void> {
    const fate = fates[write++] ?? null;
    if (fate === 'dies-before') throw new ProcessKilled();
    store();
    if (fate === 'dies-after') throw new ProcessKilled();
  }
  return () => ({
    key,
    refs,
    saveRefs: (more) => durable(() => (refs = { ...refs, ...more })),
    saveRaw: () => durable(() => undefined),
    rawAnswers: async () => [],
  });
}
