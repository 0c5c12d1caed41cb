import { ConnectorFault, typedLabelIn, type Carrier } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { openScene } from '../testing/scene.ts';
import type { Asked } from './operation.ts';
import { createOperations } from './operations.ts';

const asked = (requestId: string, more: Partial<Asked> = {}): Asked => ({
  requestId,
  by: 'mia',
  role: 'operator',
  reason: 'bought at the counter',
  ...more,
});
const typed = { trackingNumber: '00 34 0434 1234', price: '5.49', trackingUrl: null };

/** Labels are bought by people, as those of the carrier `manual` are. */
const byHand = (carrier: Carrier): Carrier => ({
  ...carrier,
  capabilities: { ...carrier.capabilities, labelFormats: [] },
  async buy(request, memo) {
    const label = typedLabelIn(memo.refs);
    if (label === null)
      throw new ConnectorFault('refused', {
        connector: 'manual',
        operation: 'label.buy',
        outcome: 'not-applied',
        retry: { kind: 'never' },
        message: 'a person buys it',
      });
    const bought = await carrier.buy(request, memo);
    const { trackingNumber, price, typedAt } = label;
    return { ...bought, ref: trackingNumber, trackingNumber, price: price ?? bought.price, charges: [], boughtAt: typedAt };
  },
});

async function waiting(carrier: (given: Carrier) => Carrier = byHand) {
  const scene = await openScene({ carrier });
  const key = scene.order();
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  const intent = (await scene.intents(key)).find(({ kind }) => kind === 'buy-label');
  if (intent === undefined) throw new Error('no label was asked for');
  return { scene, key, intent, operations: createOperations(scene.context) };
}

describe('a label that a person bought', () => {
  test('is typed in with number and price, once and audited, and its order goes on', async () => {
    const { scene, key, intent, operations } = await waiting();
    const before = (await scene.openExceptions()).map(({ code }) => code);

    const outcome = await operations.typeLabel(asked('request-1'), { intent: intent.id, ...typed });
    const again = await operations.typeLabel(asked('request-1'), { intent: intent.id, ...typed });
    await scene.at('2026-11-23T10:05:00.000Z');

    expect([before, intent.state]).toEqual([['buy-label-failed'], 'failed']);
    expect([outcome, again]).toMatchObject([
      { kind: 'done', operation: 'label', replayed: false },
      { kind: 'done', replayed: true },
    ]);
    expect((await scene.case(key)).shipments[0]?.labels).toMatchObject([
      { label: { trackingNumber: '003404341234', price: { minor: 549, currency: 'EUR' } } },
    ]);
    expect((await scene.case(key)).state).toBe('shipped');
    expect(await scene.openExceptions()).toEqual([]);
    const trail = await scene.journal.read((tx) => tx.audit.list({ key, limit: 100 }));
    expect(trail.filter(({ event }) => event === 'operation.label')).toMatchObject([
      { actor: 'mia', detail: { reason: 'bought at the counter', given: { intent: intent.id, ...typed } } },
    ]);
  });

  test('costs what the tariff says where the person does not', async () => {
    const { scene, key, intent, operations } = await waiting();

    await operations.typeLabel(asked('request-1'), { intent: intent.id, ...typed, price: null });
    await scene.at('2026-11-23T10:05:00.000Z');

    expect((await scene.case(key)).shipments[0]?.labels).toMatchObject([{ label: { price: { minor: 420 } } }]);
  });

  test.each([
    ['its number is none', { trackingNumber: '?' }, 'impossible'],
    ['its price has more digits than the currency', { price: '5.499' }, 'impossible'],
    ['its price is below nothing', { price: '-1' }, 'impossible'],
    ['there is no such purchase', { intent: 4_711 }, 'not-found'],
  ])('is refused when %s, and nothing changes', async (_why, more, code) => {
    const { scene, key, intent, operations } = await waiting();

    expect(await operations.typeLabel(asked('request-1'), { intent: intent.id, ...typed, ...more })).toMatchObject({
      kind: 'refused',
      code,
    });
    await scene.at('2026-11-23T10:05:00.000Z');

    expect((await scene.case(key)).shipments[0]?.labels).toEqual([]);
  });

  test('is refused of a carrier that sells its labels itself, of another intent, of one that is done, and to who only looks', async () => {
    const own = await waiting((carrier) => carrier);
    const { scene, key, intent, operations } = await waiting();
    const write = (await scene.intents(key)).find(({ kind }) => kind === 'write-order');
    const type = (id: number, requestId: string, more: Partial<Asked> = {}) =>
      operations.typeLabel(asked(requestId, more), { intent: id, ...typed });

    const outcomes = [
      await own.operations.typeLabel(asked('request-0'), { intent: own.intent.id, ...typed }),
      await type(write?.id ?? 0, 'request-1'),
      await type(intent.id, 'request-2', { role: 'viewer' }),
      await type(intent.id, 'request-3'),
    ];
    await scene.at('2026-11-23T10:05:00.000Z');
    outcomes.push(await type(intent.id, 'request-4'));

    expect(outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.code : outcome.kind))).toEqual([
      'impossible',
      'impossible',
      'not-allowed',
      'done',
      'wrong-state',
    ]);
  });
});
