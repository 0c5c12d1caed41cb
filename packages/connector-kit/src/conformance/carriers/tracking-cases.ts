import type { TrackingAnswer } from '@quartermaster/domain';
import assert from 'node:assert/strict';
import { asAWorkerDoes } from '../asking.ts';
import { intentMemo } from '../../sandbox/intent-memo.ts';
import type { BenchWebhook } from '../subject.ts';
import type { CarrierRule } from './carrier.ts';
import type { CarrierBench } from './subject.ts';

export const trackingCases: readonly CarrierRule[] = [
  {
    title: 'what happened to a parcel is told with its time, its state and the words of the carrier',
    needs: ['tracking'],
    async check(subject) {
      const bench = await subject.open();
      const { trackingNumber } = await bench.carrier.buy(bench.request, intentMemo());
      await bench.desk.scan?.(trackingNumber, 'accepted');
      await bench.desk.scan?.(trackingNumber, 'delivered');
      const [answer] = (await bench.carrier.tracking?.track([trackingNumber])) ?? [];
      assert.deepEqual([answer?.trackingNumber, answer?.problem], [trackingNumber, null]);
      const states = (answer?.events ?? []).toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ state }) => state);
      assert.ok(states.includes('delivered'), states.join());
      assert.ok(
        states.some((state) => state === 'picked-up' || state === 'in-transit'),
        states.join(),
      );
      for (const { vendorCode, at } of answer?.events ?? []) assert.ok(vendorCode !== '' && at !== '');
    },
  },
  {
    title: 'a number that the carrier does not know is a problem of its own answer, and hides no other',
    needs: ['tracking'],
    async check(subject) {
      const bench = await subject.open();
      const { trackingNumber } = await bench.carrier.buy(bench.request, intentMemo());
      await bench.desk.scan?.(trackingNumber, 'accepted');
      const unknown = strange(trackingNumber);
      const answers = (await bench.carrier.tracking?.track([unknown, trackingNumber])) ?? [];
      assert.deepEqual(
        answers.map((answer) => [answer.trackingNumber, answer.problem === null]),
        [
          [unknown, false],
          [trackingNumber, true],
        ],
      );
    },
  },
  {
    title: 'more parcels than one call takes are asked for in several',
    needs: ['tracking'],
    async check(subject) {
      const bench = await subject.open();
      const { trackingNumber } = await bench.carrier.buy(bench.request, intentMemo());
      const { tracking } = bench.carrier;
      assert.ok(tracking !== null && tracking.atMost >= 1);
      const many = Array.from({ length: tracking.atMost + 1 }, () => trackingNumber);
      assert.equal((await tracking.track(many)).length, many.length);
    },
  },
  {
    title: 'a parcel is subscribed once, however often the asking fails',
    needs: ['tracking-push'],
    async check(subject) {
      const bench = await subject.open();
      const { trackingNumber, service } = await bench.carrier.buy(bench.request, intentMemo());
      const push = bench.carrier.trackingPush;
      assert.ok(push !== null);
      const memo = intentMemo('subscription');
      const done = await asAWorkerDoes(push.safety, {
        make: () => push.make({ trackingNumber, service }, memo),
        find: () => push.find({ trackingNumber, service }, memo),
      });
      assert.notEqual(done.ref, '');
    },
  },
  {
    title: 'a webhook about a parcel is taken for genuine, and every copy of it is one delivery',
    needs: ['webhooks'],
    async check(subject) {
      const bench = await subject.open();
      const { trackingNumber, ...webhook } = await deliveredWebhook(bench);
      const verify = bench.carrier.verifyWebhook;
      assert.ok(verify !== null);
      const seen = [await verify(webhook.body, webhook.headers), await verify(webhook.body, webhook.headers)];
      const told: TrackingAnswer[] = seen.flatMap((verdict) => (verdict.kind === 'genuine' ? verdict.tracking : []));
      assert.deepEqual(
        told.map((answer) => [answer.trackingNumber, answer.events.some(({ state }) => state === 'delivered')]),
        [
          [trackingNumber, true],
          [trackingNumber, true],
        ],
      );
      const ids = seen.map((verdict) => (verdict.kind === 'genuine' ? verdict.deliveryId : verdict.kind));
      assert.equal(ids[0], ids[1]);
    },
  },
  {
    title: 'a webhook that comes without its proof is not believed',
    needs: ['webhooks'],
    async check(subject) {
      const bench = await subject.open();
      const { body } = await deliveredWebhook(bench);
      assert.equal((await bench.carrier.verifyWebhook?.(body, { 'content-type': 'application/json' }))?.kind, 'rejected');
    },
  },
  {
    title: 'a webhook that somebody changed on its way is not believed',
    needs: ['signed-webhooks'],
    async check(subject) {
      const bench = await subject.open();
      const { body, headers } = await deliveredWebhook(bench);
      const changed = Buffer.from(`${Buffer.from(body).toString('utf8').trimEnd()} `);
      assert.equal((await bench.carrier.verifyWebhook?.(changed, headers))?.kind, 'rejected');
    },
  },
];

/** What the carrier sends when a parcel of ours is delivered. */
async function deliveredWebhook(bench: CarrierBench): Promise<BenchWebhook & { readonly trackingNumber: string }> {
  const { trackingNumber, service } = await bench.carrier.buy(bench.request, intentMemo());
  await bench.carrier.trackingPush?.make({ trackingNumber, service }, intentMemo('subscription'));
  await bench.desk.takeWebhooks?.();
  await bench.desk.scan?.(trackingNumber, 'delivered');
  const [webhook] = (await bench.desk.takeWebhooks?.()) ?? [];
  assert.ok(webhook !== undefined, 'no webhook came');
  return { ...webhook, trackingNumber };
}

/** The number of a parcel that nobody has sent. */
function strange(trackingNumber: string): string {
  return trackingNumber.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));
}
