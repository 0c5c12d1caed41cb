import { isFault, type FaultCode } from '@quartermaster/domain';
import assert from 'node:assert/strict';
import type { SandboxFault } from '../sandbox/faults.ts';
import { faultOf, orderOf, pullAll } from './asking.ts';
import type { ChannelRule } from './channel.ts';

const endless: readonly (readonly [fault: SandboxFault, code: FaultCode])[] = [
  ['unauthorized', 'unauthorized'],
  ['error-before', 'server-error'],
  ['drop-before', 'unreachable'],
  ['malformed-before', 'malformed-reply'],
];

export const faultCases: readonly ChannelRule[] = [
  {
    title: 'a probe says who we are, and finds nothing in the way of a connection that works',
    needs: [],
    async check(subject) {
      const { channel } = await subject.open();
      const probe = await channel.probe();
      assert.notEqual(probe.account, '');
      assert.deepEqual(probe.problems, []);
    },
  },
  {
    title: 'a channel that fails for good is told by one code, and without a secret',
    needs: [],
    async check(subject) {
      for (const [kind, code] of endless) {
        let failing = false;
        const { channel, secrets } = await subject.open({ faults: () => (failing ? kind : null) });
        failing = true;
        const fault = await faultOf(pullAll(channel));
        assert.equal(fault.code, code, kind);
        const told = JSON.stringify(fault) + fault.stack;
        for (const secret of secrets) assert.ok(!told.includes(secret), `${kind}: a secret is told`);
      }
    },
  },
  {
    title: 'a channel that stumbles now and then is read all the same',
    needs: [],
    async check(subject) {
      const bench = await subject.open({
        faults: (call) => ([null, 'rate-limited', null, 'error-before', null, 'drop-before', null] as const)[call % 7] ?? null,
      });
      const id = await untilDone(async () => bench.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] }));
      const { orders } = await untilDone(() => pullAll(bench.channel));
      assert.deepEqual(
        orders.map(({ order }) => order.id),
        [id],
      );
      await untilDone(() => orderOf(bench.channel, id));
    },
  },
];

async function untilDone<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isFault(error) || attempt === 5) throw error;
    }
  }
}
