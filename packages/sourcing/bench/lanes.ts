import type { Lane, ProblemService } from '../src/index.ts';
import { draws, rounded, type Draw } from './draw.ts';
import type { Region, Zone } from './regions.ts';

/** What a carrier's service costs: at distance 0 and for each 1,000 km more. */
interface Tariff {
  readonly id: string;
  readonly litresPerKg: number;
  readonly maxKg: number;
  readonly parcelMaxKg?: number;
  readonly base: number;
  readonly basePerMegametre: number;
  readonly perKg: number;
  readonly perKgPerMegametre: number;
  /** Transit days at distance 0, and after how many kilometres another day begins. */
  readonly days: number;
  readonly kmPerDay: number;
  readonly sameZoneOnly?: boolean;
}

const tariffs: readonly Tariff[] = [
  {
    id: 'economy',
    litresPerKg: 6,
    maxKg: 20,
    base: 3.6,
    basePerMegametre: 0.65,
    perKg: 0.22,
    perKgPerMegametre: 0.13,
    days: 3,
    kmPerDay: 750,
  },
  {
    id: 'ground',
    litresPerKg: 5,
    maxKg: 31.5,
    parcelMaxKg: 12,
    base: 4.6,
    basePerMegametre: 0.85,
    perKg: 0.3,
    perKgPerMegametre: 0.18,
    days: 1,
    kmPerDay: 700,
  },
  {
    id: 'express',
    litresPerKg: 5,
    maxKg: 31.5,
    base: 9.2,
    basePerMegametre: 1.7,
    perKg: 0.85,
    perKgPerMegametre: 0.38,
    days: 1,
    kmPerDay: 1_400,
  },
  {
    id: 'freight',
    litresPerKg: 4,
    maxKg: 1_000,
    parcelMaxKg: 60,
    base: 38,
    basePerMegametre: 7,
    perKg: 0.12,
    perKgPerMegametre: 0.1,
    days: 4,
    kmPerDay: 650,
  },
  {
    id: 'local',
    litresPerKg: 8,
    maxKg: 15,
    base: 5.2,
    basePerMegametre: 0,
    perKg: 0.2,
    perKgPerMegametre: 0,
    days: 0,
    kmPerDay: 1_000,
    sameZoneOnly: true,
  },
];

/** What warehouses and stores hand parcels to. */
export const warehouseServices: readonly string[] = ['economy', 'ground', 'express', 'freight'];
export const storeServices: readonly string[] = ['ground', 'express', 'local'];

/** Which part of the lanes is priced by weight bands, and whether heavy shipments travel as several parcels. */
export interface LaneOptions {
  readonly bandShare: number;
  readonly parcels: boolean;
  /** Part of the lanes between different zones that nobody serves. */
  readonly missingShare: number;
}

/** The services of a region with a price for each pair of zones, some percent above or below what the distance says. */
export function servicesOf(region: Region, name: string, options: LaneOptions): ProblemService[] {
  const draw = draws(`${name} lanes`);
  return tariffs.map((tariff) => ({
    id: tariff.id,
    litresPerKg: tariff.litresPerKg,
    maxKg: tariff.maxKg,
    ...(options.parcels && tariff.parcelMaxKg !== undefined ? { parcelMaxKg: tariff.parcelMaxKg } : {}),
    lanes: region.zones.flatMap((from) => region.zones.flatMap((to) => laneOf(tariff, region, from, to, draw, options))),
  }));
}

function laneOf(tariff: Tariff, region: Region, from: Zone, to: Zone, draw: Draw, options: LaneOptions): Lane[] {
  if (tariff.sameZoneOnly && from !== to) return [];
  if (from !== to && draw.chance(options.missingShare)) return [];
  const kilometres = distance(from, to);
  const far = (kilometres / 1_000) * region.perDistance;
  const noise = draw.between(0.95, 1.07) * region.level;
  const base = (tariff.base + tariff.basePerMegametre * far) * noise;
  const perKg = (tariff.perKg + tariff.perKgPerMegametre * far) * noise;
  const ends = { from: from.id, to: to.id };
  const transitDays = tariff.days + Math.floor(kilometres / tariff.kmPerDay);
  if (!draw.chance(options.bandShare)) return [{ ...ends, base: rounded(base, 2), perKg: rounded(perKg, 3), transitDays }];
  const limits = [1, 2, 5, 10, 20, ...(tariff.maxKg > 20 ? [tariff.maxKg] : [])];
  // A band costs what its middle would cost by the kilogram.
  const bands = limits.map((upToKg, index) => ({
    upToKg,
    amount: rounded(base + (perKg * (upToKg + (limits[index - 1] ?? 0))) / 2, 2),
  }));
  return [{ ...ends, bands, transitDays }];
}

/** Kilometres by road: a fifth more than straight, and the way within a zone. */
function distance(from: Zone, to: Zone): number {
  const [east, north] = [from.east - to.east, from.north - to.north];
  return from === to ? 40 : 1.2 * Math.sqrt(east * east + north * north);
}
