import { isFault, type NodeId, type Sku } from '@quartermaster/domain';
import { whyNotTakenBack, type OrderCase, type Shipment, type TakenBackReason } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import type { FlowContext } from '../context.ts';
import { linesNamed, type NamedUnits } from '../operations/named-lines.ts';
import { learnWeights } from '../operations/repack-operation.ts';
import { letHappen, operate, refused, type Asked, type Outcome, type Refused, type Worked } from '../operations/operation.ts';
import { findCase } from '../order-cases.ts';
import { jsonOf } from '../plain-json.ts';
import { speakingTo } from '../speaking-to.ts';
import { parcelsWithout } from './plan-changes.ts';
import { believeStock, doubtStock, findDoubt, type StockDoubt } from './stock-doubt.ts';

/** What a rejection says of the shelf: that it has nothing more, that what it has is damaged, or nothing. */
export type RejectionDoubt = StockDoubt['kind'] | null;

/**
 * A picker did not find what a shipment needs: the lines go back to sourcing, and not to this node again; nothing more of their SKUs is promised there until it was counted. `lines` are the units that are missing. A line
 * goes back whole, because a line of the ERP has one node.
 */
export async function reportShort(
  context: FlowContext,
  asked: Asked,
  given: { readonly order: string; readonly shipment: string; readonly lines: readonly NamedUnits[] },
): Promise<Outcome> {
  const isWeighed = await learnWeights(context, given.order);
  return operate(context, asked, { name: 'short', needs: 'operator', given: jsonOf(given) }, async (tx) => {
    if (given.lines.length === 0) return refused('impossible', 'no line is named', 'Name what is missing, such as MUG=1.');
    return takeBack(tx, context, asked, { ...given, why: 'short-pick', doubt: 'not-in-stock', isWeighed });
  });
}

/** A node will not ship a shipment, or lines of it: they go back to sourcing, and not to this node again. */
export async function rejectShipment(
  context: FlowContext,
  asked: Asked,
  given: { readonly order: string; readonly shipment: string; readonly lines: readonly NamedUnits[]; readonly doubt: RejectionDoubt },
): Promise<Outcome> {
  const isWeighed = await learnWeights(context, given.order);
  return operate(context, asked, { name: 'reject-shipment', needs: 'operator', given: jsonOf(given) }, (tx) =>
    takeBack(tx, context, asked, { ...given, why: 'rejected', isWeighed }),
  );
}

/** A shelf was counted. Ends the doubt when the ERP says the same; it is refused while the ERP says otherwise, since that is what would be promised from then on. */
export async function countStock(
  context: FlowContext,
  asked: Asked,
  given: { readonly node: NodeId; readonly sku: Sku; readonly units: number },
): Promise<Outcome> {
  const { node, sku, units } = given;
  const there = await unitsInErp(context, node, sku);
  return operate(context, asked, { name: 'counted', needs: 'operator', given: jsonOf(given) }, async (tx, now) => {
    const doubt = await findDoubt(tx, node, sku);
    if (doubt === null) return refused('nothing-changes', `${sku} at ${node} is not in doubt`, 'Nothing: the ERP is believed.');
    if (there === null) return refused('impossible', 'the ERP does not tell now what it has', 'Ask again later.');
    if (there !== units)
      return refused(
        'wrong-state',
        `the ERP has ${there} of ${sku} at ${node}, not ${units}`,
        'Put the count in there first, then say it again.',
      );
    await believeStock(tx, node, sku, now);
    return { kind: 'done', key: `${node}/${sku}`, before: jsonOf(doubt), after: { units } };
  });
}

type TakingBack = {
  readonly order: string;
  readonly shipment: string;
  readonly lines: readonly NamedUnits[];
  readonly why: TakenBackReason;
  readonly doubt: RejectionDoubt;
  /** What the goods weigh is known, so that the parcels of what stays can be told. */
  readonly isWeighed: boolean;
};

async function takeBack(tx: Transaction, context: FlowContext, asked: Asked, given: TakingBack): Promise<Worked | Refused> {
  const found = await findCase(tx, given.order);
  if (found === null) return refused('not-found', `the journal has no order ${given.order}`, "Look its key up with 'qm explain'.");
  const shipment = found.case.shipments.find(({ id }) => id === given.shipment);
  if (shipment === undefined) {
    const ids = found.case.shipments.map(({ id }) => id).join(', ') || 'none';
    return refused('not-found', `the order has no shipment ${given.shipment}`, `Its shipments: ${ids}.`);
  }
  const objection = whyNotTakenBack(found.case, shipment);
  if (objection !== null) return refused('wrong-state', objection, 'What has a label goes as it is, or is cancelled.');
  const meant = linesMeant(found.case, shipment, given.lines);
  if (typeof meant === 'string') return refused('impossible', meant, "See what the shipment has with 'qm explain'.");
  const gone = new Set(meant.map(({ lineId }) => lineId));
  const whole = gone.size === shipment.lines.length;
  if (!whole && !given.isWeighed)
    return refused('impossible', 'the ERP does not tell now what the goods weigh', 'Ask again later, or take the whole shipment back.');
  const worked = await letHappen(tx, context, given.order, {
    kind: 'unsourced',
    shipmentId: shipment.id,
    lineIds: whole ? null : [...gone],
    why: given.why,
    by: asked.by,
    avoid: true,
    parcels: whole ? null : parcelsWithout(shipment, gone, (sku) => context.catalogue.get(sku)?.grams ?? 0),
  });
  if (worked.kind === 'done' && given.doubt !== null) await doubt(tx, context, asked, { node: shipment.node, kind: given.doubt, meant });
  return worked;
}

type Meant = { readonly lineId: string; readonly sku: Sku; readonly units: number };

/** The lines of the shipment that a person means, with the units that were named, or all of them where none was; a sentence when they are not its. */
function linesMeant(order: OrderCase, shipment: Shipment, named: readonly NamedUnits[]): readonly Meant[] | string {
  if (named.length === 0) return shipment.lines;
  const lines = linesNamed(order, named);
  if (typeof lines === 'string') return lines;
  const foreign = lines.find(({ line }) => !shipment.lines.some(({ lineId }) => lineId === line.id));
  if (foreign !== undefined) return `line ${foreign.line.id} is not of shipment ${shipment.id}`;
  return lines.map(({ line, units }) => ({ lineId: line.id, sku: line.sku ?? '', units }));
}

async function doubt(
  tx: Transaction,
  context: FlowContext,
  { by, reason }: Asked,
  { node, kind, meant }: { readonly node: NodeId; readonly kind: StockDoubt['kind']; readonly meant: readonly Meant[] },
): Promise<void> {
  const since = context.clock.now();
  for (const { sku, units } of meant) await doubtStock(tx, { node, sku, kind, units, since, by, reason });
}

/** Units that the ERP counts as sellable there; null where it does not answer. */
async function unitsInErp(context: FlowContext, node: NodeId, sku: Sku): Promise<number | null> {
  const { erp } = context;
  try {
    const positions = await speakingTo(erp.connection, () => erp.stock({ nodes: [node], skus: [sku] }));
    return positions.filter((each) => each.node === node && each.sku === sku).reduce((sum, { sellable }) => sum + sellable, 0);
  } catch (error) {
    if (isFault(error)) return null;
    throw error;
  }
}
