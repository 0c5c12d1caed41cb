import { epochMs, instantOf, localDate, type ManifestRequest, type PickupRequest } from '@quartermaster/domain';
import assert from 'node:assert/strict';
import { asAWorkerDoes } from '../asking.ts';
import { intentMemo } from '../../sandbox/intent-memo.ts';
import { withOneFaultAnywhere } from '../one-fault.ts';
import type { CarrierRule } from './carrier.ts';
import type { CarrierBench } from './subject.ts';

export const handoverCases: readonly CarrierRule[] = [
  {
    title: 'a pickup is booked, and can be called off',
    needs: ['pickup'],
    async check(subject) {
      const bench = await subject.open();
      const { pickup } = bench.carrier;
      assert.ok(pickup !== null);
      const booked = await pickup.make(await pickupOf(bench), intentMemo('pickup'));
      assert.notEqual(booked.ref, '');
      assert.notEqual((await pickup.cancel(booked.ref)).kind, 'refused');
    },
  },
  {
    title: 'labels of a day are put on a manifest once, whatever call fails',
    needs: ['manifest'],
    async check(subject) {
      await withOneFaultAnywhere(
        subject,
        async (bench: CarrierBench): Promise<ManifestRequest> => ({
          from: bench.request.shipFrom,
          day: localDate(bench.clock.now(), 'UTC'),
          labels: [await bench.carrier.buy(bench.request, intentMemo('intent-1'))],
        }),
        async (bench, request, where) => {
          const { manifest } = bench.carrier;
          assert.ok(manifest !== null);
          const memo = intentMemo('manifest');
          const done = await asAWorkerDoes(manifest.safety, {
            make: () => manifest.make(request, memo),
            find: () => manifest.find(request, memo),
          });
          assert.deepEqual([done.ref === '', done.left], [false, []], where);
        },
      );
    },
  },
];

async function pickupOf({ carrier, clock, request }: CarrierBench): Promise<PickupRequest> {
  const label = await carrier.buy(request, intentMemo('intent-1'));
  const from = instantOf(epochMs(clock.now()) + 3_600_000);
  return {
    at: request.shipFrom,
    from,
    until: instantOf(epochMs(from) + 3 * 3_600_000),
    labels: [label],
    grams: request.parcel.grams,
    note: null,
  };
}
