import type { Parcel } from '@quartermaster/domain';
import { isLive, type PackedBy, type Shipment } from '@quartermaster/fulfilment';
import type { JournalReader, ReadTransaction } from '@quartermaster/journal';
import { placeInWords, type Sides } from '@quartermaster/parcels';
import { findCase } from '../order-cases.ts';
import { keptPacking, type KeptCarton } from './packing-decision.ts';
import { inPackingOrder } from './packer.ts';

/** A unit and its place: millimetres from the left, the back and the floor of the box, and its sides as it lies. */
export type UnitToPack = {
  readonly lineId: string;
  readonly sku: string;
  /** 1 for what is put in first. */
  readonly step: number;
  /** 1 on the floor. */
  readonly layer: number;
  readonly at: Sides;
  readonly sides: Sides;
};

export type ParcelToPack = Parcel & {
  /** In the order of packing; null where the parcel was packed by weight or by a person, or the decision is pruned. */
  readonly places: readonly UnitToPack[] | null;
};

export type ShipmentToPack = {
  readonly id: string;
  readonly state: Shipment['state'];
  readonly node: string;
  /** Null where the business had told of no boxes. */
  readonly packing: PackedBy | null;
  readonly parcels: readonly ParcelToPack[];
  /** What a packer reads, a line each. */
  readonly instructions: readonly string[];
};

/** What packers need of an order. Holds no personal data. */
export type OrderPacking = { readonly key: string; readonly name: string; readonly shipments: readonly ShipmentToPack[] };

/** How the live shipments of an order are to be packed; null when the journal does not have it. */
export async function packingOf(journal: JournalReader, key: string): Promise<OrderPacking | null> {
  return journal.read(async (tx) => {
    const found = await findCase(tx, key);
    if (found === null) return null;
    const shipments: ShipmentToPack[] = [];
    for (const shipment of found.case.shipments.filter(isLive)) shipments.push(await shipmentToPack(tx, shipment));
    return { key, name: found.case.order.name, shipments };
  });
}

async function shipmentToPack(tx: ReadTransaction, shipment: Shipment): Promise<ShipmentToPack> {
  const cartons = await keptPacking(tx, shipment);
  const parcels = shipment.parcels.map((parcel, at) => ({ ...parcel, places: placesOf(shipment, cartons?.[at]) }));
  const { id, state, node, packing = null } = shipment;
  return { id, state, node, packing, parcels, instructions: parcels.flatMap((parcel) => instructionsOf(parcel, parcels.length)) };
}

/** The units of a carton under the lines of this shipment: equal contents share a packing, each line of it by its place in the order of packing. */
function placesOf(shipment: Shipment, carton: KeptCarton | undefined): UnitToPack[] | null {
  if (carton === undefined) return null;
  const lines = inPackingOrder(shipment.lines);
  return carton.units.flatMap(([item, layer, x, y, z, length, width, height], index): UnitToPack[] => {
    const line = lines[item];
    if (line === undefined) return [];
    return [{ lineId: line.lineId, sku: line.sku, step: index + 1, layer, at: [x, y, z], sides: [length, width, height] }];
  });
}

function instructionsOf({ number, grams, millimetres, items, packaging, places }: ParcelToPack, of: number): string[] {
  const box = packaging === undefined ? 'any box' : packaging.box === null ? 'no box of ours' : `box ${packaging.box}`;
  const sides = millimetres === null ? '' : `, ${millimetres.join(' x ')} mm`;
  const heading = `Parcel ${number} of ${of}: ${box}${sides}, ${(grams / 1_000).toFixed(3)} kg`;
  if (places === null || packaging?.box === null)
    return [heading, ...items.map(({ sku, units, lineId }) => `  ${units} x ${sku} (line ${lineId})`)];
  return [heading, ...places.map((unit) => `  ${unit.step}. ${unit.sku} (line ${unit.lineId}): ${placeInWords(unit)}`)];
}
