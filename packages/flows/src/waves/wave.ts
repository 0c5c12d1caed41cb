import { compareText, currencyExponent, epochMs, type Instant } from '@quartermaster/domain';
import { isLive, wantsSourcing } from '@quartermaster/fulfilment';
import type { DurableRecord, ReadTransaction, Transaction } from '@quartermaster/journal';
import type { SolveResult } from '@quartermaster/sourcing';
import { z } from 'zod';
import { baselineBetween, baselineSchema, baselineWave, waveDecision, waveKind, type Baseline } from './baseline.ts';
import { usualRules, type UsualRule } from './usual-rules.ts';
import { outcomeOf, sha256, type WaveOptions } from '../why/kept-decision.ts';
import { keepFacts, overridesBy, sentBefore } from '../why/wave-facts.ts';
import { actsOn, ownerOf, type FlowContext } from '../context.ts';
import { tellBackorders } from '../exceptions/backorders.ts';
import { checkAgain } from '../intake/order-checks.ts';
import { minutesOf } from './day-cost.ts';
import { activeStates, applyEvent, casesOf, findCase, listCases, type StoredCase } from '../order-cases.ts';
import { boxesTaken } from '../packing/boxes-taken.ts';
import { keepPackings } from '../packing/packing-decision.ts';
import { dearPlans, type DearPlans } from './dear-plans.ts';
import { readPlan, type ReadPlan } from './plan-reading.ts';
import { poolSales } from './pool-reservations.ts';
import { overridesOf, solveOverridden, tellImpossible } from './sourcing-overrides.ts';
import { readPast, valuesAhead } from './look-ahead.ts';
import { freshQuotes } from '../quotes/ask.ts';
import { planChanges } from '../resourcing/plan-changes.ts';
import {
  barredWhere,
  circumstances,
  demandWith,
  movableLines,
  solveOptionsFor,
  withMovable,
  withoutMoving,
} from '../resourcing/reassignment.ts';
import { doubtsOfShelves, kitsNotFound, lessDoubts } from '../resourcing/stock-doubt.ts';
import { withKitWeights } from './kit-parts.ts';
import { readShelves } from './read-shelves.ts';
import { buildProblem, demandsInParts } from './sourcing-problem.ts';
import { commitsBetweenWaves, isTimely, reservesBeforePayment } from '../policy/commit-timing.ts';
import { policyStamp, type PolicyStamp } from '../policy/policy-hash.ts';
import { readDemand } from '../stock/demand-history.ts';
import { availableForOrders } from '../stock/stock-view.ts';
import { compareShadows } from '../maturity/compare-shadows.ts';
import { maturitySteps } from '../maturity/maturity-policy.ts';
import { decides, keepShadow, proposePlan } from '../maturity/sourcing-steps.ts';
import { leaseName, whileAlone, type InTurn, type Turn } from '../turns.ts';
import { releaseNow } from './release.ts';
import { checkPlaces, recheckHeld, rereadShort } from './wave-preparation.ts';

/** What is kept of a wave: enough for the status page and the day's figures; the whole problem and plan are in the decision. */
export const waveRecordSchema = z.object({
  slot: z.string(),
  decidedAt: z.string(),
  orders: z.int(),
  shipments: z.int(),
  method: z.string(),
  /** In minor units; of the plan at its wave, unfilled lines included. */
  costMinor: z.object({
    total: z.number(),
    shipping: z.number(),
    labor: z.number(),
    lateness: z.number(),
    split: z.number(),
    unfilled: z.number(),
  }),
  boundMinor: z.number(),
  gap: z.number(),
  /** How far sourcing was trusted with it. Waves from before the dial went by themselves. */
  maturity: z.enum(maturitySteps).default('auto'),
});
export type WaveRecord = z.infer<typeof waveRecordSchema>;

export const baselineKind = 'baseline';

/** A wave that comes later than this decides by the clock instead of its slot: what it could have sent in time then, it cannot any more. */
const punctualMs = 15 * 60_000;

/**
 * The wave of a slot: looks at held and short orders again, sources all open orders together, commits what was decided, and releases the shipments that leave now. Once per slot,
 * whoever asks and however often; null when the slot was taken before.
 *
 * Reads the orders before the stock: what is written to the ERP in between then counts twice against the stock and never not at all. An order that changed while the optimizer thought
 * is left for the next wave. One replica sources at a time; null also while another one does.
 */
export async function runWave(context: FlowContext, slot: Instant): Promise<WaveRecord | null> {
  if ((await waveStanding(context, slot)) !== 'free') return null;
  return (await whileAlone(context, waveTurn(context), (held) => decideWave(context, slot, held)))?.result ?? null;
}

