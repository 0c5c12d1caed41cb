import { rateTableCarrier } from '@quartermaster/rate-table';
import { tariffSchema } from '@quartermaster/parcels';

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
      maxGrams: 31_500,
      zones: [{ id: 'inland', from: { country: 'AT' }, to: { country: 'AT' } }],
      prices: [{ zone: 'inland', transitDays: 1, bands: [{ upToGrams: 2_000, minor: 410 }] }],
    },
  ],
});
const carrier = rateTableCarrier({ connection: 'post', tariffs: [tariff], zone: 'Europe/Vienna' });
const address = { name: 'Ada', company: null, lines: ['Hauptstraße 1'], postalCode: '8010', city: 'Graz', region: null, country: 'AT', phone: null, email: null };
const parcel = { number: 1, grams: 1_500, millimetres: null, items: [{ lineId: '1', sku: 'A', units: 1 }] };
const request = { shipFrom: address, shipTo: address, parcel, shipAt: '2026-11-21T14:00:00.000Z' };

console.log(await carrier.rates({ ...request, currency: 'EUR' }));
const memo = { key: 'acme/at/post/label/7', refs: {}, saveRefs: async () => {}, saveRaw: async () => {} };
const label = await carrier.buy({ ...request, service: 'parcel', format: 'zpl', reference: 'SO1001', priceLimit: null }, memo);
console.log(label.trackingNumber, label.price, label.document.format);
