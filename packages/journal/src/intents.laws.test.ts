import { InvariantError, type Safety } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LeasedIntent } from './intent.ts';
import type { Intents } from './intents.ts';
import { openJournal, type Journal } from './journal.ts';
import { after, given, intent, masterKey, stoppedClock } from './testing/givens.ts';
import { intentModel, leaseSeconds, type HolderAct, type IntentModel } from './testing/intent-model.ts';

const orderKeys = ['o1', 'o2', 'o3'];
const safeties: readonly Safety[] = ['key', 'natural', 'claim', 'read-back'];
const holderActs = ['markSent', 'markSent', 'finish', 'fail', 'kill', 'renew', 'retry', 'unknown'] as const;

/** What somebody does. Numbers choose among what there is, so that every sequence makes sense; `lease` chooses among all that were ever given, also those long lost. */
const deeds = {
  add: fc.record({
    kind: fc.constant('add' as const),
    orderKey: fc.constantFrom(...orderKeys),
    safety: fc.constantFrom(...safeties),
    inSeconds: fc.constantFrom(0, 0, 40),
    state: fc.constantFrom('ready' as const, 'ready' as const, 'planned' as const),
  }),
  claim: fc.record({ kind: fc.constantFrom('claim' as const, 'claimUnknown' as const), limit: fc.integer({ min: 1, max: 3 }) }),
  hold: fc.record({ kind: fc.constant('hold' as const), lease: fc.nat(), act: fc.constantFrom(...holderActs), absent: fc.boolean() }),
  wait: fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(10, 50) }),
  recover: fc.record({ kind: fc.constant('recover' as const), leases: fc.constantFrom('expired' as const, 'all' as const) }),
  cancel: fc.record({ kind: fc.constant('cancel' as const), orderKey: fc.constantFrom(...orderKeys) }),
  person: fc.record({ kind: fc.constantFrom('redrive' as const, 'drop' as const, 'makeReady' as const), which: fc.nat() }),
};
const deed = fc.oneof(
  { weight: 4, arbitrary: deeds.add },
  { weight: 8, arbitrary: deeds.claim },
  { weight: 12, arbitrary: deeds.hold },
  { weight: 2, arbitrary: deeds.wait },
  { weight: 2, arbitrary: deeds.recover },
  { weight: 1, arbitrary: deeds.cancel },
  { weight: 3, arbitrary: deeds.person },
);
type Deed = typeof deed extends fc.Arbitrary<infer Value> ? Value : never;

test('whatever workers, crashes, lookups and people do in whatever order, the intents stand as the model says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 20, maxLength: 80 }), async (deeds) => {
      await using journal = await openJournal({ path: ':memory:', masterKey, clock: stoppedClock });
      const model = intentModel();
      const play = playOn(journal, model);
      for (const deed of deeds) {
        const { journalSaid, modelSaid } = await play(deed);
        expect(journalSaid).toEqual(modelSaid);
        expect(await standing(journal)).toEqual(modelStanding(model));
      }
    }),
    { numRuns: 150 },
  );
});

test('no intent is finished twice, and no two of one order are in flight at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 40, maxLength: 80 }), async (deeds) => {
      await using journal = await openJournal({ path: ':memory:', masterKey, clock: stoppedClock });
      const play = playOn(journal, intentModel());
      const finished: number[] = [];
      for (const deed of deeds) {
        const { finishedId } = await play(deed);
        if (finishedId !== null) finished.push(finishedId);
        const inFlight = await journal.read((tx) => tx.intents.list({ states: ['leased', 'sent', 'unknown'], limit: 1_000 }));
        expect(new Set(inFlight.map(({ orderKey }) => orderKey)).size).toBe(inFlight.length);
      }
      expect(new Set(finished).size).toBe(finished.length);
    }),
    { numRuns: 50 },
  );
});

type Played = { readonly journalSaid: unknown; readonly modelSaid: unknown; readonly finishedId: number | null };
type Lease = { readonly number: number; readonly id: number; readonly token: string };

