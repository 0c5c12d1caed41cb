import { describe, expect, test } from 'vitest';
import { pooledShares, poolSchema, shortPools, type Pool } from './pools.ts';
import { shareAmongChannels } from './publishable.ts';

const now = '2026-11-23T08:00:00.000Z';
const pool = (given: object) => poolSchema.parse({ name: 'black week', kind: 'campaign', channel: 'shop', ...given });

function shown(pools: readonly Pool[], units: number, sold = 0) {
  const channels = ['shop', 'market'].map((connection) => ({ connection, share: 1 }));
  const pooled = pooledShares(pools, { sku: 'MUG', now, channels, soldSince: () => sold });
  const { levels, grants } = shareAmongChannels({
    sku: 'MUG',
    atpByNode: new Map([['BER', units]]),
    channels: pooled.channels,
    claims: pooled.claims,
  });
  return { grants, preOrder: pooled.preOrder, ...Object.fromEntries(levels.map(({ connection, available }) => [connection, available])) };
}

describe('stock is reserved by channel pools', () => {
  test('a guaranteed minimum comes before anything is shared', () => {
    expect(shown([pool({ kind: 'guarantee', channel: 'market', units: 6 })], 8)).toMatchObject({ shop: 1, market: 7 });
  });

  test('a cap keeps a channel from showing more, and the others show the rest', () => {
    expect(shown([pool({ kind: 'guarantee', channel: 'market', cap: 2 })], 20)).toMatchObject({ shop: 18, market: 2 });
  });

  test('of two pools the one with the higher priority comes first', () => {
    const pools = [
      pool({ name: 'a', kind: 'guarantee', units: 5 }),
      pool({ name: 'b', kind: 'guarantee', channel: 'market', units: 5, priority: 9 }),
    ];
    expect(shown(pools, 6)).toMatchObject({ shop: 1, market: 5 });
  });

  test('before its release date, and from its expiry on, a pool keeps nothing', () => {
    const units = { units: 6, from: '2026-11-23T08:00:00.000Z', until: '2026-11-23T09:00:00.000Z' };
    expect(shown([pool(units)], 8)).toMatchObject({ shop: 7, market: 1 });
    expect(shown([pool({ ...units, until: now, from: '2026-11-22T00:00:00.000Z' })], 8)).toMatchObject({ shop: 4, market: 4 });
    expect(shown([pool({ units: 6, from: '2026-11-24T00:00:00.000Z' })], 8)).toMatchObject({ shop: 4, market: 4 });
  });

  test('a campaign keeps only what was not sold from it yet', () => {
    expect(shown([pool({ units: 6 })], 8, 5)).toMatchObject({ shop: 5, market: 3 });
  });

  test('a contract without a channel is withheld from all', () => {
    expect(shown([pool({ kind: 'contract', channel: undefined, units: 6 })], 8)).toMatchObject({ shop: 1, market: 1 });
  });

  test('wholesale commitments come first by a hard contract pool, and the floor of retail is protected even so', () => {
    const contract = pool({ name: 'ACME', kind: 'contract', channel: 'market', units: 80, floor: 30 });
    expect(shown([contract], 90)).toMatchObject({ shop: 30, market: 60 });
    expect(shown([contract], 200)).toMatchObject({ shop: 75, market: 125 });
  });

  test('a contract that cannot be kept is explained, with the cheapest way out', () => {
    const { grants } = shown([pool({ name: 'ACME', kind: 'contract', channel: 'market', units: 80, floor: 30 })], 90);
    const supply = [
      { units: 10, at: '2026-11-25T00:00:00.000Z' },
      { units: 40, at: '2026-12-01T00:00:00.000Z' },
    ];
    expect(shortPools('MUG', { grants, available: 90, supply })).toEqual([
      'ACME wants 80 of MUG and gets 60: 90 may be promised, of which floor of ACME has 30. Wait, the supply until 2026-12-01 covers it; or lower floor of ACME by 20.',
    ]);
    expect(shortPools('MUG', { grants, available: 90, supply: [] })[0]).toContain('Nothing that is to come covers it');
  });

  test('a pre-order pool sells so many units of what is still to come', () => {
    expect(shown([pool({ kind: 'pre-order', units: 12 })], 0, 4).preOrder).toEqual(new Map([['shop', 8]]));
  });

  test.each([
    ['a campaign for no channel', { channel: undefined }],
    ['a floor of what is no contract', { floor: 3 }],
    ['a pool that ends before it begins', { from: now, until: '2026-11-01T00:00:00.000Z' }],
  ])('%s is refused', (_what, given) => {
    expect(poolSchema.safeParse({ name: 'p', kind: 'campaign', channel: 'shop', ...given }).success).toBe(false);
  });
});