/**
 * Sources the new orders whose stock the policy commits at once, between the waves, and lets nothing go: that is for the next wave. Null when there is none, or while a wave or another replica
 * sources.
 */
export async function sourceBetweenWaves(context: FlowContext): Promise<WaveRecord | null> {
  const { journal, settings, clock } = context;
  // What is only proposed or compared stays open: it is decided once a wave, not all the time.
  if (!commitsBetweenWaves(settings) || settings.maturity.sourcing !== 'auto') return null;
  const open = await journal.read((tx) => listCases(tx, ['open']));
  if (!open.some((stored) => isSourced(context, stored, 'between-waves'))) return null;
  const sourcing = await whileAlone(context, waveTurn(context), async (held) => {
    const slot = clock.now();
    const read = await readWave(context, slot, 'between-waves');
    return commitWave(context, slot, held, read, await decideFrom(context, slot, read));
  });
  return sourcing?.result ?? null;
}

function isSourced({ settings }: FlowContext, { case: each }: StoredCase, turn: SourcingTurn): boolean {
  return decides(settings) && wantsSourcing(each) && actsOn(settings, each.scope.connection) && isTimely(settings, each, turn);
}

type SourcingTurn = 'wave' | 'between-waves';

/** `over`: it was decided; `busy`: a replica is at this wave or another one, so look again soon; `free`: somebody must take it. */
export type WaveStanding = 'over' | 'busy' | 'free';

export async function waveStanding(context: FlowContext, slot: Instant): Promise<WaveStanding> {
  const { journal, clock } = context;
  return journal.read(async (tx) => {
    if ((await tx.records.get(waveKind, slot, waveRecordSchema)) !== null) return 'over';
    const name = leaseName(context, waveTurn(context));
    const lease = (await tx.leases.list()).find((each) => each.name === name);
    return lease !== undefined && lease.holder !== null && lease.until > clock.now() ? 'busy' : 'free';
  });
}

/** One sourcing at a time, whatever its slot. The lease outlasts an optimizer that keeps its thread for itself; a wave whose replica died is taken up after it, still in time. */
function waveTurn({ erp }: FlowContext): Turn {
  return { name: 'sourcing', connection: erp.connection, leaseMs: 5 * 60_000 };
}

async function decideWave(context: FlowContext, slot: Instant, held: InTurn): Promise<WaveRecord | null> {
  await checkPlaces(context);
  await recheckHeld(context);
  await rereadShort(context);
  if (context.settings.maturity.sourcing === 'shadow') await compareShadows(context);
  const read = await readWave(context, slot, 'wave');
  return commitWave(context, slot, held, read, await decideFrom(context, slot, read));
}

type WaveReading = Awaited<ReturnType<typeof readWave>>;

/** Orders first, then the stock; then what the catalogue and the carriers know of what is to be sourced. `at` is the instant as of which the wave decides. */
async function readWave(context: FlowContext, slot: Instant, turn: SourcingTurn) {
  const { journal, settings, clock } = context;
  const before = await journal.read(wavesMemory);
  const cases = before.cases.map((stored) => stored.case);
  const at = epochMs(clock.now()) - epochMs(slot) > punctualMs ? clock.now() : slot;
  const standing = await journal.read((tx) => circumstances(tx, settings, at));
  // What is planned moves only where nobody needs to be asked.
  const mayMove = turn === 'wave' && settings.maturity.sourcing === 'auto';
  const ours = mayMove ? cases.filter((each) => actsOn(settings, each.scope.connection)) : [];
  const movable = movableLines(ours, at, settings, standing);
  const sourced = before.cases.filter((stored) => isSourced(context, stored, turn) || movable.has(stored.case.key));
  const wanted = sourced
    .map((stored) => demandWith(stored.case, movable))
    .sort((a, b) => compareText(a.order.placedAt, b.order.placedAt) || compareText(a.key, b.key));
  const { positions, recipes } = await readShelves(context, cases, wanted);
  const { doubts, outages } = standing;
  const demands = barredWhere(wanted, kitsNotFound(doubts, recipes));
  const available = availableForOrders(lessDoubts(positions, doubtsOfShelves(doubts, recipes)), cases, recipes);
  const product = withKitWeights(context.catalogue.get, recipes);
  const gramsOf = (sku: string) => product(sku)?.grams ?? 0;
  const quotes = await freshQuotes(context, { demands: demandsInParts(demands, recipes), available, gramsOf, at });
  const past = await readPast(journal, settings, at);
  const hasPools = settings.inventory.pools.length > 0;
  const sold = hasPools ? poolSales(await journal.read((tx) => readDemand(tx, context)), settings, { demands, cases, recipes }) : [];
  const { baselines } = before;
  return { turn, at, cases, sourced, demands, movable, outages, available, recipes, product, quotes, past, sold, baselines };
}

