import { sumMoney, type Rate, type RateRequest } from '@quartermaster/domain';
import assert from 'node:assert/strict';
import { faultOf } from '../asking.ts';
import { intentMemo } from '../../sandbox/intent-memo.ts';
import type { CarrierRule } from './carrier.ts';
import type { CarrierBench } from './subject.ts';

export const rateCases: readonly CarrierRule[] = [
  {
    title: 'a probe names the account and finds nothing wrong with a good one',
    needs: [],
    async check(subject) {
      const { carrier } = await subject.open();
      const { account } = await carrier.probe();
      assert.notEqual(account, '');
    },
  },
  {
    title: 'a parcel that the carrier takes is priced, in the currency that was asked for and above nothing',
    needs: [],
    async check(subject) {
      const bench = await subject.open();
      const rate = await rateOf(bench);
      assert.equal(rate.total.currency, bench.currency);
      assert.ok(rate.total.minor > 0);
    },
  },
  {
    title: 'the same parcel costs the same when it is asked for again',
    needs: [],
    async check(subject) {
      const bench = await subject.open();
      assert.deepEqual((await rateOf(bench)).total, (await rateOf(bench)).total);
    },
  },
  {
    title: 'the parts of a price sum to it',
    needs: ['charges'],
    async check(subject) {
      const bench = await subject.open();
      const { rates } = await bench.carrier.rates(askOf(bench));
      for (const { charges, total, service } of rates) {
        assert.ok(charges.length > 0, `${service} has no parts`);
        assert.deepEqual(
          sumMoney(
            charges.map(({ amount }) => amount),
            total.currency,
          ),
          total,
          service,
        );
      }
    },
  },
  {
    title: 'a parcel that nobody takes has no price, and a problem in words',
    needs: [],
    async check(subject) {
      const bench = await subject.open();
      const ask = askOf(bench);
      const answer = await bench.carrier.rates({ ...ask, parcel: { ...ask.parcel, grams: 900_000 } });
      assert.deepEqual(answer.rates, []);
      assert.ok(answer.problems.length > 0 && answer.problems.every((problem) => problem !== ''));
    },
  },
  {
    title: 'who has waited long enough for rates is let go',
    needs: [],
    async check(subject) {
      const bench = await subject.open();
      const stop = new AbortController();
      stop.abort(new Error('long enough'));
      await assert.rejects(Promise.resolve(bench.carrier.rates(askOf(bench), stop.signal)), /long enough/);
    },
  },
  {
    title: 'asking for rates buys nothing',
    needs: [],
    async check(subject) {
      const bench = await subject.open();
      await rateOf(bench);
      assert.deepEqual(await bench.desk.labels(), []);
    },
  },
  {
    title: 'an address is judged, and one that cannot be is told to be so',
    needs: ['address-check'],
    async check(subject) {
      const { carrier, request } = await subject.open();
      const check = carrier.addressCheck;
      assert.ok(check !== null);
      assert.ok(['valid', 'corrected'].includes((await check(request.shipTo)).kind));
      const nowhere = await check({ ...request.shipTo, lines: ['0 Nowhere at all'], city: 'Atlantis', postalCode: '00000' });
      assert.ok(['invalid', 'ambiguous', 'unsupported'].includes(nowhere.kind), nowhere.kind);
    },
  },
  {
    title: 'a service that the carrier does not have is refused, and nothing is bought',
    needs: [],
    async check(subject) {
      const bench = await subject.open();
      const fault = await faultOf(bench.carrier.buy({ ...bench.request, service: 'by-pigeon' }, intentMemo()));
      assert.equal(fault.facts.outcome, 'not-applied');
      assert.deepEqual(await bench.desk.labels(), []);
    },
  },
];

/** What the price of the bench's label is asked by. */
export function askOf({ request, currency }: CarrierBench): RateRequest {
  const { shipFrom, shipTo, parcel, shipAt, delivery } = request;
  return { shipFrom, shipTo, parcel, shipAt, delivery, currency };
}

/** The rate of the service of the bench's label, which must be there. */
export async function rateOf(bench: CarrierBench): Promise<Rate> {
  const { rates, problems } = await bench.carrier.rates(askOf(bench));
  const rate = rates.find(({ service }) => service === bench.request.service);
  assert.ok(rate !== undefined, `no price of ${bench.request.service}: ${problems.join('; ')}`);
  return rate;
}
