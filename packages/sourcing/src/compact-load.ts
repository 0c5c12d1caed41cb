import type { Compiled } from './compile.ts';
import { modelColumn, modelRow, type Entry, type ModelInMaking } from './model-names.ts';
import type { Lane, ProblemOrder, ProblemService } from './problem.ts';

/** A node and a service that can ship some lines of an order: what the price of a shipment depends on. */
export interface ModelWay {
  readonly node: number;
  readonly service: number;
  readonly slot: number;
  readonly surcharge: number;
  readonly given: ProblemService;
  readonly lane: Lane;
  readonly lines: readonly {
    readonly line: number;
    readonly kg: number;
    /** Kilograms that its litres count for; 0 where the service does not look at volume. */
    readonly volumetric: number;
    readonly lateCost: number;
  }[];
}

/** The columns of one possible shipment. */
export interface Load {
  readonly name: string;
  readonly column: number;
  readonly lines: readonly { readonly line: number; readonly column: number; readonly kg: number; readonly volumetric: number }[];
}

/** A load just above a limit is told from one at it by this much; relative above one kilogram. Engines see no less. */
const leastExcess = 1e-5;

/**
 * The most shipments of one order on one way that can be part of a cheapest plan.
 *
 * Shipments that fit together are never dearer as one where the lane is linear. With bands `many` of them cost at least as much as the dearest single one. So no `many` of them
 * fit together, and `count` of them weigh more than `count / many` times what fits.
 */
export function shipmentsThatPay(compiled: Compiled, order: ProblemOrder, way: ModelWay): number {
  const { given, lane, lines, surcharge, node } = way;
  const labor = compiled.labor[node]!;
  const each = order.splitCost + surcharge + labor.perShipment * labor.tiers[0]!.costPerMinute;
  let weight = 0;
  let total = 0;
  for (const { kg, volumetric } of lines) {
    total += Math.max(kg, volumetric);
    weight += kg;
  }
  if (lane.bands === undefined) return weight <= (given.maxKg ?? Infinity) ? 1 : Math.floor((2 * weight) / given.maxKg!);
  const limit = Math.min(given.maxKg ?? Infinity, lane.bands.at(-1)!.upToKg);
  const amounts = lane.bands.map(({ amount }) => amount);
  const least = Math.min(...amounts);
  const dearest = Math.max(...amounts) * parcelsOf(way, Math.min(weight, limit));
  if (least + each <= 0) return lines.length;
  const many = Math.max(2, Math.ceil((dearest + each) / (least + each)));
  return total <= limit ? many - 1 : limit <= 0 ? lines.length : Math.floor((many * total) / limit);
}

/** Adds what a shipment of this load pays, and the limits of its weight. */
export function addLoad(making: ModelInMaking, way: ModelWay, load: Load): void {
  const kg = load.lines.map(({ column, kg: own }): Entry => [column, own]);
  const volumetric = load.lines.map(({ column, volumetric: own }): Entry => [column, own]);
  const { maxKg } = way.given;
  if (maxKg !== undefined && sum(kg) > maxKg) modelRow(making, `weight_${load.name}`, -Infinity, 0, [...kg, [load.column, -maxKg]]);
  if (way.lane.bands === undefined) addLinear(making, way, load, kg, volumetric);
  else addBands(making, way, load, kg, volumetric, way.lane.bands);
}

function addLinear(making: ModelInMaking, way: ModelWay, load: Load, kg: readonly Entry[], volumetric: readonly Entry[]): void {
  const { base = 0, perKg = 0 } = way.lane;
  const charge = (column: number, cost: number): void => void (making.columns[column]!.cost += cost);
  const parcels = parcelsOf(way, sum(kg));
  if (parcels === 1) charge(load.column, base);
  else if (base > 0) {
    const count = modelColumn(making, `parcels_${load.name}`, { cost: base, upper: parcels, integer: true });
    modelRow(making, `parcel_${load.name}`, -Infinity, 0, [...kg, [count, -way.given.parcelMaxKg!]]);
    modelRow(making, `one_${load.name}`, -Infinity, 0, [
      [load.column, 1],
      [count, -1],
    ]);
  }
  if (perKg === 0) return;
  if (load.lines.every((line) => line.kg >= line.volumetric)) for (const [column, weight] of kg) charge(column, perKg * weight);
  else if (load.lines.every((line) => line.volumetric >= line.kg))
    for (const [column, weight] of volumetric) charge(column, perKg * weight);
  else {
    const billable = modelColumn(making, `billable_${load.name}`, { cost: perKg, upper: Infinity });
    modelRow(making, `heavy_${load.name}`, -Infinity, 0, [...kg, [billable, -1]]);
    modelRow(making, `bulky_${load.name}`, -Infinity, 0, [...volumetric, [billable, -1]]);
  }
}