type WaveDeciding = Awaited<ReturnType<typeof decideFrom>>;

/** The plan of what was read, and beside it what the usual rules would have done. Reads and writes nothing. */
async function decideFrom(context: FlowContext, slot: Instant, read: WaveReading) {
  const { settings } = context;
  const { at, cases, demands, movable, outages, available, recipes, product, quotes, sold } = read;
  const reading = { at, settings, product, recipes, minorPerUnit: 10 ** currencyExponent(settings.currency) };
  const shared = { ...reading, name: waveDecision(slot), available, quotes, outages, sold };
  const settled = withoutMoving(cases, movable);
  const minutesTaken = minutesOf(
    settled.flatMap((each) => each.shipments.filter(isLive)),
    settings,
    recipes,
  );
  const wanted = { ...shared, demands, available: withMovable(available, movable, recipes), minutesTaken };
  const problem = buildProblem(wanted);
  const sourced = read.sourced.map((stored) => stored.case);
  const overrides = overridesOf(sourced, problem, at);
  const stockValues = valuesAhead(problem, { ...reading, demands, available, quotes, minutesTaken }, read.past);
  const options: WaveOptions = {
    ...(stockValues === undefined ? {} : { stockValues }),
    ...(context.solver === null ? {} : { solver: context.solver }),
    ...(settings.sourcing.workLimit === null ? {} : { workLimit: settings.sourcing.workLimit }),
    ...solveOptionsFor(settings, problem, demands, { movable, recipes }),
  };
  const { solved, kept, impossible } = await solveOverridden(problem, overrides, options);
  const plan = readPlan(problem, solved.plan, demands, { ...reading, quotes, outages, boxesTaken: boxesTaken(cases) });
  const beside = { ...shared, cases, slot, planned: [...plan.drafts.keys()] };
  const dear = await dearPlans(problem, solved.plan, settings, reading.minorPerUnit);
  const baselines = usualRules.map((rule) => {
    const before = read.baselines.get(rule)?.body ?? noBaseline;
    // A rule has a past of its own only beside ours: where nothing comes of a plan, people ship, and both begin anew at the next wave.
    if (settings.maturity.sourcing === 'observe' || settings.maturity.sourcing === 'shadow') return [rule, noBaseline] as const;
    return [rule, read.turn === 'wave' ? baselineWave(rule, before, beside) : baselineBetween(before, slot, plan.drafts.keys())] as const;
  });
  const facts = { ...wanted, slot, sent: sentBefore(settled, slot), overrides: overridesBy(sourced, at) };
  return { problem, overrides, kept, impossible, options, solved, plan, dear, baselines, facts, minorPerUnit: reading.minorPerUnit };
}

/** Keeps what was decided, lets it happen to the orders, and releases what leaves now: all or nothing. Null when the slot was taken meanwhile. */
async function commitWave(
  context: FlowContext,
  slot: Instant,
  held: InTurn,
  read: WaveReading,
  decided: WaveDeciding,
): Promise<WaveRecord | null> {
  const { journal, settings, clock } = context;
  const { solved, plan } = decided;
  return journal.transaction(async (tx) => {
    await held.guard(tx);
    if (!(await tx.schedules.claimSlot(waveKind, slot, clock.now()))) return null;
    const costed = waveRecord(slot, clock.now(), read.demands.length, solved, decided.minorPerUnit);
    const record = { ...costed, maturity: settings.maturity.sourcing };
    await keepDecision(tx, slot, clock.now(), decided, policyStamp(settings));
    await keepFacts(tx, decided.facts);
    await keepPackings(tx, { ...plan, wave: waveDecision(slot), at: clock.now(), settings, product: read.product });
    await tx.records.put(waveKind, slot, { state: solved.method, body: record, at: clock.now(), version: 0 });
    for (const [rule, body] of decided.baselines)
      await tx.records.put(baselineKind, rule, {
        state: 'current',
        body,
        at: clock.now(),
        version: read.baselines.get(rule)?.version ?? 0,
      });
    for (const stored of read.sourced) await takeUp(tx, context, stored, slot, { ...plan, dear: decided.dear }, read);
    await tellImpossible(tx, context, decided.overrides, decided.impossible);
    await tellBackorders(tx, context, read.sourced);
    if (read.turn === 'wave') await releaseNow(tx, context, read.at, { trusting: 'erp' });
    context.log({ event: 'wave.decided', at: clock.now(), ...record });
    return record;
  });
}

type Baselines = ReadonlyMap<UsualRule, DurableRecord<Baseline>>;

const noBaseline: Baseline = { shipments: [], sourced: [] };

