import { epochMs, instantOf, type Instant } from '@quartermaster/domain';
import type { OrderOverride } from '@quartermaster/fulfilment';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { scopeOf, type FlowContext } from '../context.ts';
import { findCase } from '../order-cases.ts';
import { keptDecision } from '../why/kept-decision.ts';
import { overrideCosts, type OverrideCost } from '../why/override-cost.ts';
import { waveKind } from '../waves/baseline.ts';
import { avoidedNodes, regretKind, regretSchema, verdictOf, type Regret } from './regret.ts';

/** What was avoided has so long to go wrong before an override is judged. */
export const provingMs = 48 * 3_600_000;
/** Overrides of a wave that are measured: each is a wave decided anew. */
const measuredPerWave = 20;
const wavesAtOnce = 5;
const stream = 'regret';
const doneSchema = z.object({ decidedAt: z.string() });
/** Exceptions that tell of a shipment that went wrong where it was to leave from. */
const troubleCodes = [
  'short-reservation',
  'delivery-missing',
  'allocate-failed',
  'buy-label-failed',
  'ship-failed',
  'parcel-not-handed-over',
] as const;

/**
 * Measures what overrides have cost the waves that kept them, by deciding each wave again without them, and judges those whose time of proof is over. Beside the waves, and after them: nothing of it
 * changes an order. Returns how many were measured or judged.
 */
export async function measureRegret(context: FlowContext): Promise<number> {
  return (await measureWaves(context)) + (await judge(context));
}

async function measureWaves(context: FlowContext): Promise<number> {
  const { journal, settings } = context;
  const scope = scopeOf(settings, settings.erp.connection);
  const waves = await journal.read(async (tx) => {
    const before = await tx.cursors.get(scope, stream, doneSchema);
    const newest = await tx.decisions.list({ kind: waveKind, limit: wavesAtOnce });
    return newest.filter(({ at }) => before === null || at > before.decidedAt).toReversed();
  });
  let measured = 0;
  for (const { id, at } of waves) {
    measured += await measureWave(context, id);
    await journal.transaction((tx) => tx.cursors.set(scope, stream, { decidedAt: at }));
  }
  return measured;
}

async function measureWave(context: FlowContext, id: string): Promise<number> {
  const { journal, solver } = context;
  const decision = await journal.read((tx) => keptDecision(tx, id));
  if (decision === null) return 0;
  let measured = 0;
  for (const order of new Set(decision.overrides.filter(({ kind }) => kind !== 'hold').map((each) => each.order))) {
    if (measured >= measuredPerWave) break;
    const costs = await overrideCosts(decision, order, solver);
    await journal.transaction((tx) => keepCosts(tx, context, costs, { order, decidedAt: decision.at }));
    measured += costs.length;
  }
  return measured;
}

async function keepCosts(
  tx: Transaction,
  context: FlowContext,
  costs: readonly OverrideCost[],
  { order, decidedAt }: { readonly order: string; readonly decidedAt: Instant },
): Promise<void> {
  const overrides = (await findCase(tx, order))?.case.overrides ?? [];
  for (const cost of costs) {
    const override = overrides.find((each) => JSON.stringify([order, each.id]) === cost.override);
    if (override !== undefined && override.kind !== 'check') await keepCost(tx, context, { cost, override, decidedAt });
  }
}

async function keepCost(
  tx: Transaction,
  { clock }: FlowContext,
  given: { readonly cost: OverrideCost; readonly override: Exclude<OrderOverride, { kind: 'check' }>; readonly decidedAt: Instant },
): Promise<void> {
  const { cost, override, decidedAt } = given;
  const { decision, order, currency, costMinor, instead } = cost;
  const key = `${decision}/${order}/${override.id}`;
  if ((await tx.records.get(regretKind, key, regretSchema)) !== null) return;
  const at = clock.now();
  const { kind, node, service, by, why, id } = override;
  const facts = { decision, override: id, order, kind, node, service, by, why, costMinor, currency, instead: [...instead] };
  const body: Regret = { ...facts, decidedAt, measuredAt: at, troubles: null, verdict: 'open' };
  await tx.records.put(regretKind, key, { state: 'open', body, at, name: order, version: 0 });
  await tx.audit.append({
    at,
    actor: 'quartermaster',
    event: 'override.measured',
    key: order,
    detail: { override: id, decision, costMinor, currency },
  });
}

async function judge({ journal, clock }: FlowContext): Promise<number> {
  const until = instantOf(epochMs(clock.now()) - provingMs);
  const due = await journal.read(async (tx) =>
    (await tx.records.list(regretKind, regretSchema, { states: ['open'], limit: 500 })).filter(({ body }) => body.decidedAt <= until),
  );
  for (const { key, body, version } of due)
    await journal.transaction(async (tx) => {
      const troubles = await troublesAt(tx, body);
      const verdict = verdictOf(body.costMinor, troubles);
      await tx.records.put(regretKind, key, {
        state: verdict,
        body: { ...body, troubles, verdict },
        at: clock.now(),
        name: body.order,
        version,
      });
    });
  return due.length;
}

/** Shipments from the nodes that were avoided of which something went wrong within the time of proof. */
async function troublesAt(tx: ReadTransaction | Transaction, regret: Regret): Promise<number> {
  const nodes = avoidedNodes(regret);
  const until = instantOf(epochMs(regret.decidedAt) + provingMs);
  const wrong = new Set<string>();
  for (const code of troubleCodes)
    for (const { subjectKey, raisedAt } of await tx.exceptions.list({ code, limit: 10_000 })) {
      const [order = '', shipment] = subjectKey.split('/shipment/');
      if (raisedAt < regret.decidedAt || raisedAt > until || shipment === undefined) continue;
      const node = (await findCase(tx, order))?.case.shipments.find(({ id }) => id === shipment)?.node;
      if (node !== undefined && nodes.has(node)) wrong.add(subjectKey);
    }
  return wrong.size;
}
