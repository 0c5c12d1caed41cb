import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { isFault } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { account, confirming, faultAt, request } from './testing/account.ts';

const tokens = (calls: readonly string[]) => calls.filter((call) => call.endsWith('/oauth/token')).length;

test('one token serves all calls, and many that wait for it ask once', async () => {
  const { carrier, calls } = account();
  await Promise.all([
    carrier.tracking?.track(['794600000011']),
    carrier.rates({ ...request, currency: 'USD' }),
    carrier.addressCheck?.(request.shipTo),
  ]);
  await carrier.buy(request, intentMemo());
  expect(tokens(calls)).toBe(1);
});

test('a token is renewed before its hour is over', async () => {
  const { carrier, calls, clock, answers } = account();
  await carrier.rates({ ...request, currency: 'USD' });
  await clock.sleep(56 * 60_000);
  await carrier.rates({ ...request, currency: 'USD' });
  expect(tokens(calls)).toBe(2);
  expect(answers.some((answer) => answer.includes('NOT.AUTHORIZED'))).toBe(false);
});

test('a token that is not taken is renewed, and the reading made again', async () => {
  const { carrier, calls } = account({ faults: faultAt('/rate/v1/rates/quotes', 'unauthorized') });
  expect((await carrier.rates({ ...request, currency: 'USD' })).rates).toHaveLength(2);
  expect(tokens(calls)).toBe(2);
});

test('a confirmation whose token is not taken is not sent again by itself: it did nothing, and may be made again', async () => {
  const { carrier, calls, sandbox } = account({ faults: faultAt(confirming, 'unauthorized') });
  const kept = intentMemo();
  const fault = await carrier.buy(request, kept).then(
    () => null,
    (error: unknown) => error,
  );
  expect(isFault(fault) && [fault.code, fault.facts.outcome, fault.facts.retry.kind]).toEqual(['unauthorized', 'not-applied', 'safely']);
  expect(calls.filter((call) => call === `POST ${confirming}`)).toHaveLength(1);
  await carrier.buy(request, kept);
  expect(sandbox.snapshot().labels).toHaveLength(1);
});

test('wrong keys are said to be wrong, without showing them', async () => {
  const { carrier } = account({ carrier: { clientSecret: 'another-secret-altogether' } });
  const fault = await carrier.probe().then(
    () => null,
    (error: unknown) => error,
  );
  expect(isFault(fault) && fault.code).toBe('unauthorized');
  expect(JSON.stringify(fault)).not.toContain('another-secret-altogether');
});

test('a 429 in words that are not FedEx’s leaves a confirmation in doubt; one in FedEx’s own does not', async () => {
  const outcomeOf = async (given: Parameters<typeof account>[0]) => {
    const fault = await account(given)
      .carrier.buy(request, intentMemo())
      .then(
        () => null,
        (error: unknown) => error,
      );
    return isFault(fault) ? [fault.code, fault.facts.outcome] : [];
  };
  expect(await outcomeOf({ faults: faultAt(confirming, 'rate-limited') })).toEqual(['rate-limited', 'unknown']);
  // The token, the price and the opening are three.
  expect(await outcomeOf({ sandbox: { limit: { requests: 3, perMs: 10_000 } } })).toEqual(['rate-limited', 'not-applied']);
});

test('what FedEx says of a failure is told with its code and the id of its transaction', async () => {
  const { carrier } = account();
  const fault = await carrier.buy({ ...request, service: 'BY_PIGEON' }, intentMemo()).then(
    () => null,
    (error: unknown) => error,
  );
  expect(isFault(fault) && fault.facts).toMatchObject({
    vendorCode: 'SERVICE.PACKAGECOMBINATION.INVALID',
    requestId: '624deea6-b709-470c-8c39-4b5511281492',
    outcome: 'not-applied',
  });
});