/** What a wave needs to know: the baselines, every case that something may still happen to, and those that plan or baselines shipped of in the compared time. */
export async function wavesMemory(tx: ReadTransaction): Promise<{ cases: StoredCase[]; baselines: Baselines }> {
  const baselines = new Map<UsualRule, DurableRecord<Baseline>>();
  for (const rule of usualRules) {
    const kept = await tx.records.get(baselineKind, rule, baselineSchema);
    if (kept !== null) baselines.set(rule, kept);
  }
  const active = await listCases(tx, activeStates);
  const known = new Set(active.map((stored) => stored.case.key));
  const compared = [...baselines.values()].flatMap(({ body }) => [...body.sourced, ...body.shipments].map(({ order }) => order));
  return { cases: [...active, ...(await casesOf(tx, new Set(compared.filter((key) => !known.has(key)))))], baselines };
}

/** What was decided about an order happens to it, or, as the dial of the flow has it, is proposed to people or only compared with what they do. */
async function takeUp(
  tx: Transaction,
  context: FlowContext,
  stored: StoredCase,
  slot: Instant,
  plan: ReadPlan & { readonly dear: DearPlans },
  { movable, product }: Pick<WaveReading, 'movable' | 'product'>,
): Promise<void> {
  const { key } = stored.case;
  const now = await findCase(tx, key);
  if (now === null || now.version !== stored.version) return;
  const changes = planChanges(movable.get(key) ?? [], plan.drafts.get(key) ?? [], (sku) => product(sku)?.grams ?? 0);
  for (const taken of changes.taken) await applyEvent(tx, context, key, { kind: 'unsourced', ...taken });
  const shipments = changes.drafts;
  const waitsOnly = shipments.length === 0 && stored.case.state === 'committed';
  const decided = { decisionId: waveDecision(slot), shipments };
  const { sourcing } = context.settings.maturity;
  const dearMinor = plan.dear.get(key) ?? 0;
  // What was planned before and moves now has been paid for in the cost of the change.
  const isDear = dearMinor > 0 && changes.taken.length === 0;
  if (sourcing === 'shadow') await keepShadow(tx, context, stored.case, decided);
  else if (sourcing === 'assist') await proposePlan(tx, context, stored.case, decided);
  else if (isDear) await proposePlan(tx, context, stored.case, { ...decided, dearMinor });
  else if (!waitsOnly) await applyEvent(tx, context, key, { kind: 'sourced', ...decided });
  if (
    sourcing === 'auto' &&
    !isDear &&
    !waitsOnly &&
    reservesBeforePayment(context.settings, { channel: stored.case.scope.connection, order: stored.case.order })
  )
    await checkAgain(tx, context, key);
  await tellTooHeavy(
    tx,
    context,
    key,
    plan.tooHeavy.flatMap((heavy) => (heavy.order === key ? heavy.skus : [])),
  );
}

async function tellTooHeavy(tx: Transaction, context: FlowContext, subjectKey: string, skus: readonly string[]): Promise<void> {
  const code = 'parcel-too-heavy';
  const at = context.clock.now();
  if (skus.length === 0) {
    await tx.exceptions.resolve({ code, subjectKey }, { by: 'quartermaster', reason: 'it settled itself', at });
    return;
  }
  const reason = `one unit of ${skus.join(', ')} is heavier than a parcel of the chosen service may be`;
  await tx.exceptions.raise({ code, subjectKey, owner: ownerOf(context.settings, code), reason, at });
}

async function keepDecision(tx: Transaction, slot: Instant, at: Instant, decided: WaveDeciding, policy: PolicyStamp): Promise<void> {
  const { problem, solved, kept, options } = decided;
  const inputsHash = sha256(JSON.stringify(problem));
  await tx.decisions.save({
    id: waveDecision(slot),
    kind: waveKind,
    at,
    inputsHash,
    inputs: problem,
    outcome: { ...outcomeOf(solved, kept, options), policy },
  });
}

function waveRecord(
  slot: Instant,
  decidedAt: Instant,
  orders: number,
  solved: SolveResult,
  minorPerUnit: number,
): Omit<WaveRecord, 'maturity'> {
  const minor = (amount: number) => Math.round(amount * minorPerUnit);
  const { shipping, labor, lateness, split, unfilled } = solved.cost;
  const terms = {
    shipping: minor(shipping),
    labor: minor(labor),
    lateness: minor(lateness),
    split: minor(split),
    unfilled: minor(unfilled),
  };
  const total = terms.shipping + terms.labor + terms.lateness + terms.split + terms.unfilled;
  return {
    slot,
    decidedAt,
    orders,
    shipments: solved.plan.shipments.length,
    method: solved.method,
    costMinor: { total, ...terms },
    boundMinor: minor(solved.bound),
    gap: solved.gap,
  };
}
