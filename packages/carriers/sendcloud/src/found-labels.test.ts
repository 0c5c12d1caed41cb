import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import type { FoundLabel } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { given, request, returnRequest, standard, type Given } from './testing/given.ts';

async function found({ carrier }: Given, since: string): Promise<FoundLabel[]> {
  const all: FoundLabel[] = [];
  for await (const one of carrier.labelsSince?.(since) ?? []) all.push(one);
  return all;
}

test('labels of all pages are found with their keys, but none that was bought before, failed, or came back', async () => {
  const bench = given();
  const { carrier, clock, sandbox } = bench;
  await carrier.buy(request(), intentMemo('before'));
  await clock.sleep(60_000);
  const since = clock.now();
  for (let nth = 1; nth <= 101; nth++) {
    await carrier.buy(request(), intentMemo(`K${nth}`));
    await clock.sleep(2_000);
  }
  sandbox.trouble('failed-label');
  await carrier.buy(request(), intentMemo('failed')).catch(() => undefined);
  await carrier.voidLabel(await carrier.buy(request(), intentMemo('back')), intentMemo('V'));
  await clock.sleep(60_000);
  await carrier.buy(returnRequest(), intentMemo('return'));
  expect((await found(bench, since)).map(({ key }) => key)).toEqual(Array.from({ length: 101 }, (_, index) => `K${index + 1}`));
});

test('a found label is priced by today’s tariff, and by nothing where its option is gone', async () => {
  const bench = given();
  const bought = await bench.carrier.buy(request(), intentMemo('a key with spaces'));
  const [same] = await found(bench, '2026-11-23T00:00:00.000Z');
  expect(same).toMatchObject({
    key: 'a key with spaces',
    label: { ref: bought.ref, trackingNumber: bought.trackingNumber, price: bought.price, service: 'postnl:standard' },
  });
  expect(await bench.carrier.reconcile(request(), same?.refs ?? {}, intentMemo('a key with spaces'))).toMatchObject({ kind: 'found' });
  bench.sandbox.setOptions([{ ...standard, code: 'postnl:new' }]);
  expect((await found(bench, '2026-11-23T00:00:00.000Z'))[0]?.label).toMatchObject({ price: { minor: 0, currency: 'EUR' }, charges: [] });
});
