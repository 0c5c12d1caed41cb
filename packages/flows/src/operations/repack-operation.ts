import { isFault, type Parcel } from '@quartermaster/domain';
import { checkPacking, type OrderCase, type Shipment } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import { longestFirst } from '@quartermaster/parcels';
import type { FlowContext } from '../context.ts';
import { commandPayloadSchema, intentsOf } from '../intents.ts';
import { findCase } from '../order-cases.ts';
import { jsonOf } from '../plain-json.ts';
import { serviceOfShipment } from '../waves/plan-reading.ts';
import { linesNamed, type NamedUnits } from './named-lines.ts';
import { letHappen, operate, refused, type Asked, type Outcome, type Refused } from './operation.ts';

/** A parcel as a person packed it: `box` is one of the config's, `millimetres` are those of another one, and `grams` what the scales say with everything in it. */
export type PackedByHand = {
  readonly box: string | null;
  readonly millimetres: readonly [number, number, number] | null;
  /** Of the empty box, where it is none of the config's. */
  readonly tareGrams: number | null;
  /** Null: what the box and the goods should weigh. */
  readonly grams: number | null;
  /** What is in it; nothing named is all that the other parcels leave. */
  readonly lines: readonly NamedUnits[];
};

/**
 * A person says in which boxes a shipment really is, in the place of what was planned: all of its parcels. Labels that were bought for other parcels are given back, and new ones are bought. Refused while a label is
 * being bought, and where the parcels do not hold just what is to be shipped or weigh what they cannot.
 */
export async function repackShipment(
  context: FlowContext,
  asked: Asked,
  given: { readonly order: string; readonly shipment: string | null; readonly parcels: readonly PackedByHand[] },
): Promise<Outcome> {
  const isWeighed = await learnWeights(context, given.order);
  return operate(context, asked, { name: 'repack', needs: 'operator', given: jsonOf(given) }, async (tx) => {
    if (!isWeighed && given.parcels.some(({ grams }) => grams === null))
      return refused('impossible', 'the ERP does not tell now what the goods weigh', 'Ask again later, or weigh every parcel.');
    const found = await findCase(tx, given.order);
    if (found === null) return refused('not-found', `the journal has no order ${given.order}`, "Look its key up with 'qm explain'.");
    const shipment = shipmentNamed(found.case, given.shipment);
    if ('kind' in shipment) return shipment;
    const underWay = await labelUnderWay(tx, given.order, shipment.id);
    if (underWay !== null) return underWay;
    const parcels = parcelsOf(context, { order: found.case, shipment, packed: given.parcels });
    if (typeof parcels === 'string') return refused('impossible', parcels, "See what is to be shipped with 'qm packing'.");
    const { by, reason } = asked;
    const worked = await letHappen(tx, context, given.order, { kind: 'repacked', shipmentId: shipment.id, parcels, by, reason });
    if (worked.kind === 'refused') return worked;
    const told = (each: readonly Parcel[]) => jsonOf({ shipment: shipment.id, parcels: each });
    return { ...worked, before: told(shipment.parcels), after: told(parcels) };
  });
}

/** Asks the ERP for what this process does not know yet of the products in an order's shipments; false where it does not answer. */
export async function learnWeights(context: FlowContext, key: string): Promise<boolean> {
  const found = await context.journal.read((tx) => findCase(tx, key));
  const skus = (found?.case.shipments ?? []).flatMap(({ lines }) => lines.map(({ sku }) => sku));
  try {
    await context.catalogue.learn(skus);
    return true;
  } catch (error) {
    if (isFault(error)) return false;
    throw error;
  }
}

export function shipmentNamed({ shipments }: OrderCase, wanted: string | null): Shipment | Refused {
  const open = shipments.filter(({ state }) => state === 'planned' || state === 'written' || state === 'labelled');
  const ids = open.map(({ id }) => id).join(', ');
  if (wanted === null && open.length > 1) return refused('impossible', `the order has several shipments: ${ids}`, 'Say which.');
  const found = wanted === null ? open[0] : open.find(({ id }) => id === wanted);
  if (found !== undefined) return found;
  const what = wanted === null ? 'no shipment that has not left' : `no shipment ${wanted} that has not left`;
  return refused('impossible', `the order has ${what}`, ids === '' ? 'See where it stands first.' : `It has these: ${ids}.`);
}

