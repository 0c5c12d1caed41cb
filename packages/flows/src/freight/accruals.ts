import { localDate, type Instant } from '@quartermaster/domain';
import { accrualOf, accrualSchema, type Accrual } from '@quartermaster/freight';
import { orderCaseSchema, type OrderCase, type ParcelLabel, type Shipment, type WithdrawnLabel } from '@quartermaster/fulfilment';
import type { Journal, ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowSettings } from '../settings.ts';
import { everyPage } from './pages.ts';

/** One record for each bought label; its state is the day on which it was bought, so that a range of days is read by the index of states. */
const recordKind = 'accrual';

type Settings = Pick<FlowSettings, 'nodes'>;

/**
 * Keeps what is owed for the labels of an order: those that are new in `after`, and those that were given back or taken up again since `before`. Writes nothing where no label changed, so that other
 * steps of an order cost nothing.
 */
export async function keepAccruals(
  tx: Transaction,
  settings: Settings,
  { before, after, now }: { readonly before: OrderCase | null; readonly after: OrderCase; readonly now: Instant },
): Promise<number> {
  const known = new Map((before === null ? [] : labelsOf(before)).map((each) => [keyOf(after, each), isGivenBack(each)]));
  let changed = 0;
  for (const each of labelsOf(after)) {
    const key = keyOf(after, each);
    if (known.get(key) === isGivenBack(each)) continue;
    const there = await tx.records.get(recordKind, key, accrualSchema);
    const today = dayAt(settings, each.shipment.node, now);
    const voidedOn = isGivenBack(each) ? (there?.body.voidedOn ?? today) : null;
    if (there !== null && there.body.voidedOn === voidedOn) continue;
    const body = there === null ? accrualOfLabel(settings, after, each, { key, voidedOn }) : { ...there.body, voidedOn };
    const change = { state: body.boughtOn, body, at: now, name: body.trackingNumber, version: there?.version ?? 0 };
    await tx.records.put(recordKind, key, change);
    changed += 1;
  }
  return changed;
}

/** Accruals of the labels that were bought from a day to a day, both included. */
export async function readAccruals(
  journal: { read<Result>(work: (tx: ReadTransaction) => Promise<Result>): Promise<Result> },
  days: readonly string[],
): Promise<Accrual[]> {
  const found: Accrual[] = [];
  for (const day of days) {
    const pages = everyPage((after, limit) =>
      journal.read((tx) => tx.records.list(recordKind, accrualSchema, { states: [day], limit, ...(after === undefined ? {} : { after }) })),
    );
    for await (const page of pages) found.push(...page.map(({ body }) => body));
  }
  return found;
}

const indexedSchema = z.object({ after: z.string().nullable(), done: z.boolean() });
const indexKind = 'accruals-kept';
const indexKey = 'orders';

/**
 * Keeps the accruals of orders that are older than this part of the program, a page of orders to a transaction; once it is through it does nothing any more. Returns how many were kept. To be called by
 * who wants to audit, and never in a turn of the daemon: the first time it reads all orders.
 */
export async function keepEarlierAccruals(journal: Journal, settings: Settings, now: () => Instant): Promise<number> {
  for (let kept = 0; ;) {
    const step = await journal.transaction(async (tx) => {
      const stored = await tx.records.get(indexKind, indexKey, indexedSchema);
      const { after, done } = stored?.body ?? { after: null, done: false };
      if (done) return { kept: 0, done };
      const page = await tx.records.list('order', orderCaseSchema, { limit: ordersPerStep, ...(after === null ? {} : { after }) });
      let added = 0;
      for (const { body } of page) added += await keepAccruals(tx, settings, { before: null, after: body, now: now() });
      const isLast = page.length < ordersPerStep;
      const body = { after: page.at(-1)?.key ?? after, done: isLast };
      const state = isLast ? 'done' : 'under-way';
      await tx.records.put(indexKind, indexKey, { state, body, at: now(), version: stored?.version ?? 0 });
      return { kept: added, done: isLast };
    });
    kept += step.kept;
    if (step.done) return kept;
  }
}

const ordersPerStep = 200;

type LabelOfShipment = { readonly shipment: Shipment; readonly of: ParcelLabel; readonly outcome: WithdrawnLabel['outcome'] | null };

function labelsOf({ shipments }: OrderCase): LabelOfShipment[] {
  return shipments.flatMap((shipment) => [
    ...shipment.labels.map((of) => ({ shipment, of, outcome: null })),
    ...shipment.withdrawn.map((of) => ({ shipment, of, outcome: of.outcome })),
  ]);
}

/** The carrier took it back, or took the wish on: then it must not be billed. */
function isGivenBack({ outcome }: LabelOfShipment): boolean {
  return outcome === 'voided' || outcome === 'accepted';
}

function keyOf({ key }: OrderCase, { shipment, of }: LabelOfShipment): string {
  return `${key}/label/${encodeURIComponent(shipment.id)}/${encodeURIComponent(of.label.ref)}`;
}

function accrualOfLabel(
  settings: Settings,
  { key: orderId, order }: OrderCase,
  { shipment, of }: LabelOfShipment,
  { key, voidedOn }: { readonly key: string; readonly voidedOn: string | null },
): Accrual {
  const { label, parcel: number } = of;
  const parcel = shipment.parcels.find((each) => each.number === number);
  const units = new Map<string, number>();
  for (const { sku, units: some } of parcel?.items ?? []) units.set(sku, (units.get(sku) ?? 0) + some);
  return accrualOf(label, {
    id: key,
    leadTrackingNumber: null,
    references: [labelReference(order.name, shipment.id, number), ...(shipment.delivery === null ? [] : [shipment.delivery.name])],
    orderId,
    shipmentId: shipment.id,
    node: shipment.node,
    boughtOn: dayAt(settings, shipment.node, label.boughtAt),
    voidedOn,
    isReturn: false,
    grams: parcel?.grams ?? 1,
    billableGrams: null,
    zone: null,
    box: null,
    items: [...units].map(([sku, some]) => ({ sku, units: some })),
    destination: order.destination,
    // Ours to the customer: labels do not bear a day of the carrier's yet, and none is guaranteed.
    promisedOn: shipment.promiseDate,
    isGuaranteed: false,
  });
}

/** What is printed on a label: the order's name, its shipment and its parcel. */
export function labelReference(orderName: string, shipmentId: string, parcel: number): string {
  return `${orderName} ${shipmentId}/${parcel}`;
}

/** A shipment's day is that of its node; one that is not in the config any more has the world's. */
function dayAt({ nodes }: Settings, node: string, at: Instant): string {
  return localDate(at, nodes.find(({ id }) => id === node)?.zone ?? 'UTC');
}
