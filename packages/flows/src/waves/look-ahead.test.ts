import { expect, test } from 'vitest';
import { openScene } from '../testing/scene.ts';
import { keptDecision } from '../why/kept-decision.ts';
import { replayDecision } from '../why/replay.ts';

const hamburg = { name: 'Ada Example', address1: 'Domstr. 1', zip: '20095', city: 'Hamburg', countryCode: 'DE' };
const secondDay = '2026-11-24T10:00:00.000Z';

/** Lamps are scarce: customers of yesterday took two of five, and today one asks for a third. */
async function twoDays(lookAhead: { readonly days: number; readonly historyDays: number; readonly samples: number } | null) {
  const scene = await openScene({
    stock: { MUG: [9, 9], LAMP: [3, 2] },
    settings: (given) => ({ ...given, sourcing: { ...given.sourcing, lookAhead } }),
  });
  for (let each = 0; each < 2; each++) scene.order({ lines: [{ sku: 'LAMP', quantity: 1 }], address: hamburg });
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  scene.clock.advanceTo('2026-11-24T08:00:00.000Z');
  scene.order({ lines: [{ sku: 'LAMP', quantity: 1 }] });
  await scene.at(secondDay, 'wave');
  const decision = await scene.journal.read((tx) => keptDecision(tx, secondDay));
  if (decision === null) throw new Error('there is no decision');
  return decision;
}

test('a wave that looks ahead knows what stock is worth to tomorrow, and its decision keeps that and is made again from it', async () => {
  const decision = await twoDays({ days: 5, historyDays: 3, samples: 4 });

  const values = decision.options.stockValues;

  expect(Object.keys(values ?? {})).toEqual(['BER', 'HAM']);
  // Some days of two lamps each ask for more than is there.
  expect(values?.['BER']?.['LAMP']).toBeGreaterThan(0);
  expect(await replayDecision(decision, null)).toMatchObject({ same: true });
});

test('by default no wave looks ahead, and one without a past looks at nothing', async () => {
  expect((await twoDays(null)).options).toEqual({});
  expect((await twoDays({ days: 5, historyDays: 1, samples: 4 })).options.stockValues).toBeDefined();
});