/** Does each deed to the journal and to the model, and tells what both answered. */
function playOn(journal: Journal, model: IntentModel): (deed: Deed) => Promise<Played> {
  const leases: Lease[] = [];
  let now = 0;
  let claims = 0;

  const lend = (claimed: readonly LeasedIntent[]) => {
    for (const { id, token } of claimed) leases.push({ number: claims, id, token });
    return claimed.map(({ id }) => id);
  };
  const said = (journalSaid: unknown, modelSaid: unknown, finishedId: number | null = null) => ({ journalSaid, modelSaid, finishedId });

  return async (deed) => {
    switch (deed.kind) {
      case 'add': {
        const { orderKey, safety, state } = deed;
        model.add(orderKey, safety, now + deed.inSeconds, state);
        await given(journal, intent(`intent ${model.intents.length}`, { orderKey, safety, state, runAt: after(now + deed.inSeconds) }));
        return said('added', 'added');
      }
      case 'claim':
      case 'claimUnknown': {
        claims += 1;
        const query = { worker: 'w', now: after(now), limit: deed.limit, leaseMs: leaseSeconds * 1_000 };
        return said(lend(await journal.transaction((tx) => tx.intents[deed.kind](query))), model[deed.kind](claims, now, deed.limit));
      }
      case 'hold': {
        const lease = leases[deed.lease % leases.length];
        if (lease === undefined) return said('no lease', 'no lease');
        const act = actOf(deed, now);
        const answer = await journal.transaction((tx) => actOn(tx.intents, lease, act)).catch(refusal);
        return said(answer, model.asHolder(lease.id, lease.number, act), act.kind === 'finish' && answer === true ? lease.id : null);
      }
      case 'wait':
        now += deed.seconds;
        return said(now, now);
      case 'recover': {
        const recovered = await journal.transaction((tx) => tx.intents.recover({ now: after(now), leases: deed.leases }));
        return said(
          recovered.map(({ id }) => id),
          model.recover(now, deed.leases),
        );
      }
      case 'cancel': {
        const { cancelled } = await journal.transaction((tx) => tx.intents.cancel({ orderKey: deed.orderKey }));
        return said(
          cancelled.map(({ id }) => id),
          model.cancel(deed.orderKey),
        );
      }
      case 'redrive':
      case 'drop':
      case 'makeReady': {
        const id = (deed.which % (model.intents.length + 1)) + 1;
        return said(await journal.transaction((tx) => tx.intents[deed.kind](id, after(now))), model[deed.kind](id, now));
      }
    }
  };
}

function actOf(deed: Deed & { kind: 'hold' }, now: number): HolderAct {
  switch (deed.act) {
    case 'retry':
      return { kind: 'retry', outcome: deed.absent ? 'not-applied' : 'unknown', runAt: now + 20 };
    case 'unknown':
      return { kind: 'unknown', runAt: now + 20 };
    case 'renew':
      return { kind: 'renew', now };
    default:
      return { kind: deed.act };
  }
}

function actOn(intents: Intents, { id, token }: Lease, act: HolderAct): Promise<boolean> {
  switch (act.kind) {
    case 'markSent':
      return intents.markSent(id, token);
    case 'renew':
      return intents.renew(id, token, { now: after(act.now), leaseMs: leaseSeconds * 1_000 });
    case 'finish':
      return intents.finish(id, token, {});
    case 'fail':
    case 'kill':
      return intents[act.kind](id, token, { code: 'refused' });
    case 'retry':
      return intents.retry(id, token, { runAt: after(act.runAt), outcome: act.outcome, fault: null });
    case 'unknown':
      return intents.unknown(id, token, { runAt: after(act.runAt), fault: null });
  }
}

function refusal(error: unknown): 'refused' {
  if (error instanceof InvariantError) return 'refused';
  throw error;
}

async function standing(journal: Journal) {
  const stored = await journal.read((tx) => tx.intents.list({ limit: 1_000 }));
  return stored.map(({ id, state, runAt, attempt, lookups, inDoubt, leasedUntil }) => ({
    id,
    state,
    runAt,
    attempt,
    lookups,
    inDoubt,
    leasedUntil,
  }));
}

function modelStanding(model: IntentModel) {
  return model.intents.map(({ id, state, runAt, attempt, lookups, inDoubt, lease, leaseUntil }) => ({
    id,
    state,
    runAt: after(runAt),
    attempt,
    lookups,
    inDoubt,
    leasedUntil: lease === null ? null : after(leaseUntil),
  }));
}
