import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import type { ManifestRequest } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { express, faultOf, given, ground, request, type Given } from './testing/given.ts';

async function labels({ carrier }: Given, services: readonly string[]): Promise<ManifestRequest['labels']> {
  const bought = [];
  for (const [index, service] of services.entries()) bought.push(await carrier.buy(request({ service }), intentMemo(`intent-${index}`)));
  return bought;
}

const asking = (of: ManifestRequest['labels']): ManifestRequest => ({ from: request().shipFrom, day: '2026-11-23', labels: of });

test('the labels of the account that has most are closed out, and the others left with the reason', async () => {
  const account = given({ sandbox: { tariffs: [ground, express] } });
  const of = await labels(account, ['usps_ground_advantage', 'ups_ground', 'usps_ground_advantage']);
  const [first] = of;
  if (first === undefined) throw new RangeError('no label');
  const done = await account.carrier.manifest?.make(asking(of), intentMemo('manifest'));
  expect(done?.document?.url).toMatch(/^https:\/\/api\.goshippo\.com\/documents\/\w+\.pdf$/);
  expect(done?.left).toEqual([
    { ref: of[1]?.ref, reason: 'a manifest is of one carrier account and one shipping date, and this label has another' },
  ]);
  expect(account.sandbox.snapshot().manifests).toEqual([{ id: done?.ref, transactions: [first.ref, of[2]?.ref] }]);
});

test('labels of an evening that is the next day in UTC are closed out under the date that Shippo has of them', async () => {
  const account = given();
  const late = await account.carrier.buy(request({ shipAt: '2026-11-24T02:00:00.000Z' }), intentMemo('late'));
  const done = await account.carrier.manifest?.make(asking([late]), intentMemo('manifest'));
  expect([done?.left, account.sandbox.snapshot().manifests.length]).toEqual([[], 1]);
});

test('a label that was given back is left', async () => {
  const account = given();
  const of = await labels(account, ['usps_ground_advantage', 'usps_ground_advantage']);
  const [back] = of;
  if (back === undefined) throw new RangeError('no label');
  await account.carrier.voidLabel(back, intentMemo('void'));
  const done = await account.carrier.manifest?.make(asking(of), intentMemo('manifest'));
  expect(done?.left).toEqual([{ ref: back.ref, reason: 'there is no label any more' }]);
});

test('what Shippo says against a manifest is a refusal, and a label stands on one manifest only', async () => {
  const account = given();
  const of = await labels(account, ['usps_ground_advantage']);
  await account.carrier.manifest?.make(asking(of), intentMemo('manifest'));
  const { code, facts } = await faultOf(Promise.resolve(account.carrier.manifest?.make(asking(of), intentMemo('again'))));
  expect([code, facts.outcome, facts.message]).toEqual(['refused', 'not-applied', `Transaction ${of[0]?.ref} is on a manifest already.`]);
});

test('a manifest whose answer was lost is found by its labels', async () => {
  const account = given({ faults: (_call, { method, url }) => (method === 'POST' && url.endsWith('/manifests') ? 'drop-after' : null) });
  const of = await labels(account, ['usps_ground_advantage']);
  expect(await account.carrier.manifest?.find(asking(of), intentMemo('manifest'))).toEqual({ kind: 'absent' });
  expect((await faultOf(Promise.resolve(account.carrier.manifest?.make(asking(of), intentMemo('manifest'))))).facts.outcome).toBe(
    'unknown',
  );
  const [made] = account.sandbox.snapshot().manifests;
  expect(await account.carrier.manifest?.find(asking(of), intentMemo('manifest'))).toMatchObject({
    kind: 'found',
    result: { ref: made?.id, left: [] },
  });
});
