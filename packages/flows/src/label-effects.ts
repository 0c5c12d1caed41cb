import {
  destinationOf,
  InvariantError,
  labelSchema,
  localDate,
  money,
  plainDelivery,
  type Carrier,
  type Label,
  type LabelRef,
  type LabelRequest,
  type Money,
  type Parcel,
  type Reconciled,
} from '@quartermaster/domain';
import { checkPacking, unlabelledParcels, type OrderCase, type OrderEvent, type Shipment } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import { anyEffect, type Achieved, type AnyEffect, type Effect } from './effect.ts';
import { labelReference } from './freight/accruals.ts';
import { commandPayloadSchema } from './intents.ts';
import { getCase } from './order-cases.ts';
import { jsonOf } from './plain-json.ts';
import { erasedPerson, personOf } from './intake/people.ts';
import { priceOfParcel } from './packing/parcel-price.ts';
import { keptQuotes } from './quotes/ask.ts';
import { serviceOfShipment } from './waves/plan-reading.ts';
import { zoneId } from './zone-id.ts';

type Purchase = { readonly carrier: Carrier; readonly label: LabelRequest; readonly subject: string; readonly at: ParcelAt };
type ParcelAt = { readonly order: string; readonly shipmentId: string; readonly revision: number; readonly parcel: number };

const buyLabel: Effect<Purchase> = {
  async prepare(tx, context, intent) {
    const { at, order, shipment, parcel } = await parcelOf(tx, intent.payload);
    if (parcel === undefined) {
      // Nothing is packed anew while a purchase is in doubt.
      if (intent.inDoubt) throw new InvariantError(`order ${at.order} has no parcel ${at.parcel} in shipment ${at.shipmentId} any more`);
      return { kind: 'obsolete', reason: `shipment ${at.shipmentId} was packed anew without a parcel ${at.parcel}` };
    }
    // A purchase that was looked up and proved absent may have lost its purpose meanwhile. One that still has to be looked up never has.
    const wanted = shipment.asked === 'labels' && shipment.revision === at.revision && unlabelledParcels(shipment).includes(parcel.number);
    if (!wanted && !intent.inDoubt) return { kind: 'obsolete', reason: `nobody waits for a label on parcel ${parcel.number} any more` };
    const chosen = serviceOfShipment(context.settings, shipment);
    const carrier = context.carriers.get(shipment.carrier);
    const node = context.settings.nodes.find((each) => each.id === shipment.node);
    if (chosen === null || carrier === undefined || node === undefined) {
      return {
        kind: 'refuse',
        reason: `shipment ${shipment.id} goes by ${shipment.carrier}/${shipment.service} from ${shipment.node}, and the config has that no more`,
      };
    }
    const problems = checkPacking({
      shipment,
      gramsOf: (sku) => context.catalogue.get(sku)?.grams ?? 0,
      tareGramsOf: ({ packaging }) => packaging?.tareGrams ?? 0,
      services: new Set(chosen.carrier.tariff.services.map((service) => service.id)),
      policy: context.settings.release.packing,
    });
    if (problems.length > 0) return { kind: 'refuse', reason: `the parcels are not right: ${problems.join('; ')}` };
    const person = await personOf(tx, order.order);
    if (person === null) return erasedPerson;
    const { shipTo } = person;
    if (shipTo === null) return { kind: 'refuse', reason: 'the order has no address any more' };
    const shipAt = context.clock.now();
    const lane = { carrier: chosen.carrier.connection, node: node.id, zone: zoneId(order.order.destination) };
    const quotes = await keptQuotes(tx, { settings: context.settings, carrier: chosen.carrier, lane, at: shipAt });
    const way = {
      ...chosen,
      from: destinationOf(node.address),
      to: destinationOf(shipTo),
      date: localDate(shipAt, node.zone),
      quotes,
      currency: context.settings.currency,
    };
    const price = priceOfParcel(way, parcel);
    if (typeof price === 'string')
      return { kind: 'refuse', reason: `the tariff of ${shipment.carrier} has no price for parcel ${parcel.number}: ${price}` };
    const label: LabelRequest = {
      shipFrom: node.address,
      shipTo,
      parcel,
      service: chosen.service.carrierService,
      format: chosen.carrier.labelFormat,
      shipAt,
      delivery: plainDelivery,
      reference: labelReference(order.order.name, shipment.id, parcel.number),
      priceLimit: withTolerance(price, context.settings.sourcing.labelPriceTolerancePercent),
    };
    return { kind: 'go', request: { carrier, label, subject: order.order.subject, at } };
  },
  async perform(_context, { carrier, label, subject, at }, memo) {
    return bought(await carrier.buy(label, memo), subject, at);
  },
  async lookUp(_context, { carrier, label, subject, at }, refs, memo): Promise<Reconciled<Achieved>> {
    const seen = await carrier.reconcile(label, refs, memo);
    return seen.kind === 'found' ? { kind: 'found', result: bought(seen.result, subject, at) } : seen;
  },
};

