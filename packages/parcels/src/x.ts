import { laneOf, packByWeight, priceParcel, serviceOf, tariffSchema } from '@quartermaster/parcels';

const tariff = tariffSchema.parse({
  id: 'post-2026',
  carrier: 'Post',
  currency: 'EUR',
  effectiveFrom: '2026-01-01',
  services: [
    {
      id: 'parcel',
      name: 'Parcel',
      carrierService: '10',
      divisorCm3PerKg: 5000,
      roundingGrams: 500,
      maxGrams: 31_500,
      fuelPercent: '12.5',
      zones: [
        { id: 'DE', from: { country: 'AT' }, to: { country: 'DE' } },
        { id: 'DE-islands', from: { country: 'AT' }, to: { country: 'DE', postalPrefix: '25' } },
      ],
      prices: [
        { zone: 'DE', transitDays: 2, bands: [{ upToGrams: 5_000, minor: 890 }, { upToGrams: 31_500, minor: 1_590 }] },
        { zone: 'DE-islands', transitDays: 4, baseMinor: 1_200, perKgMinor: 45 },
      ],
      surcharges: [{ code: 'long', when: { minLongestMillimetres: 1_200 }, minor: 900 }],
    },
  ],
});
const vienna = { country: 'AT', region: null, postalArea: '101' };
const berlin = { country: 'DE', region: null, postalArea: '101' };

const packing = packByWeight([{ lineId: '1', sku: 'LAMP', units: 3, gramsPerUnit: 12_000 }], 31_500);
const parcels = packing.kind === 'packed' ? packing.parcels : [];
for (const parcel of parcels) console.log(priceParcel(tariff, 'parcel', { from: vienna, to: berlin, parcel, date: '2026-11-21' }));
const service = serviceOf(tariff, 'parcel');
if (service) console.log(JSON.stringify(laneOf(tariff, service, vienna, berlin)));
