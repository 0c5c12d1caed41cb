import { sandboxFetch, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { easypostCarrier } from '@quartermaster/easypost';
import { createEasyPostSandbox } from '@quartermaster/easypost/sandbox';

const clock = virtualClock('2026-11-21T12:00:00Z');
const sandbox = createEasyPostSandbox({
  apiKey: 'EZTK-demo',
  clock,
  currency: 'USD',
  tariffs: [{ carrier: 'USPS', service: 'GroundAdvantage', lanes: [{ from: 'US', to: 'US', baseMinor: 500, perKgMinor: 100, days: 3 }] }],
});
const carrier = easypostCarrier({
  connection: 'post',
  apiKey: 'EZTK-demo',
  currency: 'USD',
  clock,
  fetch: sandboxFetch({ 'https://api.easypost.com': sandbox.app }), // leave out to speak to EasyPost itself
});

const address = { name: 'Ada', company: null, lines: ['1 Dock Road'], postalCode: '94104', city: 'San Francisco', region: 'CA', country: 'US', phone: null, email: null };
const parcel = { number: 1, grams: 1_000, millimetres: null, items: [{ lineId: '1', sku: 'A', units: 1 }] };
const request = { shipFrom: address, shipTo: address, parcel, shipAt: clock.now() };
console.log((await carrier.rates({ ...request, currency: 'USD' })).rates);

const refs: Record<string, string> = {}; // a journal keeps them for good
const memo = () => ({ key: 'acme/us/post/label/7', refs, saveRefs: async (more: object) => void Object.assign(refs, more), saveRaw: async () => {} });
const order = { ...request, service: 'USPS/GroundAdvantage', format: 'zpl' as const, reference: 'SO1001', priceLimit: null };
const first = await carrier.buy(order, memo());
const again = await carrier.buy(order, memo());
console.log(first.trackingNumber === again.trackingNumber, sandbox.snapshot().labels.length, sandbox.snapshot().chargedMinor);
