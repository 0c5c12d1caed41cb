import {
  destinationOf,
  localDate,
  money,
  type ErpDelivery,
  type ErpOrder,
  type Instant,
  type Label,
  type NodeId,
  type Parcel,
} from '@quartermaster/domain';
import type { OrderCase, ShipmentDraft, ShipmentLine } from '@quartermaster/fulfilment';
import { packByWeight, parcelLimitGrams, priceParcel } from '@quartermaster/parcels';
import { dispatchDateOf } from '../calendars.ts';
import { lineNames } from '../erp-effects.ts';
import type { CarrierSettings, FlowSettings } from '../settings.ts';

/** A label that is there at a carrier under a key of ours. */
export type LabelThere = { readonly carrier: string; readonly label: Label };

/** A delivery of the ERP as a shipment of ours: what was planned, what was bought for it, whether it has left. */
export type AdoptedShipment = { readonly draft: ShipmentDraft; readonly labels: readonly Label[]; readonly left: boolean };

/** `unclear`: a person must look; `reason` says what is there. */
export type Adoption =
  | { readonly kind: 'adopt'; readonly shipments: readonly AdoptedShipment[] }
  | { readonly kind: 'unclear'; readonly reason: string };

export type AdoptionInput = {
  readonly order: OrderCase;
  readonly there: ErpOrder;
  readonly labels: readonly LabelThere[];
  readonly settings: FlowSettings;
  /** Carriers of which a label follows from its key, so that none can be there twice. */
  readonly ownLabels: ReadonlySet<string>;
  readonly gramsOf: (sku: string) => number;
  readonly now: Instant;
};

/**
 * What became of an order that the ERP has and the journal has forgotten, from the ERP's deliveries and the carriers' labels. A delivery that is done has left, on the labels whose numbers
 * it bears. One that waits goes on from there, with the label that was bought for it, or by the cheapest service that takes it. Whatever does not fit together is unclear.
 */
export function adoptionOf(given: AdoptionInput): Adoption {
  const { there, labels } = given;
  if (there.state !== 'confirmed') return unclear(`the ERP has it as ${there.name}, which is ${there.state}`);
  const alive = there.deliveries.filter(({ state, node }) => state !== 'cancelled' && node !== null);
  const used = new Set(alive.flatMap(({ trackingNumbers }) => trackingNumbers));
  const loose = labels.filter(({ label }) => !used.has(label.trackingNumber));
  const waiting = alive.filter(({ state }) => state !== 'done');
  if (loose.length > 0 && waiting.length !== 1)
    return unclear(`${loose.length} labels were bought, and nobody can tell for which of ${waiting.length} deliveries`);
  const shipments: AdoptedShipment[] = [];
  for (const delivery of alive) {
    const shipment = delivery.state === 'done' ? leftOn(given, delivery) : waitingFor(given, delivery, loose);
    if (typeof shipment === 'string') return unclear(`${delivery.name}: ${shipment}`);
    shipments.push(shipment);
  }
  return { kind: 'adopt', shipments };
}

function unclear(reason: string): Adoption {
  return { kind: 'unclear', reason };
}

/** A delivery that is done. Its numbers are labels that the carriers tell of, or labels that follow from their keys. */
function leftOn(given: AdoptionInput, delivery: ErpDelivery): AdoptedShipment | string {
  const numbers = delivery.trackingNumbers;
  const found = numbers.map((number) => given.labels.find(({ label }) => label.trackingNumber === number) ?? number);
  const told = found.filter((each) => typeof each !== 'string');
  if (told.length > 0 && told.length < found.length) return 'some of its tracking numbers are no labels of the carrier of the others';
  const carrier = given.settings.carriers.find(({ connection }) =>
    told[0] === undefined ? given.ownLabels.has(connection) : connection === told[0].carrier,
  );
  if (carrier === undefined) return 'the labels that it left on are of no carrier in the config';
  const labels = found.map((each) => (typeof each === 'string' ? plainLabel(each, carrier, given) : each.label));
  const lines = linesOf(given.order, delivery);
  const parcels = parcelsOf(lines, Math.max(1, numbers.length), given.gramsOf);
  if (parcels === null) return 'it has more labels than units';
  return {
    draft: draftOf(given, delivery.node ?? '', { carrier, service: serviceIn(carrier, labels[0]), lines, parcels }),
    labels,
    left: true,
  };
}

function waitingFor(given: AdoptionInput, delivery: ErpDelivery, bought: readonly LabelThere[]): AdoptedShipment | string {
  const lines = linesOf(given.order, delivery);
  const node = delivery.node ?? '';
  const [first] = bought;
  if (first !== undefined) {
    const carrier = given.settings.carriers.find(({ connection }) => connection === first.carrier);
    const parcels = parcelsOf(lines, bought.length, given.gramsOf);
    if (carrier === undefined || parcels === null || bought.some((each) => each.carrier !== first.carrier))
      return 'the labels that were bought do not fit it';
    const labels = bought.map(({ label }) => label);
    return { draft: draftOf(given, node, { carrier, service: serviceIn(carrier, labels[0]), lines, parcels }), labels, left: false };
  }
  const chosen = cheapest(given, node, lines);
  return chosen === null ? 'no service takes it' : { draft: draftOf(given, node, { ...chosen, lines }), labels: [], left: false };
}

