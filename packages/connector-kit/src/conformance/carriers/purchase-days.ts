import type { EffectMemo, EffectRefs } from '@quartermaster/domain';
import assert from 'node:assert/strict';
import { seededRandom, type FaultPlan, type SandboxFault } from '../../sandbox/faults.ts';
import { intentMemo } from '../../sandbox/intent-memo.ts';
import { ProcessKilled, purchaseOf, type Purchase } from './buying.ts';
import type { CarrierRule } from './carrier.ts';
import { liveLabels } from './purchase-cases.ts';
import type { CarrierBench, CarrierFeature, CarrierSubject, DeskTrouble } from './subject.ts';

/** So many days are lived through per point at which something breaks. */
const days = 200;
/** Nothing of a purchase comes true later than that. */
const settledMs = 24 * 3_600_000;

type Breaking = {
  readonly what: string;
  readonly needs: readonly CarrierFeature[];
  /** What happens to calls of the day, default nothing. */
  readonly calls?: readonly SandboxFault[];
  readonly trouble?: DeskTrouble;
  readonly live?: (bench: CarrierBench, random: () => number) => Promise<Purchase>;
};

const breakings: readonly Breaking[] = [
  { what: 'requests do not arrive', needs: [], calls: ['drop-before'] },
  { what: 'answers do not arrive', needs: [], calls: ['drop-after', 'truncated-after'] },
  { what: 'the vendor fails after its work', needs: [], calls: ['error-after'] },
  { what: 'the process dies around keeping what it learnt', needs: [], live: withDeaths },
  { what: 'two workers have the same purchase in hand', needs: [], live: withTwoWorkers },
  { what: 'a worker stands still and has lost its purchase when it goes on', needs: [], live: withALostLease },
  { what: 'webhooks come twice and in any order', needs: ['webhooks'], live: withWebhooks },
  { what: 'an answer for several things refuses some', needs: ['partial-answers'], trouble: 'partial-answer', calls: ['drop-after'] },
  { what: 'a refusal has a status of success', needs: ['failures-as-success'], trouble: 'failure-as-success', calls: ['drop-after'] },
  { what: 'a label is not taken back', needs: ['refused-voids'], live: withARefusedVoid },
];

/**
 * The heart of the suite (`facts` of the carriers, section 4): a purchase that is disturbed at one kind of point, for two hundred seeds each. In the end there is exactly one label that is paid
 * for, and we have it; or none, and the purchase was refused; or a person was told what to check.
 */
export const purchaseDayCases: readonly CarrierRule[] = breakings.map((breaking) => ({
  title: `where ${breaking.what}, one label is paid for and known, on ${days} days`,
  needs: breaking.needs,
  async check(subject) {
    for (let seed = 1; seed <= days; seed++) await day(subject, breaking, seed);
  },
}));

async function day(subject: CarrierSubject, { calls, trouble, live }: Breaking, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const bench = await subject.open({ faults: disturbed(calls ?? [], random) });
  if (trouble !== undefined) await bench.desk.trouble(trouble);
  const end = live === undefined ? await purchaseOf(bench, bench.request, intentMemo(keyOf(seed))) : await live(bench, random);
  await bench.clock.sleep(settledMs);
  const paid = await liveLabels(bench);
  switch (end.kind) {
    case 'bought':
      return assert.deepEqual(paid, [end.label.trackingNumber], `seed ${seed}`);
    case 'refused':
      return assert.deepEqual(paid, [], `seed ${seed}: ${end.fault.message}`);
    case 'person':
      assert.ok(paid.length <= 1, `seed ${seed}: ${paid.length} labels are paid for`);
      return assert.ok(end.check.length > 20, `seed ${seed}: a person is told no more than ${JSON.stringify(end.check)}`);
  }
}

/** Two of the first calls, at random, go wrong in one of these ways; so many that nothing else would be left of the day is not asked of anybody. */
function disturbed(kinds: readonly SandboxFault[], random: () => number): FaultPlan {
  const wrong = new Map([0, 1].map(() => [Math.floor(random() * 7), kinds[Math.floor(random() * kinds.length)] ?? null]));
  return (call) => wrong.get(call) ?? null;
}

function keyOf(seed: number): string {
  return `intent-${seed}`;
}

