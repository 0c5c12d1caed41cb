import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { isFault } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { given, request } from './testing/given.ts';

const window = { from: '2026-11-23T12:00:00.000Z', until: '2026-11-23T15:00:00.000Z' };

async function labelled(more: Parameters<typeof given>[0] = {}) {
  const scene = given({ ...more, options: { warehouseId: 'se-900' } });
  const label = await scene.carrier.buy(request(), intentMemo('intent-1'));
  const { pickup, manifest } = scene.carrier;
  if (pickup === null || manifest === null) throw new RangeError('there are both');
  return { ...scene, label, pickup, manifest };
}

test('a pickup is found by its labels, until it is called off', async () => {
  const { label, pickup } = await labelled();
  const asked = { at: request().shipFrom, ...window, labels: [label], grams: 1_000, note: null };
  expect(await pickup.find(asked, intentMemo('pickup'))).toEqual({ kind: 'absent' });
  const booked = await pickup.make(asked, intentMemo('pickup'));
  expect(await pickup.find(asked, intentMemo('pickup'))).toEqual({ kind: 'found', result: booked });
  expect(await pickup.cancel(booked.ref)).toEqual({ kind: 'voided' });
  expect(await pickup.find(asked, intentMemo('pickup'))).toEqual({ kind: 'absent' });
  expect(await pickup.cancel(booked.ref)).toMatchObject({ kind: 'refused' });
  expect(await pickup.cancel('pik_none')).toMatchObject({ kind: 'refused' });
});

test('a pickup at a place without an e-mail address is not asked for', async () => {
  const { label, pickup, exchanges } = await labelled();
  const before = exchanges.length;
  const asked = { at: { ...request().shipFrom, email: null }, ...window, labels: [label], grams: 1_000, note: null };
  await expect(pickup.make(asked, intentMemo('pickup'))).rejects.toMatchObject({
    code: 'invalid-request',
    facts: { outcome: 'not-applied' },
  });
  expect(exchanges).toHaveLength(before);
});

test('a manifest tells which labels it left, and why', async () => {
  const { carrier, label, manifest } = await labelled();
  const back = await carrier.buy(request(), intentMemo('intent-2'));
  await carrier.voidLabel(back, intentMemo('void'));
  const day = { from: request().shipFrom, day: '2026-11-23', labels: [label, back] };
  const done = await manifest.make(day, intentMemo('manifest'));
  expect(done).toMatchObject({ document: { format: 'pdf', url: expect.stringContaining('manifest') } });
  expect(done.left).toEqual([{ ref: back.ref, reason: expect.stringContaining('not valid') }]);
  expect(await manifest.find(day, intentMemo('manifest'))).toMatchObject({ kind: 'found', result: { ref: done.ref } });
});

test('a manifest that the carrier takes its time for is waited for, and not asked for again', async () => {
  const { clock, label, manifest } = await labelled({ manifestTakesMs: 45_000 });
  const day = { from: request().shipFrom, day: '2026-11-23', labels: [label] };
  const mine = intentMemo('manifest');
  const fault: unknown = await manifest.make(day, mine).catch((error: unknown) => error);
  expect(isFault(fault) && fault.facts.outcome).toBe('unknown');
  expect(await manifest.find(day, mine)).toEqual({ kind: 'pending', afterMs: 30_000 });
  await clock.sleep(45_000);
  expect(await manifest.find(day, mine)).toMatchObject({ kind: 'found', result: { left: [] } });
});

test('labels that are all refused make no manifest', async () => {
  const { carrier } = given();
  const label = await carrier.buy(request(), intentMemo('intent-1'));
  const day = { from: request().shipFrom, day: '2026-11-23', labels: [label] };
  await expect(carrier.manifest?.make(day, intentMemo('manifest'))).rejects.toMatchObject({
    facts: { outcome: 'not-applied', message: expect.stringContaining('goes from no warehouse') },
  });
});