const voidLabel: Effect<{ carrier: Carrier; label: LabelRef; shipmentId: string }> = {
  async prepare(tx, context, intent) {
    const { order: key, shipmentId, label } = commandPayloadSchema.parse(intent.payload);
    const order = await getCase(tx, key);
    const shipment = order.shipments.find((each) => each.id === shipmentId);
    const carrier = shipment === undefined ? undefined : context.carriers.get(shipment.carrier);
    if (shipment === undefined || label === null) throw new InvariantError(`order ${key} has no label to void on shipment ${shipmentId}`);
    if (carrier === undefined) return { kind: 'refuse', reason: `the carrier ${shipment.carrier} is not in the config any more` };
    return { kind: 'go', request: { carrier, label, shipmentId: shipment.id } };
  },
  async perform(_context, { carrier, label, shipmentId }, memo) {
    const outcome = await carrier.voidLabel(label, memo);
    return { result: jsonOf(outcome), event: { kind: 'label-voided', shipmentId, ref: label.ref, outcome } };
  },
};

export const labelEffects: Readonly<Record<'buy-label' | 'void-label', AnyEffect>> = {
  'buy-label': anyEffect(buyLabel),
  'void-label': anyEffect(voidLabel),
};

/** Where the document of a label lies in its subject's vault: it shows an address, so it is kept nowhere else. */
export function labelDocumentName(ref: string): string {
  return `label/${ref}`;
}

function bought(label: Label, subject: string, at: ParcelAt): Achieved {
  const { bare, event, keep } = boughtLabel(label, subject, at);
  return { result: jsonOf(bare), event, keep };
}

/** What a bought label means for its order, and what of it is kept in the vault: its document shows an address. */
export function boughtLabel(
  label: Label,
  subject: string,
  at: ParcelAt,
): {
  readonly bare: Label;
  readonly event: Extract<OrderEvent, { kind: 'label-bought' }>;
  readonly keep: (tx: Transaction) => Promise<void>;
} {
  const bare = labelSchema.parse({ ...label, document: { format: label.document.format, base64: null, url: null } });
  return {
    bare,
    event: { kind: 'label-bought', shipmentId: at.shipmentId, revision: at.revision, parcel: at.parcel, label: bare },
    keep: (tx) => tx.vault.put(subject, labelDocumentName(label.ref), JSON.stringify(label.document)),
  };
}

async function parcelOf(
  tx: Transaction,
  payload: unknown,
): Promise<{ at: ParcelAt; order: OrderCase; shipment: Shipment; parcel: Parcel | undefined }> {
  const { order: key, shipmentId, revision, parcel: number } = commandPayloadSchema.parse(payload);
  const order = await getCase(tx, key);
  const shipment = order.shipments.find((each) => each.id === shipmentId);
  const parcel = shipment?.parcels.find((each) => each.number === number);
  if (shipment === undefined || number === null || revision === null)
    throw new InvariantError(`order ${key} has no parcel ${number} in shipment ${shipmentId}`);
  return { at: { order: key, shipmentId: shipment.id, revision, parcel: number }, order, shipment, parcel };
}

function withTolerance(expected: Money, percent: number): Money {
  return money(Math.ceil((expected.minor * (100 + percent)) / 100), expected.currency);
}
