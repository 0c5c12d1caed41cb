import { createHash } from 'node:crypto';
import { compareText, moneyFromDecimal, type ErpProduct, type NodeId, type Parcel, type Sku } from '@quartermaster/domain';
import type { PackedBy, ShipmentLine } from '@quartermaster/fulfilment';
import {
  cartonize,
  packByWeight,
  parcelOfCarton,
  type BoxType,
  type Carton,
  type Cartonization,
  type CartonProblem,
} from '@quartermaster/parcels';
import type { FlowSettings } from '../settings.ts';
import type { BoxSettings } from './box-settings.ts';
import { cartonItem, goodOf, type Good } from './goods.ts';
import { priceOfCarton, waySignature, type ParcelWay } from './parcel-price.ts';

/** Boxes by node and name, in shipments that have not left. */
export type BoxesTaken = ReadonlyMap<NodeId, ReadonlyMap<string, number>>;

export type ToPack = {
  readonly node: NodeId;
  readonly lines: readonly ShipmentLine[];
  /** Null when it is not known where it goes: then it is packed by weight. */
  readonly way: ParcelWay | null;
  /** The heaviest parcel that its service takes. */
  readonly parcelLimitGrams: number;
};

export type PackedGoods =
  /** `packing` says how; it is missing where the business has told of no boxes. */
  | { readonly kind: 'packed'; readonly parcels: Parcel[]; readonly packing?: PackedBy }
  /** One unit alone is heavier than a parcel may be. */
  | { readonly kind: 'too-heavy'; readonly skus: readonly string[] };

export type Packer = {
  /** Packs one shipment, after those before it: boxes that are scarce go to the earlier ones. */
  pack(shipment: ToPack): PackedGoods;
  /** What was packed in boxes, by the name under which shipments refer to it. */
  readonly packings: ReadonlyMap<string, Cartonization>;
};

/** A shipment of more units is packed by weight: nobody packs it by hand as told. */
export const mostUnitsPlaced = 120;
/** Units of different contents for which boxes are looked for in one wave; a unit takes about a millisecond. What comes after them is packed by weight. */
export const mostUnitsOfWave = 20_000;

/**
 * Packs the shipments of one wave: into boxes where the node has some and the sides of everything are known, such that the carrier's prices and the boxes cost little, else by weight. Equal contents on ways of
 * equal prices are worked out once. The same shipments in the same order give the same parcels, whatever the machine: effort is counted, not timed.
 */