/** A purchase that may have happened is of the parcel as it was: it must be known first. */
async function labelUnderWay(tx: Transaction, order: string, shipmentId: string): Promise<Refused | null> {
  const intents = await intentsOf(tx, order, { limit: 1_000 });
  const doubtful = intents.find(
    ({ kind, state, inDoubt, payload }) =>
      kind === 'buy-label' &&
      (state === 'leased' || state === 'sent' || state === 'unknown' || (inDoubt && state !== 'done' && state !== 'cancelled')) &&
      commandPayloadSchema.parse(payload).shipmentId === shipmentId,
  );
  if (doubtful === undefined) return null;
  return refused(
    'in-doubt',
    `a label of shipment ${shipmentId} is being bought (intent ${doubtful.id} is ${doubtful.state})`,
    'Ask again when it is settled.',
  );
}

/** The parcels in our words; a sentence when they cannot be. */
function parcelsOf(
  context: FlowContext,
  { order, shipment, packed }: { readonly order: OrderCase; readonly shipment: Shipment; readonly packed: readonly PackedByHand[] },
): Parcel[] | string {
  const gramsOf = (sku: string) => context.catalogue.get(sku)?.grams ?? 0;
  const left = new Map(shipment.lines.map(({ lineId, units }) => [lineId, units]));
  const parcels: Parcel[] = [];
  const rest = packed.filter(({ lines }) => lines.length === 0);
  if (rest.length > 1) return 'what is in a parcel may be left out of one of them only';
  const inOrder = [...packed.entries()].sort(([, a], [, b]) => Number(a.lines.length === 0) - Number(b.lines.length === 0));
  for (const [at, each] of inOrder) {
    const items = each.lines.length === 0 ? restOf(shipment, left) : itemsOf(order, shipment, each.lines);
    if (typeof items === 'string') return items;
    if (items.length === 0) return `nothing is left for parcel ${at + 1}`;
    for (const { lineId, units } of items) left.set(lineId, (left.get(lineId) ?? 0) - units);
    const packaging = packagingOf(context, each);
    if (typeof packaging === 'string') return packaging;
    const { tareGrams, box, millimetres } = packaging;
    const grams = each.grams ?? items.reduce((sum, { sku, units }) => sum + units * gramsOf(sku), tareGrams);
    parcels.push({ number: at + 1, grams: Math.max(1, grams), millimetres, items, packaging: { box, tareGrams } });
  }
  parcels.sort((a, b) => a.number - b.number);
  const chosen = serviceOfShipment(context.settings, shipment);
  const problems = checkPacking({
    shipment: { ...shipment, parcels },
    gramsOf,
    tareGramsOf: ({ packaging }) => packaging?.tareGrams ?? 0,
    services: new Set(chosen === null ? [] : [shipment.service]),
    policy: context.settings.release.packing,
  });
  return problems.length === 0 ? parcels : problems.join('; ');
}

function itemsOf(order: OrderCase, shipment: Shipment, named: readonly NamedUnits[]): Parcel['items'] | string {
  const lines = linesNamed(order, named);
  if (typeof lines === 'string') return lines;
  const foreign = lines.find(({ line }) => !shipment.lines.some(({ lineId }) => lineId === line.id));
  if (foreign !== undefined) return `line ${foreign.line.id} is not of shipment ${shipment.id}`;
  return lines.map(({ line, units }) => ({ lineId: line.id, sku: line.sku ?? '', units }));
}

function restOf({ lines }: Shipment, left: ReadonlyMap<string, number>): Parcel['items'] {
  return lines.flatMap(({ lineId, sku }) => {
    const units = left.get(lineId) ?? 0;
    return units <= 0 ? [] : [{ lineId, sku, units }];
  });
}

/** The box of a parcel with its outer sides, longest first. */
function packagingOf(
  { settings }: FlowContext,
  { box, millimetres, tareGrams }: PackedByHand,
): { readonly box: string | null; readonly tareGrams: number; readonly millimetres: Parcel['millimetres'] } | string {
  const known = box === null ? undefined : settings.boxes.find(({ name }) => name === box);
  if (box !== null && known === undefined)
    return `there is no box ${box}; there are ${settings.boxes.map(({ name }) => name).join(', ') || 'none'}: say its sides instead`;
  const sides = millimetres ?? known?.outer ?? null;
  return { box, tareGrams: tareGrams ?? known?.tareGrams ?? 0, millimetres: sides === null ? null : longestFirst(sides) };
}
