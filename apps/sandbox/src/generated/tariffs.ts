import type { TariffService, ZonePrice } from '@quartermaster/parcels';
import type { World } from '../world.ts';
import { countries } from './places.ts';
import { warehouses } from './warehouses.ts';

const bandGrams = [500, 1_000, 2_000, 5_000, 10_000, 20_000, 31_500];

/** Prices of the two carriers of the generated day: `parcelpost` from its table alone, `easypost` by its API, from the same kind of table. */
export function generatedCarriers(effectiveFrom: string): World['carriers'] {
  return [
    {
      connection: 'parcelpost',
      name: 'Parcel Post',
      tariff: {
        id: 'parcelpost-generated',
        carrier: 'Parcel Post',
        currency: 'EUR',
        effectiveFrom,
        services: [
          serviceOf(
            'economy',
            'Economy',
            'ECO',
            byBand([
              { first: 390, perBand: 85, transitDays: 2 },
              { first: 560, perBand: 130, transitDays: 3 },
              { first: 690, perBand: 175, transitDays: 4 },
              { first: 840, perBand: 230, transitDays: 5 },
            ]),
          ),
        ],
      },
    },
    {
      connection: 'easypost',
      name: 'Comet Express',
      tariff: {
        id: 'easypost-generated',
        carrier: 'Comet',
        currency: 'EUR',
        effectiveFrom,
        services: [
          serviceOf(
            'ground',
            'Ground',
            'Ground',
            byKilogram([
              { baseMinor: 430, perKgMinor: 42, transitDays: 1 },
              { baseMinor: 590, perKgMinor: 66, transitDays: 2 },
              { baseMinor: 730, perKgMinor: 90, transitDays: 3 },
              { baseMinor: 890, perKgMinor: 118, transitDays: 4 },
            ]),
          ),
          serviceOf(
            'express',
            'Express',
            'Express',
            byKilogram([
              { baseMinor: 760, perKgMinor: 85, transitDays: 1 },
              { baseMinor: 1_050, perKgMinor: 135, transitDays: 1 },
              { baseMinor: 1_340, perKgMinor: 180, transitDays: 1 },
              { baseMinor: 1_640, perKgMinor: 230, transitDays: 2 },
            ]),
          ),
        ],
      },
    },
  ];
}

function serviceOf(id: string, name: string, carrierService: string, prices: ZonePrice[]): TariffService {
  return {
    id,
    name,
    carrierService,
    roundingGrams: 1,
    maxGrams: 94_500,
    parcelMaxGrams: 31_500,
    surcharges: [],
    zones: warehouses.flatMap((warehouse) =>
      countries.map((country) => ({
        id: zoneId(warehouse.zones[country.code] ?? prices.length),
        from: { country: warehouse.address.country },
        to: { country: country.code },
      })),
    ),
    prices,
  };
}

/** Prices by zone, nearest first: one for the lightest band, and so much more for each further one. */
function byBand(terms: readonly { readonly first: number; readonly perBand: number; readonly transitDays: number }[]): ZonePrice[] {
  return terms.map(({ first, perBand, transitDays }, index) => ({
    zone: zoneId(index + 1),
    transitDays,
    bands: bandGrams.map((upToGrams, band) => ({ upToGrams, minor: first + perBand * band })),
  }));
}

function byKilogram(
  terms: readonly { readonly baseMinor: number; readonly perKgMinor: number; readonly transitDays: number }[],
): ZonePrice[] {
  return terms.map((price, index) => ({ zone: zoneId(index + 1), ...price }));
}

function zoneId(zone: number): string {
  return `Z${zone}`;
}
