import { intentMemo, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { typedLabelRefs, typedLabelSchema, type EffectRefs } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { manualCarrier, numberWanted } from './index.ts';
import { request, tariff } from './testing/subject.ts';

function desk(baseMinor = 600) {
  return manualCarrier({ connection: 'desk', tariffs: [tariff(baseMinor)], clock: virtualClock('2026-11-21T09:00:00.000Z') });
}

function typed(price: { minor: number; currency: string } | null = null): EffectRefs {
  return typedLabelRefs(
    typedLabelSchema.parse({ trackingNumber: 'RR 1234 5678 9 DE', trackingUrl: null, price, typedAt: '2026-11-21T11:00:00Z' }),
  );
}

test('without a number nothing is bought, and a person is told what to buy and for how much', async () => {
  await expect(desk().buy(request, intentMemo())).rejects.toMatchObject({
    code: 'refused',
    facts: { vendorCode: numberWanted, outcome: 'not-applied', message: 'a person buys this label: parcel of Post, about 6.00 EUR' },
  });
});

test('with the number that was typed in the next attempt has its label', async () => {
  const first = intentMemo();
  await desk()
    .buy(request, first)
    .catch(() => undefined);
  expect(await desk().buy(request, intentMemo('k', { ...first.refs, ...typed() }))).toMatchObject({
    trackingNumber: 'RR123456789DE',
    price: { minor: 600, currency: 'EUR' },
    boughtAt: '2026-11-21T11:00:00.000Z',
  });
});

test('a price that was agreed on stays when the tariff changes meanwhile', async () => {
  const first = intentMemo();
  await desk()
    .buy(request, first)
    .catch(() => undefined);
  expect((await desk(900).buy(request, intentMemo('k', { ...first.refs, ...typed() }))).price.minor).toBe(600);
});

test('what the person paid counts, whatever was expected and whatever the limit', async () => {
  const label = await desk().buy(
    { ...request, priceLimit: { minor: 600, currency: 'EUR' } },
    intentMemo('k', typed({ minor: 1_190, currency: 'EUR' })),
  );
  expect([label.price, label.charges]).toEqual([{ minor: 1_190, currency: 'EUR' }, []]);
});

test('above its limit nobody is asked to buy it', async () => {
  await expect(desk().buy({ ...request, priceLimit: { minor: 599, currency: 'EUR' } }, intentMemo())).rejects.toMatchObject({
    code: 'refused',
    facts: { message: 'the label costs 6.00 EUR, more than its limit of 5.99 EUR' },
  });
});

test('a label goes back where it was bought', async () => {
  expect(await desk().voidLabel({ ref: 'x', trackingNumber: 'x' }, intentMemo())).toMatchObject({ kind: 'refused' });
});
