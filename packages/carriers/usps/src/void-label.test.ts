import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { account, ada, dock, request } from './testing/account.ts';

const day = 86_400_000;

describe('a label', () => {
  test('is cancelled before the night after its day of mailing', async () => {
    const { carrier, sandbox } = account();
    const label = await carrier.buy(request, intentMemo());
    expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual({ kind: 'voided' });
    expect(sandbox.snapshot().labels).toMatchObject([{ isGivenBack: true }]);
  });

  test('is refunded later, if USPS agrees, once it was manifested', async () => {
    const { carrier, clock } = account();
    const label = await carrier.buy(request, intentMemo());
    await clock.sleep(2 * day);
    expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual({ kind: 'accepted' });
    expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual({ kind: 'accepted' });
  });

  test('on a SCAN form is not cancelled, and says so', async () => {
    const { carrier } = account();
    const label = await carrier.buy(request, intentMemo());
    await carrier.manifest?.make({ from: dock, day: '2026-11-23', labels: [label] }, intentMemo('manifest'));
    expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual({
      kind: 'refused',
      reason: 'Labels associated with a scan form cannot be canceled',
    });
  });

  test('that was scanned is not given back', async () => {
    const { carrier, sandbox } = account();
    const label = await carrier.buy(request, intentMemo());
    sandbox.scan(label.trackingNumber, 'accepted');
    expect((await carrier.voidLabel(label, intentMemo('void'))).kind).toBe('refused');
  });

  test('for the way back costs nothing until it is used, and is not given back', async () => {
    const { carrier } = account();
    const back = { ...request, shipFrom: ada, shipTo: dock, delivery: { ...plainDelivery, isReturn: true } };
    const label = await carrier.buy(back, intentMemo());
    expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual({
      kind: 'refused',
      reason: 'Return label orders cannot be canceled',
    });
  });

  test('that USPS does not know is not given back', async () => {
    const { carrier } = account();
    expect(await carrier.voidLabel({ ref: '1', trackingNumber: '9305589900006700000001' }, intentMemo('void'))).toEqual({
      kind: 'refused',
      reason: 'Order not found',
    });
  });
});

describe('a document', () => {
  test('is printed three times more, in any form', async () => {
    const { carrier } = account();
    const label = await carrier.buy(request, intentMemo());
    for (const format of ['png', 'zpl', 'pdf'] as const)
      expect(await carrier.documents?.(label, format)).toMatchObject({ format, url: null });
    await expect(carrier.documents?.(label, 'pdf')).rejects.toThrow(/reprint limit of 3/);
  });

  test('of a label that was given back is not printed', async () => {
    const { carrier } = account();
    const label = await carrier.buy(request, intentMemo());
    await carrier.voidLabel(label, intentMemo('void'));
    await expect(carrier.documents?.(label, 'pdf')).rejects.toThrow(/given-back/);
  });
});