/** What is kept of an intent, and who may go on with it. */
function journal(key: string) {
  let holder = 1;
  let refs: EffectRefs = {};
  const raw: string[] = [];
  let writes = 0;
  return {
    /** From now on only this worker's words are kept. */
    passTo(worker: number) {
      holder = worker;
    },
    /** `onWrite` runs before a write is kept, and `afterwards` behind it; what they throw is what the worker gets. */
    memo(worker: number, onWrite: (nth: number) => void | Promise<void> = () => undefined, afterwards = onWrite): EffectMemo {
      const keep = async (work: () => void) => {
        const nth = (writes += 1);
        await onWrite(nth);
        if (holder !== worker) throw new LeaseLost();
        work();
        if (afterwards !== onWrite) await afterwards(nth);
      };
      return {
        key,
        get refs() {
          return refs;
        },
        saveRefs: (more) => keep(() => (refs = { ...refs, ...more })),
        saveRaw: (answer) => keep(() => void raw.push(answer)),
        rawAnswers: async () => [...raw],
      };
    },
  };
}

/** Somebody else has the intent now; who hears it lets go of it. */
class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

function withDeaths(bench: CarrierBench, random: () => number): Promise<Purchase> {
  const deaths = new Map([1, 2, 3].map(() => [1 + Math.floor(random() * 5), random() < 0.5 ? 'before' : 'after']));
  const dies = (when: 'before' | 'after') => (nth: number) => {
    if (deaths.get(nth) === when) throw new ProcessKilled();
  };
  return purchaseOf(bench, bench.request, journal('intent-1').memo(1, dies('before'), dies('after')));
}

/** The second worker gets the purchase at one of the first one's writes, because the first seems to be gone, and both go on. */
async function withTwoWorkers(bench: CarrierBench, random: () => number): Promise<Purchase> {
  const kept = journal('intent-1');
  const at = 1 + Math.floor(random() * 4);
  let second: Promise<Purchase> | null = null;
  const handOver = (nth: number) => {
    if (nth < at || second !== null) return;
    kept.passTo(2);
    second = purchaseOf(bench, bench.request, kept.memo(2), true);
  };
  const first = await orLetGo(
    purchaseOf(
      bench,
      bench.request,
      kept.memo(1, () => undefined, handOver),
    ),
  );
  return second ?? first ?? assert.fail('nobody has the purchase');
}

/** The first worker stands still at one of its writes until the second is done with the purchase. */
async function withALostLease(bench: CarrierBench, random: () => number): Promise<Purchase> {
  const kept = journal('intent-1');
  const at = 1 + Math.floor(random() * 4);
  let done: Purchase | null = null;
  const standStill = async (nth: number) => {
    if (nth < at || done !== null) return;
    kept.passTo(2);
    await bench.clock.sleep(180_000);
    done = await purchaseOf(bench, bench.request, kept.memo(2), true);
  };
  const first = await orLetGo(purchaseOf(bench, bench.request, kept.memo(1, standStill)));
  return done ?? first ?? assert.fail('nobody has the purchase');
}

async function orLetGo(purchase: Promise<Purchase>): Promise<Purchase | null> {
  try {
    return await purchase;
  } catch (error) {
    if (error instanceof LeaseLost) return null;
    throw error;
  }
}

async function withWebhooks(bench: CarrierBench, random: () => number): Promise<Purchase> {
  const end = await purchaseOf(bench, bench.request, intentMemo());
  if (end.kind !== 'bought') return end;
  const { trackingNumber, service } = end.label;
  await bench.carrier.trackingPush?.make({ trackingNumber, service }, intentMemo('subscription'));
  await bench.desk.scan?.(trackingNumber, 'accepted');
  await bench.desk.scan?.(trackingNumber, 'delivered');
  const sent = (await bench.desk.takeWebhooks?.()) ?? [];
  const arriving = [...sent, ...sent].map((webhook) => ({ webhook, at: random() })).toSorted((a, b) => a.at - b.at);
  const deliveries = new Set<string>();
  for (const { webhook } of arriving) {
    const verdict = await bench.carrier.verifyWebhook?.(webhook.body, webhook.headers);
    if (verdict?.kind === 'genuine') deliveries.add(verdict.deliveryId);
  }
  assert.ok(deliveries.size > 0 && deliveries.size <= sent.length, `${deliveries.size} deliveries of ${sent.length} webhooks`);
  return end;
}

/** A label that nobody wants is given back, and the carrier does not take it: it stays known and paid for. */
async function withARefusedVoid(bench: CarrierBench): Promise<Purchase> {
  const end = await purchaseOf(bench, bench.request, intentMemo());
  if (end.kind !== 'bought') return end;
  await bench.desk.trouble('refused-void');
  assert.equal((await bench.carrier.voidLabel(end.label, intentMemo('void'))).kind, 'refused');
  return end;
}
