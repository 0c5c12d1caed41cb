import assert from 'node:assert/strict';
import { intentMemo } from '../../sandbox/intent-memo.ts';
import { withOneFaultAnywhere } from '../one-fault.ts';
import type { CarrierRule } from './carrier.ts';
import { liveLabels } from './purchase-cases.ts';
import type { CarrierBench } from './subject.ts';

export const voidCases: readonly CarrierRule[] = [
  {
    title: 'a label that was given back is no label any more',
    needs: ['voids'],
    async check(subject) {
      const bench = await subject.open();
      const kept = await bench.carrier.buy(bench.request, intentMemo('intent-1'));
      const back = await bench.carrier.buy(bench.request, intentMemo('intent-2'));
      assert.notEqual((await bench.carrier.voidLabel(back, intentMemo('intent-3'))).kind, 'refused');
      assert.deepEqual(await liveLabels(bench), [kept.trackingNumber]);
    },
  },
  {
    title: 'giving a label back twice is giving it back once',
    needs: ['voids'],
    async check(subject) {
      const bench = await subject.open();
      const label = await bench.carrier.buy(bench.request, intentMemo('intent-1'));
      await bench.carrier.voidLabel(label, intentMemo('intent-2'));
      assert.notEqual((await bench.carrier.voidLabel(label, intentMemo('intent-2'))).kind, 'refused');
      assert.deepEqual(await liveLabels(bench), []);
    },
  },
  {
    title: 'whatever call fails and however, a label is given back in the end',
    needs: ['voids'],
    async check(subject) {
      await withOneFaultAnywhere(
        subject,
        (bench: CarrierBench) => bench.carrier.buy(bench.request, intentMemo('intent-1')),
        async (bench, label, where) => {
          let end: string | null = null;
          for (let attempt = 1; attempt <= 10 && end === null; attempt++)
            end = await bench.carrier.voidLabel(label, intentMemo('intent-2')).then(
              ({ kind }) => kind,
              () => null,
            );
          assert.ok(end === 'voided' || end === 'accepted', `${where}: ${end ?? 'no end'}`);
          assert.deepEqual(await liveLabels(bench), [], where);
        },
      );
    },
  },
  {
    title: 'a label that the carrier does not take back stays a label, with its reason',
    needs: ['refused-voids'],
    async check(subject) {
      const bench = await subject.open();
      const label = await bench.carrier.buy(bench.request, intentMemo('intent-1'));
      await bench.desk.trouble('refused-void');
      const outcome = await bench.carrier.voidLabel(label, intentMemo('intent-2'));
      assert.equal(outcome.kind, 'refused');
      assert.ok(outcome.kind === 'refused' && outcome.reason !== '');
      assert.deepEqual(await liveLabels(bench), [label.trackingNumber]);
    },
  },
];
