import { hasLeft, isLive, type Shipment } from '@quartermaster/fulfilment';
import type { FlowContext } from '../context.ts';
import { getCase } from '../order-cases.ts';
import { settingsInForce } from '../policy/policy-in-force.ts';

/** What a scanner at the packing table should find, by shipment. */
export type ExpectedShipment = {
  readonly shipment: string;
  readonly node: string;
  readonly state: Shipment['state'];
  readonly packCheck: Shipment['packCheck'];
  readonly carrier: string;
  readonly service: string;
  readonly parcels: readonly {
    readonly number: number;
    readonly box: string | null;
    readonly items: readonly { readonly sku: string; readonly units: number }[];
    /** With box and filling. */
    readonly grams: number;
    /** The scales may say so much more or less. */
    readonly toleranceGrams: number;
  }[];
};

/** What belongs into the parcels of an order that have not left. Without personal data. Throws an `InvariantError` for an order that the journal does not have. */
export async function packExpected(
  { journal, settings }: Pick<FlowContext, 'journal' | 'settings'>,
  key: string,
): Promise<{ readonly order: string; readonly name: string; readonly shipments: readonly ExpectedShipment[] }> {
  const { order, shipments } = await journal.read((tx) => getCase(tx, key));
  const { toleranceGrams, tolerancePercent } = settingsInForce(settings).release.packing;
  const open = shipments.filter((each) => isLive(each) && !hasLeft(each));
  return {
    order: key,
    name: order.name,
    shipments: open.map(({ id, node, state, packCheck, carrier, service, parcels }) => ({
      shipment: id,
      node,
      state,
      packCheck,
      carrier,
      service,
      parcels: parcels.map(({ number, packaging, items, grams }) => ({
        number,
        box: packaging?.box ?? null,
        items: items.map(({ sku, units }) => ({ sku, units })),
        grams,
        toleranceGrams: Math.floor(Math.max(toleranceGrams, (grams * tolerancePercent) / 100)),
      })),
    })),
  };
}