export function createPacker(given: {
  readonly settings: FlowSettings;
  readonly product: (sku: Sku) => ErpProduct | undefined;
  readonly taken: BoxesTaken;
  /** By default {@link mostUnitsOfWave}. */
  readonly mostUnits?: number;
}): Packer {
  const { settings, mostUnits = mostUnitsOfWave } = given;
  const used = new Map([...given.taken].map(([node, boxes]) => [node, new Map(boxes)]));
  const packings = new Map<string, Cartonization>();
  let spent = 0;

  const inBoxes = ({ node, lines, way }: ToPack): { readonly parcels: Parcel[]; readonly as: string } | string => {
    const units = lines.reduce((sum, line) => sum + line.units, 0);
    const sorted = inPackingOrder(lines);
    const goods = sorted.map(({ sku }) => goodOf(sku, given));
    const unknown = sorted.filter((_, at) => goods[at] === null).map(({ sku }) => sku);
    if (unknown.length > 0) return `nobody knows the sides of ${[...new Set(unknown)].join(', ')}`;
    const boxes = settings.boxes.filter((box) => box.nodes?.includes(node) ?? true);
    if (boxes.length === 0) return `${node} has no boxes`;
    if (units > mostUnitsPlaced) return `${units} units are more than are placed one by one (${mostUnitsPlaced})`;
    if (way === null) return 'where it goes is not known';
    if (way.carrier.tariff.currency !== settings.currency) return `the tariff of ${way.carrier.connection} is in another currency`;
    const left = ({ name, stock }: BoxSettings) => (stock?.[node] === undefined ? null : stock[node] - (used.get(node)?.get(name) ?? 0));
    const problem: CartonProblem = {
      currency: settings.currency,
      boxes: boxes.map((box) => boxType(box, { left: left(box), units, currency: settings.currency })),
      items: sorted.flatMap((line, at) => (goods[at] ? [cartonItem(String(at), goods[at], line.units)] : [])),
      apart: apartOf(goods),
    };
    const as = createHash('sha256')
      .update(JSON.stringify([problem, waySignature(way)]))
      .digest('base64url')
      .slice(0, 16);
    let found = packings.get(as);
    if (found === undefined) {
      if (spent + units > mostUnits) return 'the wave has too many different contents to find boxes for all';
      spent += units;
      found = cartonize(problem, (parcel) => priceOfCarton(way, parcel));
      packings.set(as, found);
    }
    if (found.kind === 'incomplete') return found.left.map(({ sku, reason }) => `${sku}: ${leftBecause[reason]}`).join('; ');
    for (const { box } of found.cartons) if (box !== null) take(used, node, box);
    return { parcels: found.cartons.map((carton) => parcelOf(carton, sorted, lines, boxes)), as };
  };

  return {
    packings,
    pack(shipment) {
      const boxed = settings.boxes.length === 0 ? null : inBoxes(shipment);
      if (boxed !== null && typeof boxed !== 'string')
        return { kind: 'packed', parcels: boxed.parcels, packing: { by: 'boxes', as: boxed.as } };
      const weighed = shipment.lines.map((line) => ({ ...line, gramsPerUnit: given.product(line.sku)?.grams ?? 0 }));
      const packing = packByWeight(weighed, shipment.parcelLimitGrams);
      if (packing.kind === 'too-heavy') return { kind: 'too-heavy', skus: packing.lines.map(({ sku }) => sku) };
      const { parcels } = packing;
      return boxed === null ? { kind: 'packed', parcels } : { kind: 'packed', parcels, packing: { by: 'weight', why: boxed } };
    },
  };
}

/** The order in which a packing counts the lines of a shipment: equal contents have equal ones, whatever their lines are called. */
export function inPackingOrder<Line extends ShipmentLine>(lines: readonly Line[]): Line[] {
  return lines.toSorted((a, b) => compareText(a.sku, b.sku) || a.units - b.units || compareText(a.lineId, b.lineId));
}

function boxType(
  { name, kind, inner, outer, tareGrams, maxGrams, cost }: BoxSettings,
  { left, units, currency }: { readonly left: number | null; readonly units: number; readonly currency: string },
): BoxType {
  // More boxes than units are as good as any number, and equal contents stay equal.
  const stock = left === null || left >= units ? null : Math.max(0, left);
  return { id: name, kind, inner, outer, tareGrams, maxGrams, stock, costMinor: moneyFromDecimal(cost, currency).minor };
}

/** Dangerous goods of different classes are kept apart. */
function apartOf(goods: readonly (Good | null)[]): [string, string][] {
  const classes = [...new Set(goods.flatMap((good) => good?.hazard ?? []))].sort();
  return classes.flatMap((one, at) => classes.slice(at + 1).map((other): [string, string] => [one, other]));
}

function parcelOf(carton: Carton, sorted: readonly ShipmentLine[], lines: readonly ShipmentLine[], boxes: readonly BoxSettings[]): Parcel {
  const { items, ...parcel } = parcelOfCarton(carton);
  const units = new Map(items.map((item) => [sorted[Number(item.lineId)]?.lineId, item.units]));
  return {
    ...parcel,
    items: lines.flatMap(({ lineId, sku }) => {
      const packed = units.get(lineId);
      return packed === undefined ? [] : [{ lineId, sku, units: packed }];
    }),
    packaging: { box: carton.box, tareGrams: boxes.find(({ name }) => name === carton.box)?.tareGrams ?? 0 },
  };
}

function take(used: Map<NodeId, Map<string, number>>, node: NodeId, box: string): void {
  const boxes = used.get(node) ?? new Map<string, number>();
  used.set(node, boxes.set(box, (boxes.get(box) ?? 0) + 1));
}

const leftBecause: Readonly<Record<Cartonization['left'][number]['reason'], string>> = {
  'too-large': 'no box is large enough',
  'too-heavy': 'no box bears its weight',
  'not-carried': 'the carrier takes no box that holds it',
  'no-box-left': 'there is no box left that holds it',
};
