import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { perMinute, shippoBucketOf, shippoBuckets } from './limits.ts';
import { given, request } from './testing/given.ts';

test('no minute has more requests than Shippo allows, even one that begins with a full bucket', () => {
  for (const isTest of [false, true]) {
    const buckets = shippoBuckets('post', { isTest });
    const most = (kind: keyof typeof perMinute) => perMinute[kind][isTest ? 'test' : 'live'];
    const tooMuch = Object.entries(buckets).filter(([name, { capacity, perSecond }]) => {
      const kind = name.endsWith('.list') ? 'list' : name.endsWith('.make') ? 'make' : name.includes('track') ? 'track' : 'one';
      return capacity < 1 || capacity + 60 * perSecond > most(kind) + 0.001;
    });
    expect([Object.keys(buckets).length, tooMuch]).toEqual([22, []]);
  }
});

test('every call draws from a bucket that there is, and a busy minute is never too much for Shippo', async () => {
  const { carrier, exchanges, sandbox } = given({ options: { apiKey: 'shippo_test_key' } });
  const labels = [];
  for (let nth = 1; nth <= 60; nth++) labels.push(await carrier.buy(request(), intentMemo(`intent-${nth}`)));
  const [first] = labels;
  if (first === undefined) throw new RangeError('no label');
  await carrier.documents?.(first, 'pdf');
  await carrier.addressCheck?.(request().shipTo);
  await carrier.tracking?.track([first.trackingNumber]);
  await carrier.manifest?.make({ from: request().shipFrom, day: '2026-11-23', labels: [first] }, intentMemo('manifest'));
  await carrier.manifest?.find({ from: request().shipFrom, day: '2026-11-23', labels: [first] }, intentMemo('lost'));
  await carrier.voidLabel(first, intentMemo('void'));
  await carrier.probe();
  const names = new Set(Object.keys(shippoBuckets('post', { isTest: true })));
  expect(exchanges.filter(({ operation }) => !names.has(shippoBucketOf('post', operation)))).toEqual([]);
  expect([exchanges.filter(({ status }) => status === 429).length, sandbox.snapshot().labels.length]).toEqual([0, 60]);
});
