import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { account, heidi, konrad, request } from './testing/account.ts';

const ask = { ...request, currency: 'EUR' };

describe('prices', () => {
  test('are those of the tariff for products that can be paid for; the others are a problem in words', async () => {
    const { carrier, calls } = account();
    const answer = await carrier.rates(ask);
    expect(answer.rates.map(({ service, total }) => [service, total.minor])).toEqual([
      ['paket', 451],
      ['international', 1353],
    ]);
    expect(answer.problems).toEqual(['The account has no billing number for V62KP.']);
    expect(calls).toEqual([]);
  });

  test('have what a service beside the parcel costs, as a part of its own', async () => {
    const { carrier } = account({ carrier: { extraServices: { signature: 175, insurance: 600 } } });
    const delivery = { ...plainDelivery, signature: 'anyone' as const, insured: { minor: 100_000, currency: 'EUR' } };
    const [rate] = (await carrier.rates({ ...ask, delivery })).rates;
    expect(rate?.charges.map(({ type, amount, vendorCode }) => [type, amount.minor, vendorCode])).toEqual([
      ['shipping', 410, 'freight'],
      ['fuel-charge', 41, 'fuel'],
      ['confirmation', 175, 'signedForByRecipient'],
      ['insurance', 600, 'additionalInsurance'],
    ]);
    expect(rate?.total.minor).toBe(1_226);
  });

  test.each([
    ['a delivery on Saturday', { onSaturday: true }, 'DHL delivers on Saturdays as on other days, and cannot be asked for one.'],
    ['an adult signature that has no price', { signature: 'adult' as const }, 'There is no price for an adult signature.'],
    [
      'a return that is signed for',
      { isReturn: true, signature: 'anyone' as const },
      'DHL has no signature and no insurance for a return.',
    ],
  ])('%s has none, and the reason', async (_, change, problem) => {
    const { carrier } = account();
    expect(await carrier.rates({ ...ask, delivery: { ...plainDelivery, ...change } })).toEqual({ rates: [], problems: [problem] });
  });
});

describe('an account', () => {
  test('has one token for all calls, and a new one when DHL does not take the old one any more', async () => {
    const { carrier, clock, sandbox } = account();
    await Promise.all([carrier.buy(request, intentMemo('one')), carrier.buy(request, intentMemo('two')), carrier.probe()]);
    expect(sandbox.snapshot().tokensGranted).toBe(1);
    await clock.sleep(1_800_000);
    await carrier.probe();
    expect(sandbox.snapshot().tokensGranted).toBe(2);
  });

  test('whose token is taken back reads with a new one, and a purchase is not made again by itself', async () => {
    let nth = 0;
    const { carrier, sandbox } = account({
      faults: (_, { url, method }) => (url.includes('/shipping/') && method === 'POST' && nth++ === 0 ? 'unauthorized' : null),
    });
    const kept = intentMemo();
    await expect(carrier.buy(request, kept)).rejects.toMatchObject({ facts: { outcome: 'not-applied', retry: { kind: 'safely' } } });
    expect(sandbox.snapshot().labels).toEqual([]);
    await carrier.buy(request, kept);
    expect(sandbox.snapshot()).toMatchObject({ labels: [{}], tokensGranted: 2 });
  });

  test('goes without a token where there is no secret: user, password and key are in every call', async () => {
    const { carrier, calls } = account({ isBasic: true });
    await carrier.buy(request, intentMemo());
    expect(calls).toEqual([expect.stringContaining('POST /parcel/de/shipping/v2/orders')]);
  });

  test.each([
    ['with a secret', false],
    ['without one', true],
  ])('whose password is wrong is told so, %s', async (_, isBasic) => {
    const { carrier } = account({ isBasic, carrier: { password: 'wrong' } });
    await expect(carrier.probe()).rejects.toMatchObject({
      code: 'unauthorized',
      facts: { outcome: 'not-applied', retry: { kind: 'never' } },
    });
  });

  test('is told what is missing of it', async () => {
    const { carrier } = account();
    expect(await carrier.probe()).toEqual({
      account: 'DHL Parcel DE user-of-the-sandbox',
      problems: ['There is no billing number for V62KP of the tariff.'],
    });
  });

  test.each([
    ['a billing number of another product', { billingNumbers: { V53WPAK: '33333333330101' } }, 'has to have 53 at places 11 and 12'],
    ['a billing number that is none', { billingNumbers: { V01PAK: '123' } }, 'is not of 14 characters'],
    ['no tariff', { tariffs: [] }, 'tariffs of one carrier'],
  ])('with %s is none', (_, change, message) => {
    expect(() => account({ carrier: change })).toThrow(message);
  });

  test('without a secret has no Parcel DE Tracking', () => {
    expect(() => account({ isBasic: true, carrier: { trackingUser: { user: 'a', password: 'b' } } })).toThrow(
      'needs the secret of the app',
    );
  });
});

describe('an address', () => {
  test('that DHL can route is valid, one that it cannot is not, and of another country it knows nothing', async () => {
    const { carrier, sandbox } = account();
    expect(await carrier.addressCheck?.(konrad)).toMatchObject({ kind: 'valid', messages: [] });
    expect(await carrier.addressCheck?.({ ...konrad, postalCode: '00000' })).toMatchObject({
      kind: 'invalid',
      messages: ['consignee: The address cannot be encoded.'],
    });
    expect((await carrier.addressCheck?.(heidi))?.kind).toBe('unsupported');
    expect(sandbox.snapshot().labels).toEqual([]);
  });

  test('is not blamed for a billing number that is wrong', async () => {
    const { carrier } = account({ sandbox: { billingNumbers: [] } });
    await expect(carrier.addressCheck?.(konrad)).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test('that DHL cannot route gets a label all the same, but where it must not', async () => {
    const nowhere = { ...request, shipTo: { ...konrad, postalCode: '00000' } };
    expect((await account().carrier.buy(nowhere, intentMemo())).trackingNumber).not.toBe('');
    const strict = account({ carrier: { mustEncode: true } });
    await expect(strict.carrier.buy(nowhere, intentMemo())).rejects.toMatchObject({
      facts: { outcome: 'not-applied', message: 'consignee: The address cannot be encoded.' },
    });
  });
});
