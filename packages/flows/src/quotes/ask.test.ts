import type { SandboxTariff } from '@quartermaster/easypost/sandbox';
import { expect, test } from 'vitest';
import type { FlowSettings } from '../settings.ts';
import { settings as standard, tariff, withEasyPost } from '../testing/givens.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { laneQuotesSchema, quoteKind } from './quote-record.ts';

const policy = { upToGrams: [500, 1_000, 2_000], mostAsked: 100, withinSeconds: 20 };

/** EasyPost, whose tariff says 9.00, beside a house carrier at 4.00, half a euro a kilogram each. */
function both(quotes: FlowSettings['carriers'][number]['quotes']) {
  return (): FlowSettings => {
    const [house] = standard().carriers;
    const [post] = withEasyPost(standard()).carriers;
    if (house === undefined || post === undefined) throw new RangeError('the standard settings have a carrier');
    const services = tariff('DHL').services.map((service) => ({
      ...service,
      prices: [{ zone: 'DE', transitDays: 2, baseMinor: 900, perKgMinor: 50 }],
    }));
    const dear = { ...post.tariff, services: services.filter(({ id }) => id === 'std') };
    return { ...standard(), carriers: [house, { ...post, tariff: dear, ...(quotes === undefined ? {} : { quotes }) }] };
  };
}

const priced = (baseMinor: number): SandboxTariff => ({
  carrier: 'DHL',
  service: 'Paket',
  lanes: [{ from: 'DE', to: 'DE', baseMinor, perKgMinor: 50, days: 2 }],
});

const asked = (scene: Scene) =>
  scene.events.flatMap((event) => (event.event === 'quotes.asked' ? [[event['asked'], event['answered']]] : []));
const carrierOf = async (scene: Scene, key: string) =>
  (await scene.case(key)).shipments.map(({ carrier, estimate }) => [carrier, estimate.minorByTerm['shipping']]);

test('an order goes by the carrier that quotes less than another one’s tariff, for what was quoted, and its label is bought there', async () => {
  const scene = await openScene({ settings: both(policy) });
  scene.easypost.setTariffs([priced(250)]);
  const key = scene.order();
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  expect(await carrierOf(scene, key)).toEqual([['post', 275]]);
  expect(asked(scene)).toEqual([[2, 2]]);
  expect((await scene.case(key)).state).toBe('shipped');
  expect(scene.easypost.snapshot().labels.map(({ priceMinor }) => priceMinor)).toEqual([270]);
});

test('without quotes the tariff decides', async () => {
  const scene = await openScene({ settings: both(undefined) });
  scene.easypost.setTariffs([priced(250)]);
  const key = scene.order();
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  expect(await carrierOf(scene, key)).toEqual([['house', 420]]);
  expect(asked(scene)).toEqual([]);
});

test('what was quoted today is not asked again today, and tomorrow it is', async () => {
  const scene = await openScene({ settings: both(policy) });
  const wave = async (at: string) => {
    scene.order();
    await scene.at(at, 'wave');
  };
  await wave('2026-11-23T10:00:00.000Z');
  await wave('2026-11-23T13:00:00.000Z');
  expect(asked(scene)).toEqual([[2, 2]]);
  await wave('2026-11-24T10:00:00.000Z');
  expect(asked(scene)).toEqual([
    [2, 2],
    [2, 2],
  ]);
  const kept = await scene.journal.read((tx) => tx.records.list(quoteKind, laneQuotesSchema, { limit: 9 }));
  expect(kept.map(({ body }) => body.dispatchDate)).toEqual(['2026-11-24', '2026-11-24']);
});

test('a carrier that is down does not stop a wave: its tariff stands', async () => {
  const scene = await openScene({ settings: both(policy), faults: { easypost: () => 'error-before' } });
  const key = scene.order();
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  expect(await carrierOf(scene, key)).toEqual([['house', 420]]);
});

test('a carrier that does not answer in time is not waited for', async () => {
  const scene = await openScene({
    settings: both(policy),
    carrier: (carrier) => ({
      ...carrier,
      rates: (_request, signal) =>
        new Promise((_answer, giveUp) => {
          signal?.addEventListener('abort', () => giveUp(signal.reason));
        }),
    }),
  });
  const key = scene.order();
  await scene.at('2026-11-23T09:00:00.000Z');
  const engine = scene.restart({
    pulse: (_everyMs, beat) => {
      const soon = setImmediate(() => void beat());
      return () => clearImmediate(soon);
    },
  });
  await engine.wave('2026-11-23T10:00:00.000Z');
  expect(await carrierOf(scene, key)).toEqual([['house', 420]]);
});

test('no more is asked than a wave may ask', async () => {
  const scene = await openScene({ settings: both({ ...policy, mostAsked: 1 }) });
  scene.order();
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  expect(asked(scene)).toEqual([[1, 1]]);
});

test('a carrier that may not get the parcel learns neither name nor street', async () => {
  const bodies: string[] = [];
  const scene = await openScene({
    settings: both(policy),
    faults: {
      easypost: (_call, request) => {
        void request
          .clone()
          .text()
          .then((text) => bodies.push(text));
        return null;
      },
    },
  });
  scene.order();
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  expect(bodies.join()).toContain('10115');
  expect(bodies.join()).not.toMatch(/Ada|Invalidenstr/);
});
