import type { ErpOrder, Instant } from '@quartermaster/domain';
import type { FlowContext } from '../context.ts';
import { speakingTo } from '../speaking-to.ts';
import { noteAgreement } from './agreement.ts';
import { shadowKind, shadowSchema, type Shadow } from './sourcing-steps.ts';

/**
 * Compares what would have been decided for orders with the nodes that people gave them in the ERP, and keeps how far both agree. An order that people have not entered yet waits; so does one of which
 * the ERP has not said the nodes. Returns how many were compared. Throws the ERP's fault.
 */
export async function compareShadows(context: FlowContext): Promise<number> {
  const { journal, erp } = context;
  const waiting = await journal.read((tx) => tx.records.list(shadowKind, shadowSchema, { states: ['waiting'], limit: mostAtOnce }));
  if (waiting.length === 0) return 0;
  const named = await speakingTo(erp.connection, () => erp.ordersNamed(waiting.map(({ body }) => body.reference)));
  let compared = 0;
  for (const { key, body } of waiting) {
    const theirs = nodesOf(named.get(body.reference) ?? []);
    if (theirs.size === 0) continue;
    await keepComparison(context, key, body, theirs);
    compared += 1;
  }
  return compared;
}

/** Orders that are compared before one wave; the rest waits for the next. */
const mostAtOnce = 2_000;

async function keepComparison({ journal, clock }: FlowContext, subject: string, shadow: Shadow, theirs: Units): Promise<void> {
  const ours = unitsOf(shadow.ours);
  const at: Instant = clock.now();
  await journal.transaction(async (tx) => {
    const stored = await tx.records.get(shadowKind, subject, shadowSchema);
    if (stored?.state !== 'waiting') return;
    const agreed = same(ours, theirs);
    const counted = { agreed: agreed ? 1 : 0, differed: agreed ? 0 : 1 };
    await noteAgreement(tx, 'sourcing', { subject, ...counted, ours: inWords(ours), theirs: inWords(theirs), at });
    await tx.records.put(shadowKind, subject, { state: comparedShadow, body: stored.body, at, version: stored.version });
  });
}

/** State of a plan that was compared. */
export const comparedShadow = 'compared';

/** Units by node and SKU. */
type Units = ReadonlyMap<string, number>;

function nodesOf(orders: readonly ErpOrder[]): Units {
  return unitsOf(
    orders.flatMap(({ deliveries }) =>
      deliveries.flatMap(({ node, state, lines }) =>
        node === null || state === 'cancelled' ? [] : lines.map(({ sku, demand }) => ({ node, sku, units: demand })),
      ),
    ),
  );
}

function unitsOf(rows: Shadow['ours']): Units {
  const units = new Map<string, number>();
  for (const { node, sku, units: count } of rows) {
    const key = `${sku} from ${node}`;
    units.set(key, (units.get(key) ?? 0) + count);
  }
  return units;
}

function same(one: Units, other: Units): boolean {
  return one.size === other.size && [...one].every(([key, units]) => other.get(key) === units);
}

function inWords(units: Units): string {
  if (units.size === 0) return 'nothing yet';
  return [...units]
    .map(([key, count]) => `${count} x ${key}`)
    .toSorted()
    .join(', ');
}
