import { ConnectorFault, provedAbsentRef, type EffectMemo, type EffectRefs, type FaultOutcome } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { purchaseDoubt } from './purchase-doubt.ts';
import { purchaseFaults } from './purchase-faults.ts';
import { virtualClock } from './sandbox/index.ts';

function scene() {
  const clock = virtualClock('2026-11-23T09:00:00.000Z');
  let refs: EffectRefs = {};
  const memo = (): EffectMemo => ({
    key: 'ORDER-7/buy-label/1',
    refs,
    saveRefs: async (more) => void (refs = { ...refs, ...more }),
    saveRaw: async () => undefined,
    rawAnswers: async () => [],
  });
  const doubt = purchaseDoubt({ clock, settlesMs: 120_000 });
  return { clock, doubt, memo, refs: () => refs, settlesInMs: () => doubt.settlesInMs(refs, memo()) };
}

const fault = (outcome: FaultOutcome) =>
  new ConnectorFault('timeout', { connector: 'any', operation: 'label.buy', outcome, retry: { kind: 'never' }, message: 'no answer' });

test('before anything is sent nothing is under way', async () => {
  const { doubt, refs, settlesInMs } = scene();
  expect([doubt.sentAt(refs()), await settlesInMs()]).toEqual([null, 0]);
});

test('a purchase without an answer is waited for from the moment at which it was found unanswered, however long ago it was sent', async () => {
  const { clock, doubt, memo, settlesInMs } = scene();
  await doubt.sending(memo(), { externalId: 'x1' });
  await clock.sleep(3_600_000);
  await doubt.failed(memo(), fault('unknown'));
  await clock.sleep(20_000);
  expect(await settlesInMs()).toBe(100_000);
  await clock.sleep(100_000);
  expect(await settlesInMs()).toBe(0);
});

test('after a crash the waiting begins at the first look', async () => {
  const { clock, doubt, memo, refs, settlesInMs } = scene();
  await doubt.sending(memo());
  await clock.sleep(86_400_000);
  expect(await settlesInMs()).toBe(120_000);
  await clock.sleep(50_000);
  expect(await settlesInMs()).toBe(70_000);
  expect(doubt.sentAt(refs())).toBe('2026-11-23T09:00:00.000Z');
});

test('what the vendor refused is not waited for, and what was learnt is kept', async () => {
  const { doubt, memo, refs, settlesInMs } = scene();
  await doubt.sending(memo(), { externalId: 'x1' });
  await doubt.failed(memo(), fault('not-applied'));
  expect([await settlesInMs(), doubt.sentAt(refs()), refs()['externalId']]).toEqual([0, null, 'x1']);
});

test('a second sending is not taken for as old as the first', async () => {
  const { clock, doubt, memo, settlesInMs } = scene();
  await doubt.sending(memo());
  await doubt.failed(memo(), fault('unknown'));
  await clock.sleep(120_000);
  await doubt.sending(memo());
  expect(await settlesInMs()).toBe(120_000);
});

test('what a person found to have come to nothing is not waited for; what is sent after that is', async () => {
  const { clock, doubt, memo, refs, settlesInMs } = scene();
  await doubt.sending(memo());
  await doubt.failed(memo(), fault('unknown'));
  await clock.sleep(60_000);
  await memo().saveRefs({ [provedAbsentRef]: clock.now() });
  expect([doubt.sentAt(refs()), await settlesInMs()]).toEqual([null, 0]);
  await clock.sleep(60_000);
  await doubt.sending(memo());
  expect([doubt.sentAt(refs()), await settlesInMs()]).toEqual(['2026-11-23T09:02:00.000Z', 120_000]);
});

test('a price above its limit, or in another currency, is refused before anything is bought', () => {
  const { checkPrice } = purchaseFaults('any', 'label.buy');
  const price = { minor: 715, currency: 'USD' };
  expect(() => checkPrice(price, { minor: 714, currency: 'USD' })).toThrow('the label costs 7.15 USD, more than its limit of 7.14 USD');
  expect(() => checkPrice(price, { minor: 999, currency: 'EUR' })).toThrow('the price is in USD and its limit in EUR');
  expect(() => [checkPrice(price, price), checkPrice(price, null)]).not.toThrow();
});