/** A number of parcels and a band: exactly one of these classes holds for a shipment. */
interface PriceClass {
  readonly parcels: number;
  readonly band: number;
  readonly amount: number;
  readonly column: number;
}

function addBands(
  making: ModelInMaking,
  way: ModelWay,
  load: Load,
  kg: readonly Entry[],
  volumetric: readonly Entry[],
  bands: NonNullable<Lane['bands']>,
): void {
  const { name } = load;
  const { parcelMaxKg = Infinity } = way.given;
  const classes: PriceClass[] = [];
  const most = Math.max(sum(kg), sum(volumetric));
  for (let parcels = 1; parcels <= parcelsOf(way, sum(kg)); parcels++) {
    for (const [band, { amount }] of bands.entries()) {
      if (band > 0 && parcels * bands[band - 1]!.upToKg >= most) break;
      const column = modelColumn(making, `band_${name}_q${parcels}_b${band}`, { cost: parcels * amount, upper: 1, integer: true });
      classes.push({ parcels, band, amount: parcels * amount, column });
    }
  }
  modelRow(making, `price_${name}`, 0, 0, [...classes.map(({ column }): Entry => [column, 1]), [load.column, -1]]);
  const capacity = classes.map(({ parcels, band, column }): Entry => [column, -parcels * bands[band]!.upToKg]);
  modelRow(making, `heavy_${name}`, -Infinity, 0, [...kg, ...capacity]);
  if (sum(volumetric) > 0) modelRow(making, `bulky_${name}`, -Infinity, 0, [...volumetric, ...capacity]);
  if (sum(kg) > parcelMaxKg)
    modelRow(making, `parcel_${name}`, -Infinity, 0, [
      ...kg,
      ...classes.map(({ parcels, column }): Entry => [column, -parcels * parcelMaxKg]),
    ]);
  for (const own of classes) {
    // More parcels than needed would be cheaper where the last band ends below a full parcel.
    if (own.parcels > 1)
      modelRow(making, `parcels_${name}_q${own.parcels}_b${own.band}`, 0, Infinity, [
        ...kg,
        [own.column, -above((own.parcels - 1) * parcelMaxKg)],
      ]);
    // A band that is cheaper than a lighter one must be shown to be needed.
    if (own.band > 0 && classes.some(({ parcels, band, amount }) => parcels === own.parcels && band < own.band && amount > own.amount))
      addLeastLoad(making, `${name}_q${own.parcels}_b${own.band}`, own, above(own.parcels * bands[own.band - 1]!.upToKg), kg, volumetric);
  }
}

/** The class holds only where the kilograms or the volumetric kilograms reach `least`. */
function addLeastLoad(
  making: ModelInMaking,
  name: string,
  { column }: PriceClass,
  least: number,
  kg: readonly Entry[],
  volumetric: readonly Entry[],
): void {
  const byVolume = modelColumn(making, `byvolume_${name}`, { cost: 0, upper: 1, integer: true });
  modelRow(making, `leastheavy_${name}`, 0, Infinity, [...kg, [column, -least], [byVolume, least]]);
  modelRow(making, `leastbulky_${name}`, 0, Infinity, [...volumetric, [byVolume, -least]]);
}

function above(weight: number): number {
  return weight + leastExcess * Math.max(1, weight);
}

function parcelsOf({ given }: ModelWay, weight: number): number {
  const limit = Math.min(weight, given.maxKg ?? Infinity);
  return given.parcelMaxKg === undefined ? 1 : Math.max(1, Math.ceil(limit / given.parcelMaxKg - 1e-9));
}

function sum(entries: readonly Entry[]): number {
  return entries.reduce((total, [, amount]) => total + amount, 0);
}
