import { describe, expect, test } from 'vitest';
import { settle } from '../engine.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { position } from '../testing/givens.ts';
import { readCount, type CountFile } from './count-file.ts';
import { countedPositions } from './counted-stock.ts';

const file = (text: string, more: Partial<CountFile> = {}): CountFile => ({
  name: 'stock.csv',
  text,
  modifiedAt: '2026-11-23T06:00:00.000Z',
  ...more,
});

describe('a file of a logistics provider', () => {
  test('tells stock by state, what is inbound when, and of when it is', () => {
    const text =
      'sku;sellable;damaged;return_pending;inbound;inbound_at;counted_at\nMUG;7;1;2;5;2026-11-25T00:00:00Z;2026-11-23T05:00:00Z\n';
    expect(readCount(file(text))).toEqual({
      kind: 'read',
      countedAt: '2026-11-23T05:00:00.000Z',
      rows: [
        {
          sku: 'MUG',
          sellable: 7,
          qualityHold: 0,
          damaged: 1,
          returnPending: 2,
          inbound: [{ units: 5, expectedAt: '2026-11-25T00:00:00.000Z' }],
          owner: null,
        },
      ],
    });
  });

  test.each([
    ['no whole number', 'sku,sellable\nMUG,1.5\n', 'stock.csv line 2, sellable: whole units of at least 0'],
    ['a column that is missing', 'sku\nMUG\n', 'stock.csv line 1, sellable: the column is missing'],
    ['inbound goods without a date', 'sku,sellable,inbound\nMUG,1,4\n', 'stock.csv line 2, inbound_at: says when what is inbound comes'],
  ])('is not taken with %s, and says where', (_what, text, problem) => {
    expect(readCount(file(text))).toEqual({ kind: 'unreadable', problems: [problem] });
  });
});

describe('stock of a counted node', () => {
  const row = { sku: 'MUG', sellable: 7, qualityHold: 0, damaged: 0, returnPending: 0, inbound: [], owner: null };
  const count = { file: 'stock.csv', countedAt: '2026-11-23T05:00:00.000Z', rows: [row], erp: { MUG: 10 } };
  const units = (inErp: number) =>
    countedPositions([position('MUG', 'TPL', inErp, { reserved: 1 }), position('MUG', 'BER', 3)], new Map([['TPL', count]]));

  test('is what was counted, less what left since by the ERP; what the ERP has more is not there before it is counted', () => {
    const sellable = [10, 8, 15].map((inErp) => units(inErp).find(({ node }) => node === 'TPL')?.sellable);
    expect(sellable).toEqual([7, 5, 7]);
    expect(units(10).find(({ node }) => node === 'TPL')).toMatchObject({ reserved: 1, asOf: count.countedAt });
    expect(units(10).find(({ node }) => node === 'BER')).toMatchObject({ sellable: 3 });
  });

  test('that never was counted is nothing, whatever the ERP says', () => {
    expect(countedPositions([position('MUG', 'TPL', 9)], new Map([['TPL', null]]))).toMatchObject([{ sku: 'MUG', sellable: 0 }]);
  });

  test('that the file does not name is not there', () => {
    const counted = countedPositions([position('LAMP', 'TPL', 9)], new Map([['TPL', count]]));
    expect(counted.find(({ sku }) => sku === 'LAMP')).toMatchObject({ sellable: 0 });
  });
});

test('stock updates that arrive in batches are shown as they were counted; a file that cannot be read is told to a person, and the last good one stands', async () => {
  let told: CountFile = file('sku,sellable\nMUG,4\n');
  const scene = await openScene({
    stock: { MUG: [10, 10], LAMP: [0, 0] },
    settings: (given) => ({ ...given, counts: [{ node: 'HAM', freshHours: 26 }] }),
  });
  const engine = scene.restart({ readCountFile: async () => told });
  const publish = async () => {
    await engine.publish();
    await settle(engine, scene.clock);
  };
  await publish();
  expect([shown(scene), await openCodes(scene)]).toEqual([14, []]);

  told = file('sku,sellable\nMUG,many\n', { name: 'later.csv' });
  await publish();
  expect([shown(scene), await openCodes(scene)]).toEqual([14, ['count-unreadable HAM']]);

  told = file('sku,sellable\nMUG,9\n', { name: 'latest.csv' });
  await publish();
  expect([shown(scene), await openCodes(scene)]).toEqual([19, []]);

  scene.clock.advanceTo('2026-11-25T07:00:00.000Z');
  await publish();
  expect((await scene.openExceptions()).map(({ reason }) => reason)).toEqual(['no newer count than that of 2026-11-23T06:00:00.000Z']);
});

async function openCodes(scene: Scene): Promise<string[]> {
  return (await scene.openExceptions()).map(({ code, subjectKey }) => `${code} ${subjectKey}`);
}

function shown(scene: Scene): number {
  return ['BER', 'HAM'].reduce((sum, location) => sum + (scene.shops['shop']?.stock('MUG', location).available ?? 0), 0);
}
