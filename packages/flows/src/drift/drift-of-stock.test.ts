import { beforeEach, describe, expect, test } from 'vitest';
import { exceptionCodes, firstLook, lookAt, noTroubles, opened, published, secondLook, setInShop, thirdLook } from '../testing/drifting.ts';

beforeEach(noTroubles);

describe('published stock', () => {
  test('a figure that somebody raised in the shop is set right before it is oversold', async () => {
    const scene = await opened();
    await published(scene);
    await setInShop(scene, { sku: 'MUG', node: 'BER', available: 45, expected: null });
    await published(scene);

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook)];
    await published(scene);

    expect(looks).toEqual([[['shown-above-promise', 'seen-once']], [['shown-above-promise', 'done']]]);
    expect(scene.shops['shop']?.stock('MUG', 'BER').available).toBe(10);
  });

  test('a figure that somebody lowered is raised again', async () => {
    const scene = await opened();
    await published(scene);
    await setInShop(scene, { sku: 'LAMP', node: 'HAM', available: 0, expected: null });

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook)];
    await published(scene);

    expect(looks.at(-1)).toEqual([['shown-below-promise', 'done']]);
    expect(scene.shops['shop']?.stock('LAMP', 'HAM').available).toBe(5);
  });

  test('a figure that is off by more than the bound is left to a person', async () => {
    const scene = await opened({ settings: (given) => ({ ...given, reconcile: { ...given.reconcile, unitsPerHeal: 20 } }) });
    await published(scene);
    await setInShop(scene, { sku: 'MUG', node: 'BER', available: 31, expected: null });

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook)];
    await published(scene);

    expect(looks.at(-1)).toEqual([['shown-above-promise', 'too-much']]);
    expect(await exceptionCodes(scene)).toEqual(['drift-shown-above-promise']);
    expect(scene.shops['shop']?.stock('MUG', 'BER').available).toBe(31);
  });

  test('an article that the shop lists no more is told', async () => {
    const scene = await opened();
    await published(scene);
    scene.shops['shop']?.unstock('MUG', 'HAM');

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook)];

    expect(looks.at(-1)).toEqual([['unlisted-in-channel', 'person']]);
  });

  test('the figures of a large shop are read some at a time, in turn', async () => {
    const read: string[][] = [];
    const scene = await opened({
      settings: (given) => ({ ...given, reconcile: { ...given.reconcile, levelsPerLook: 3 } }),
      channel: (channel) => ({
        ...channel,
        shownStock(places) {
          read.push(places.map(({ sku, node }) => `${sku} ${node}`));
          return channel.shownStock(places);
        },
      }),
    });
    await published(scene);

    for (const at of [firstLook, secondLook, thirdLook]) await lookAt(scene, at);

    expect(read.map((places) => places.length)).toEqual([3, 3, 3]);
    expect(new Set(read.slice(0, 2).flat()).size).toBe(4);
  });
});
