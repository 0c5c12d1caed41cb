import { destinationOf, localDate, type ErpProduct, type Instant, type Sku } from '@quartermaster/domain';
import type { ShipmentDraft } from '@quartermaster/fulfilment';
import type { Recipes } from '@quartermaster/inventory';
import { parcelLimitGrams, serviceOf, type Cartonization } from '@quartermaster/parcels';
import { explainOrders, type SourcingPlan, type SourcingProblem } from '@quartermaster/sourcing';
import { dispatchDateOf } from '../calendars.ts';
import type { CostedShipment } from './day-cost.ts';
import { noRecipes, wantedLines } from './kit-parts.ts';
import { createPacker, type BoxesTaken } from '../packing/packer.ts';
import { noQuotes, type Quotes } from '../quotes/quoted-prices.ts';
import type { CarrierSettings, FlowSettings } from '../settings.ts';
import type { Outage } from '../resourcing/outages.ts';
import { opensAt, promiseDate, serviceId, type Demand } from './sourcing-problem.ts';
import { zoneId } from '../zone-id.ts';

export type ReadingContext = {
  readonly at: Instant;
  readonly settings: FlowSettings;
  readonly product: (sku: Sku) => ErpProduct | undefined;
  /** Minor units in one unit of the plan's currency. */
  readonly minorPerUnit: number;
  /** What carriers quoted for the ways of the plan; where there is nothing, tariffs stand. */
  readonly quotes?: Quotes;
  /** Boxes in shipments that are there already. */
  readonly boxesTaken?: BoxesTaken;
  /** Nodes that are away: what they ship leaves when they are back. */
  readonly outages?: readonly Outage[];
  /** Kits, as the problem was built with them. */
  readonly recipes?: Recipes;
};

/** The shipments of a plan with what each costs by itself, in the words of the journal. `demands` are those that the problem was built from. */
export function costedShipments(
  problem: SourcingProblem,
  plan: SourcingPlan,
  demands: readonly Demand[],
  context: Pick<ReadingContext, 'at' | 'settings' | 'minorPerUnit' | 'outages' | 'recipes'>,
): CostedShipment[] {
  const costs = new Map(
    explainOrders(problem, plan).flatMap(({ order, shipments }) =>
      shipments.map((shipment) => [shipmentId({ ...shipment, lines: [...shipment.lines], order }), shipment] as const),
    ),
  );
  const open = new Map(demands.map((demand) => [demand.key, demand.open]));
  return plan.shipments.map((shipment) => ({
    order: shipment.order,
    node: shipment.node,
    lines: wantedLines(open.get(shipment.order) ?? [], context.recipes ?? noRecipes, shipment.lines),
    dispatchDate: dispatchDate(context, shipment.node, shipment.service),
    shippingMinor: Math.round((costs.get(shipmentId(shipment))?.shipping ?? 0) * context.minorPerUnit),
    latenessMinor: Math.round((costs.get(shipmentId(shipment))?.lateness ?? 0) * context.minorPerUnit),
  }));
}

export type ReadPlan = {
  /** Shipments by order key. */
  readonly drafts: ReadonlyMap<string, ShipmentDraft[]>;
  /** Orders that have a unit no parcel of the chosen service may hold: their shipment is left out. */
  readonly tooHeavy: readonly { readonly order: string; readonly skus: readonly string[] }[];
  /** Where each unit lies, for shipments that are packed in boxes, by the name under which they refer to it. */
  readonly packings: ReadonlyMap<string, Cartonization>;
};

/** Turns a plan into shipments: packed into parcels, with their dates and what they were expected to cost. */
export function readPlan(problem: SourcingProblem, plan: SourcingPlan, demands: readonly Demand[], context: ReadingContext): ReadPlan {
  const drafts = new Map<string, ShipmentDraft[]>();
  const tooHeavy: { order: string; skus: string[] }[] = [];
  const byKey = new Map(demands.map((demand) => [demand.key, demand]));
  const packer = createPacker({ settings: context.settings, product: context.product, taken: context.boxesTaken ?? new Map() });
  for (const [index, costed] of costedShipments(problem, plan, demands, context).entries()) {
    const chosen = chosenService(context.settings, plan.shipments[index]?.service ?? '');
    const demand = byKey.get(costed.order);
    if (chosen === null || demand === undefined) continue;
    const { carrier, service } = chosen;
    const { destination } = demand.order;
    const node = context.settings.nodes.find(({ id }) => id === costed.node);
    const lane = { carrier: carrier.connection, node: costed.node, zone: zoneId(destination) };
    const packed = packer.pack({
      node: costed.node,
      lines: costed.lines,
      parcelLimitGrams: parcelLimitGrams(service),
      way:
        node === undefined || destination === null
          ? null
          : {
              carrier,
              service,
              from: destinationOf(node.address),
              to: destination,
              date: costed.dispatchDate,
              quotes: (context.quotes ?? noQuotes).of(lane),
              currency: context.settings.currency,
            },
    });
    if (packed.kind === 'too-heavy') {
      tooHeavy.push({ order: costed.order, skus: [...packed.skus] });
      continue;
    }
    const draft: ShipmentDraft = {
      node: costed.node,
      carrier: carrier.connection,
      service: service.id,
      lines: [...costed.lines],
      parcels: packed.parcels,
      ...(packed.packing === undefined ? {} : { packing: packed.packing }),
      dispatchDate: costed.dispatchDate,
      promiseDate: promiseDate(demand.order, context.settings),
      estimate: { currency: context.settings.currency, minorByTerm: { shipping: costed.shippingMinor, lateness: costed.latenessMinor } },
    };
    drafts.set(costed.order, [...(drafts.get(costed.order) ?? []), draft]);
  }
  return { drafts, tooHeavy, packings: packer.packings };
}

/** The carrier and the service of a tariff that a plan's service id means. */
export function chosenService(
  settings: FlowSettings,
  id: string,
): { carrier: CarrierSettings; service: CarrierSettings['tariff']['services'][number] } | null {
  for (const carrier of settings.carriers) {
    const service = carrier.tariff.services.find((each) => serviceId(carrier, each.id) === id);
    if (service !== undefined) return { carrier, service };
  }
  return null;
}

/** The tariff service of a shipment that is there already. */
export function serviceOfShipment(
  settings: FlowSettings,
  shipment: { readonly carrier: string; readonly service: string },
): { carrier: CarrierSettings; service: CarrierSettings['tariff']['services'][number] } | null {
  const carrier = settings.carriers.find((each) => each.connection === shipment.carrier);
  const service = carrier === undefined ? undefined : serviceOf(carrier.tariff, shipment.service);
  return carrier === undefined || service === undefined ? null : { carrier, service };
}

function shipmentId({ order, node, service, lines }: SourcingPlan['shipments'][number]): string {
  return JSON.stringify([order, node, service, [...lines].sort((a, b) => a - b)]);
}

function dispatchDate(context: Pick<ReadingContext, 'at' | 'settings' | 'outages'>, nodeId: string, serviceOfPlan: string): string {
  const { at, settings } = context;
  const node = settings.nodes.find((each) => each.id === nodeId);
  if (node === undefined) return localDate(at, settings.zone);
  const chosen = chosenService(settings, serviceOfPlan);
  return dispatchDateOf(node, chosen === null ? null : { carrier: chosen.carrier, service: chosen.service.id }, opensAt(node, context));
}
