import { createHash } from 'node:crypto';
import { currencyExponent, type Instant } from '@quartermaster/domain';
import { isLive, openLines, planWave, wantsSourcing, type OrderCase } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import { solve, type SolveResult, type SourcingProblem } from '@quartermaster/sourcing';
import { z } from 'zod';
import { baselineSchema, baselineWave, waveDecision, type Baseline } from './baseline.ts';
import { actsOn, ownerOf, type FlowContext } from './context.ts';
import { minutesOf } from './day-cost.ts';
import { applyEvent, findCase, jsonOf, listCases, type StoredCase } from './order-cases.ts';
import { readPlan, type ReadPlan } from './plan-reading.ts';
import { buildProblem, type Demand } from './sourcing-problem.ts';
import { availableForOrders } from './stock-view.ts';

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
});
export type WaveRecord = z.infer<typeof waveRecordSchema>;

export const waveKind = 'wave';
export const baselineKind = 'baseline';
export const baselineKey = 'nearest-first';

/**
 * The wave of a slot: sources all open orders together, commits what was decided, and releases the shipments that leave now. Once per slot, whoever asks and however often; null when
 * the slot was taken before.
 *
 * Reads the orders before the stock: what is written to the ERP in between then counts twice against the stock and never not at all. An order that changed while the optimizer thought
 * is left for the next wave.
 */
export async function runWave(context: FlowContext, slot: Instant): Promise<WaveRecord | null> {
  const { journal, settings, clock } = context;
  const before = await journal.read(async (tx) => ({
    cases: await listCases(tx),
    baseline: await tx.records.get(baselineKind, baselineKey, baselineSchema),
  }));
  const cases = before.cases.map((stored) => stored.case);
  const sourced = before.cases.filter((stored) => wantsSourcing(stored.case) && actsOn(settings, stored.case.scope.connection));
  const demands = sourced
    .map((stored) => demandOf(stored.case))
    .sort((a, b) => compare(a.order.placedAt, b.order.placedAt) || compare(a.key, b.key));
  const skus = [...new Set(cases.flatMap((each) => each.order.lines.flatMap((line) => (line.sku === null ? [] : [line.sku]))))];
  await context.catalogue.learn(skus);
  const positions = await context.erp.stock({ nodes: settings.nodes.map((node) => node.id), skus });

  const reading = { at: slot, settings, product: context.catalogue.get, minorPerUnit: 10 ** currencyExponent(settings.currency) };
  const shared = { ...reading, name: waveDecision(slot), available: availableForOrders(positions, cases) };
  const live = cases.flatMap((each) => each.shipments.filter(isLive));
  const problem = buildProblem({ ...shared, demands, minutesTaken: minutesOf(live, settings) });
  const solved = await solve(problem, {
    ...(context.solver === null ? {} : { solver: context.solver }),
    ...(settings.sourcing.workLimit === null ? {} : { workLimit: settings.sourcing.workLimit }),
  });
  const plan = readPlan(problem, solved.plan, demands, reading);
  const baseline = baselineWave(before.baseline?.body ?? { shipments: [] }, { ...shared, cases, slot });

  return journal.transaction(async (tx) => {
    if (!(await tx.schedules.claimSlot(waveKind, slot, clock.now()))) return null;
    const record = waveRecord(slot, clock.now(), demands.length, solved, reading.minorPerUnit);
    await keepDecision(tx, slot, clock.now(), problem, solved);
    await tx.records.put(waveKind, slot, { state: solved.method, body: jsonOf(record), at: clock.now(), version: 0 });
    await tx.records.put(baselineKind, baselineKey, {
      state: 'current',
      body: jsonOf(baseline satisfies Baseline),
      at: clock.now(),
      version: before.baseline?.version ?? 0,
    });
    for (const stored of sourced) await commit(tx, context, stored, slot, plan);
    await release(tx, context, slot);
    context.log({ event: 'wave.decided', at: clock.now(), ...record });
    return record;
  });
}

function demandOf(each: OrderCase): Demand {
  return { key: each.key, channel: each.scope.connection, order: each.order, open: openLines(each) };
}

async function commit(tx: Transaction, context: FlowContext, stored: StoredCase, slot: Instant, plan: ReadPlan): Promise<void> {
  const { key } = stored.case;
  const now = await findCase(tx, key);
  if (now === null || now.version !== stored.version) return;
  const shipments = plan.drafts.get(key) ?? [];
  const waitsOnly = shipments.length === 0 && stored.case.state === 'committed';
  if (!waitsOnly) await applyEvent(tx, context, key, { kind: 'sourced', decisionId: waveDecision(slot), shipments });
  for (const { skus } of plan.tooHeavy.filter((heavy) => heavy.order === key)) {
    const reason = `one unit of ${skus.join(', ')} is heavier than a parcel of the chosen service may be`;
    await tx.exceptions.raise({
      code: 'parcel-too-heavy',
      subjectKey: key,
      owner: ownerOf(context.settings, 'parcel-too-heavy'),
      reason,
      at: context.clock.now(),
    });
  }
}

/** Lets go what leaves now: of this wave and of earlier ones. */
async function release(tx: Transaction, context: FlowContext, slot: Instant): Promise<void> {
  const waiting = (await listCases(tx, ['committed'])).flatMap(({ case: each }) =>
    each.shipments
      .filter((shipment) => !shipment.released && (shipment.state === 'planned' || shipment.state === 'written'))
      .map((shipment) => ({
        id: JSON.stringify([each.key, shipment.id]),
        order: each.key,
        shipment: shipment.id,
        node: shipment.node,
        dispatchDate: shipment.dispatchDate,
      })),
  );
  const released = new Set(planWave({ slot, nodes: context.settings.nodes, shipments: waiting }).release);
  const byOrder = Map.groupBy(
    waiting.filter((each) => released.has(each.id)),
    (each) => each.order,
  );
  for (const [order, shipments] of byOrder) {
    await applyEvent(tx, context, order, { kind: 'released', shipmentIds: shipments.map((each) => each.shipment) });
  }
}

async function keepDecision(tx: Transaction, slot: Instant, at: Instant, problem: SourcingProblem, solved: SolveResult): Promise<void> {
  const inputs = jsonOf(problem);
  const inputsHash = createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
  const { plan, cost, bound, certifiedBound, gap, method, reasons } = solved;
  await tx.decisions.save({
    id: waveDecision(slot),
    kind: waveKind,
    at,
    inputsHash,
    inputs,
    outcome: jsonOf({ plan, cost, bound, certifiedBound, gap, method, reasons }),
  });
}

function waveRecord(slot: Instant, decidedAt: Instant, orders: number, solved: SolveResult, minorPerUnit: number): WaveRecord {
  const minor = (amount: number) => Math.round(amount * minorPerUnit);
  const { total, shipping, labor, lateness, split, unfilled } = solved.cost;
  return {
    slot,
    decidedAt,
    orders,
    shipments: solved.plan.shipments.length,
    method: solved.method,
    costMinor: {
      total: minor(total),
      shipping: minor(shipping),
      labor: minor(labor),
      lateness: minor(lateness),
      split: minor(split),
      unfilled: minor(unfilled),
    },
    boundMinor: minor(solved.bound),
    gap: solved.gap,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
