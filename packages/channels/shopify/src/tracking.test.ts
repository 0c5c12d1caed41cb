import { expect, test } from 'vitest';
import { companyName, trackingInfo } from './tracking.ts';

test.each([
  ['ups', 'UPS'],
  ['Fedex', 'FedEx'],
  ['DHL ECOMMERCE', 'DHL eCommerce'],
  ['post-nl', 'PostNL'],
  [' Bike Messenger ', 'Bike Messenger'],
])('calls %j by the name that Shopify links: %s', (carrier, name) => {
  expect(companyName(carrier)).toBe(name);
});

test('gives each tracking number its own URL', () => {
  expect(trackingInfo({ carrier: 'GLS', trackingNumbers: ['A1', 'A2'], trackingUrl: 'https://t.example/?n=A1' })).toEqual({
    company: 'GLS',
    numbers: ['A1', 'A2'],
    urls: ['https://t.example/?n=A1', 'https://t.example/?n=A2'],
  });
});

test('gives one URL where it is about no number in particular, and none where there is none', () => {
  const request = { carrier: 'GLS', trackingNumbers: ['A1', 'A2'] };
  expect(trackingInfo({ ...request, trackingUrl: 'https://t.example/order/7' }).urls).toEqual(['https://t.example/order/7']);
  expect(trackingInfo({ ...request, trackingUrl: null }).urls).toEqual([]);
});
