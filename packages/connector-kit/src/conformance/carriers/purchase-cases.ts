import { sumMoney, type EffectMemo, type Label, type LabelFormat, type LabelRequest } from '@quartermaster/domain';
import assert from 'node:assert/strict';
import { faultOf } from '../asking.ts';
import { intentMemo } from '../../sandbox/intent-memo.ts';
import { withOneFaultAnywhere } from '../one-fault.ts';
import { ProcessKilled, purchaseOf } from './buying.ts';
import type { CarrierRule } from './carrier.ts';
import { rateOf } from './rate-cases.ts';
import type { CarrierBench } from './subject.ts';

export const purchaseCases: readonly CarrierRule[] = [
  {
    title: 'a label costs what its rate said, is at the carrier once, and has a number to follow it by',
    needs: [],
    async check(subject) {
      const bench = await subject.open();
      const rate = await rateOf(bench);
      const label = await bench.carrier.buy(bench.request, intentMemo());
      assert.deepEqual(label.price, rate.total);
      assert.equal(label.service, bench.request.service);
      assert.deepEqual(await liveLabels(bench), [label.trackingNumber]);
    },
  },
  {
    title: 'the parts of what a label cost sum to it',
    needs: ['charges'],
    async check(subject) {
      const bench = await subject.open();
      const { charges, price } = await bench.carrier.buy(bench.request, intentMemo());
      const amounts = charges.map(({ amount }) => amount);
      assert.deepEqual(sumMoney(amounts, price.currency), price);
    },
  },
  ...(['pdf', 'zpl', 'png'] as const).map((format): CarrierRule => ({
    title: `a label comes as ${format.toUpperCase()} when it is asked for so`,
    needs: [format],
    async check(subject) {
      const bench = await subject.open();
      const label = await bench.carrier.buy({ ...bench.request, format }, intentMemo());
      isDocument(label, format);
    },
  })),
  {
    title: 'two labels of two intents are two parcels',
    needs: [],
    async check(subject) {
      const bench = await subject.open();
      const one = await bench.carrier.buy(bench.request, intentMemo('intent-1'));
      const two = await bench.carrier.buy(bench.request, intentMemo('intent-2'));
      assert.deepEqual(await liveLabels(bench), [one.trackingNumber, two.trackingNumber]);
      assert.notEqual(one.trackingNumber, two.trackingNumber);
    },
  },
  {
    title: 'a label that costs more than its limit is not bought',
    needs: [],
    async check(subject) {
      const bench = await subject.open();
      const { total } = await rateOf(bench);
      await bench.desk.raisePrices(100);
      const fault = await faultOf(bench.carrier.buy({ ...bench.request, priceLimit: total }, intentMemo()));
      assert.equal(fault.code, 'refused');
      assert.equal(fault.facts.outcome, 'not-applied');
      assert.deepEqual(await bench.desk.labels(), []);
    },
  },
  {
    title: 'what was never bought is absent, and what was bought is found',
    needs: [],
    async check(subject) {
      const bench = await subject.open();
      assert.deepEqual(await bench.carrier.reconcile(bench.request, {}, intentMemo()), { kind: 'absent' });
      const memo = intentMemo();
      const label = await bench.carrier.buy(bench.request, memo);
      const found = await bench.carrier.reconcile(bench.request, memo.refs, memo);
      if (found.kind === 'cannot-tell') assert.notEqual(found.check, '');
      else assert.deepEqual(found.kind === 'found' ? found.result.trackingNumber : found.kind, label.trackingNumber);
    },
  },
  {
    title: 'the raw answer of a purchase is kept before it is read',
    needs: [],
    async check(subject) {
      const bench = await subject.open();
      const memo = intentMemo();
      const label = await bench.carrier.buy(bench.request, memo);
      const kept = await memo.rawAnswers();
      const wires = bench.exchanges.length > 0;
      assert.ok(!wires || kept.some((text) => text.includes(label.trackingNumber)), 'no raw answer has the tracking number');
    },
  },
  {
    title: 'a death after the answer was kept ends with the label and its document',
    needs: [],
    async check(subject) {
      const bench = await subject.open();
      const kept = intentMemo();
      let dead = false;
      const memo: EffectMemo = {
        ...kept,
        async saveRaw(answer) {
          await kept.saveRaw(answer);
          if (dead) return;
          dead = true;
          throw new ProcessKilled();
        },
      };
      const end = await purchaseOf(bench, bench.request, memo);
      assert.ok(end.kind === 'bought', end.kind === 'person' ? end.check : end.kind);
      assert.deepEqual(await liveLabels(bench), [end.label.trackingNumber]);
      if (bench.exchanges.length > 0) isDocument(end.label, bench.request.format);
    },
  },
  {
    title: 'whatever call fails and however, a label is bought once in the end',
    needs: [],
    async check(subject) {
      await withOneFaultAnywhere(
        subject,
        async (bench: CarrierBench) => intentMemo(`intent-${bench.request.reference}`),
        async (bench, memo, where) => {
          const end = await purchaseOf(bench, bench.request, memo);
          const live = await liveLabels(bench);
          if (end.kind === 'bought') assert.deepEqual(live, [end.label.trackingNumber], where);
          else assert.ok(end.kind === 'person' && live.length <= 1, `${where}: ${end.kind}`);
        },
      );
    },
  },
  {
    title: 'a refusal with a status of success buys nothing, and is no label',
    needs: ['failures-as-success'],
    async check(subject) {
      const bench = await subject.open();
      await bench.desk.trouble('failure-as-success');
      const fault = await faultOf(bench.carrier.buy(bench.request, intentMemo()));
      assert.equal(fault.facts.outcome, 'not-applied');
      assert.deepEqual(await liveLabels(bench), []);
    },
  },
  {
    title: 'every label that was bought is listed with the key that it was bought under',
    needs: ['found-labels', 'voids'],
    async check(subject) {
      const bench = await subject.open();
      const since = bench.clock.now();
      const kept = await bench.carrier.buy(bench.request, intentMemo('intent-1'));
      const back = await bench.carrier.buy(bench.request, intentMemo('intent-2'));
      await bench.carrier.voidLabel(back, intentMemo('intent-3'));
      const list = bench.carrier.labelsSince;
      assert.ok(list !== null);
      const found: (readonly [string, string])[] = [];
      for await (const { key, label } of list(since)) found.push([key, label.trackingNumber]);
      assert.deepEqual(found, [['intent-1', kept.trackingNumber]]);
    },
  },
  {
    title: 'the document of a label can be had once more',
    needs: ['documents'],
    async check(subject) {
      const bench = await subject.open();
      const label = await bench.carrier.buy(bench.request, intentMemo());
      const again = bench.carrier.documents;
      assert.ok(again !== null);
      isDocument({ ...label, document: await again(label, bench.request.format) }, bench.request.format);
    },
  },
  {
    title: 'a label brings a parcel back',
    needs: ['return-labels'],
    async check(subject) {
      const bench = await subject.open();
      const { shipFrom, shipTo, delivery } = bench.request;
      const service = bench.returnService ?? bench.request.service;
      const back: LabelRequest = {
        ...bench.request,
        service,
        shipFrom: shipTo,
        shipTo: shipFrom,
        delivery: { ...delivery, isReturn: true },
      };
      const label = await bench.carrier.buy(back, intentMemo());
      assert.deepEqual(await liveLabels(bench), [label.trackingNumber]);
    },
  },
];

/** Numbers of the labels that stand at the carrier and were not given back. */
export async function liveLabels({ desk }: CarrierBench): Promise<string[]> {
  return (await desk.labels()).filter(({ isGivenBack }) => !isGivenBack).map(({ trackingNumber }) => trackingNumber);
}

const beginnings: Readonly<Record<LabelFormat, string>> = { pdf: '%PDF', zpl: '^XA', png: '\u0089PNG' };

/** The document is there as bytes of that format, or by its address. */
function isDocument({ document }: Pick<Label, 'document'>, format: LabelFormat): void {
  assert.equal(document.format, format);
  assert.ok(document.base64 !== null || document.url !== null, 'neither bytes nor an address');
  if (document.base64 === null) return;
  const begins = Buffer.from(document.base64, 'base64').subarray(0, 64).toString('latin1');
  assert.ok(begins.includes(beginnings[format]), `not a ${format}: ${JSON.stringify(begins.slice(0, 8))}`);
}