type Sending = { readonly carrier: CarrierSettings; readonly service: string; readonly lines: ShipmentLine[]; readonly parcels: Parcel[] };

function draftOf({ settings, now }: AdoptionInput, node: NodeId, { carrier, service, lines, parcels }: Sending): ShipmentDraft {
  const place = settings.nodes.find(({ id }) => id === node);
  return {
    node,
    carrier: carrier.connection,
    service,
    lines,
    parcels,
    dispatchDate: place === undefined ? localDate(now, settings.zone) : dispatchDateOf(place, { carrier, service }, now),
    promiseDate: null,
    estimate: { currency: settings.currency, minorByTerm: {} },
  };
}

/** The cheapest service of our tariffs that takes these lines to the customer, among those that the order asks for. */
function cheapest({ order, settings, gramsOf, now }: AdoptionInput, node: NodeId, lines: readonly ShipmentLine[]) {
  const place = settings.nodes.find(({ id }) => id === node);
  const to = order.order.destination;
  if (place === undefined || to === null) return null;
  const { requestedService } = order.order;
  const allowed = requestedService === null ? undefined : settings.sourcing.servicesFor[requestedService];
  const offers = settings.carriers.flatMap((carrier) =>
    carrier.tariff.services.flatMap((service) => {
      if (allowed !== undefined && !allowed.includes(`${carrier.connection}/${service.id}`)) return [];
      const packed = packByWeight(
        lines.map((line) => ({ ...line, gramsPerUnit: gramsOf(line.sku) })),
        parcelLimitGrams(service),
      );
      if (packed.kind !== 'packed') return [];
      const date = localDate(now, place.zone);
      const prices = packed.parcels.map((parcel) =>
        priceParcel(carrier.tariff, service.id, { from: destinationOf(place.address), to, parcel, date }),
      );
      const minor = prices.reduce((sum, price) => (price.kind === 'not-served' ? Infinity : sum + price.total.minor), 0);
      return minor === Infinity ? [] : [{ carrier, service: service.id, parcels: [...packed.parcels], minor }];
    }),
  );
  return offers.sort((a, b) => a.minor - b.minor)[0] ?? null;
}

/** The order's own lines in a delivery: units set aside, or shipped once it is done. */
function linesOf(order: OrderCase, delivery: ErpDelivery): ShipmentLine[] {
  const names = lineNames(order);
  const units = new Map<string, number>();
  for (const line of delivery.lines) {
    const ours = names.get(line.lineId);
    if (ours !== undefined) units.set(ours, (units.get(ours) ?? 0) + (delivery.state === 'done' ? line.reserved : line.demand));
  }
  return order.order.lines.flatMap((line) => {
    const count = units.get(line.id) ?? 0;
    return line.sku === null || count <= 0 ? [] : [{ lineId: line.id, sku: line.sku, units: count }];
  });
}

/** So many parcels with something in each of them: what was really in which nobody knows any more. Null when there are more parcels than units. */
function parcelsOf(lines: readonly ShipmentLine[], count: number, gramsOf: (sku: string) => number): Parcel[] | null {
  const singles = lines.flatMap((line) => Array.from({ length: line.units }, () => ({ ...line, units: 1 })));
  if (singles.length < count) return null;
  return Array.from({ length: count }, (_, index) => {
    const mine = index === 0 ? [...singles.slice(0, 1), ...singles.slice(count)] : singles.slice(index, index + 1);
    const items = lines.flatMap(({ lineId, sku }) => {
      const units = mine.filter((each) => each.lineId === lineId).length;
      return units === 0 ? [] : [{ lineId, sku, units }];
    });
    const grams = items.reduce((sum, { sku, units }) => sum + gramsOf(sku) * units, 0);
    return { number: index + 1, grams: Math.max(1, Math.round(grams)), millimetres: null, items };
  });
}

/** A label of which only its number is left. What it cost is not known any more. */
export function plainLabel(
  trackingNumber: string,
  carrier: CarrierSettings,
  { settings, now }: Pick<AdoptionInput, 'settings' | 'now'>,
): Label {
  return {
    ref: trackingNumber,
    carrier: carrier.tariff.carrier,
    service: serviceIn(carrier, undefined),
    trackingNumber,
    trackingUrl: null,
    price: money(0, settings.currency),
    charges: [],
    boughtAt: now,
    document: { format: 'none', base64: null, url: null },
  };
}

function serviceIn({ tariff }: CarrierSettings, label: Label | undefined): string {
  const [first] = tariff.services;
  return (
    tariff.services.find(({ id, carrierService }) => label !== undefined && (carrierService === label.service || id === label.service))
      ?.id ??
    first?.id ??
    ''
  );
}
