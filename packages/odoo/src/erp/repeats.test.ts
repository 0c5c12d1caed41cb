import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import type { SandboxFault } from '@quartermaster/connector-kit/sandbox';
import { isFault, type EffectMemo, type Erp } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import type { OdooSandbox } from '../sandbox/index.ts';
import { address, erpOn, orderKey, shopFloor, threeWayOrder, type Version } from '../testing/shop-floor.ts';

type Effect = { readonly name: string; readonly before: readonly Step[]; readonly act: Step };
type Step = (erp: Erp, memo: EffectMemo) => Promise<unknown>;

const write: Step = (erp, memo) => erp.writeOrder(threeWayOrder, memo);
const allocate: Step = (erp, memo) => erp.allocate({ key: orderKey, node: 'WEST', lineIds: ['3'] }, memo);
const takeBack: Step = (erp, memo) => erp.deallocate({ key: orderKey, node: 'EAST', lineIds: ['1'] }, memo);
const wave = {
  key: { id: 'W1' },
  node: 'EAST',
  name: 'Wave 1',
  scheduledAt: '2026-11-21T14:00:00.000Z',
  deliveries: [{ key: orderKey, node: 'EAST' }],
};
const batch: Step = async (erp, memo) => erp.batches?.write(wave, memo);
const shipment = { key: orderKey, node: 'EAST', lines: [{ lineId: '1', units: 1 }], carrier: 'UPS', trackingNumbers: ['1Z1'] };
const ship: Step = (erp, memo) => erp.ship(shipment, memo);
const shipUntracked: Step = (erp, memo) => erp.ship({ ...shipment, trackingNumbers: [] }, memo);
const shipTwo: Step = (erp, memo) =>
  erp.ship(
    {
      ...shipment,
      node: 'WEST',
      lines: [
        { lineId: '2', units: 1 },
        { lineId: '3', units: 1 },
      ],
    },
    memo,
  );
const cancel: Step = (erp, memo) => erp.cancelOrder(orderKey, memo);
const move: Step = (erp, memo) => erp.changeAddress({ key: orderKey, shipTo: { ...address, lines: ['Side Street 2'] } }, memo);

const effects: readonly Effect[] = [
  { name: 'writing an order', before: [], act: write },
  { name: 'allocating a line', before: [write], act: allocate },
  { name: 'taking a line back', before: [write], act: takeBack },
  { name: 'writing a wave', before: [write], act: batch },
  { name: 'shipping a part', before: [write], act: ship },
  { name: 'shipping a part without tracking', before: [write], act: shipUntracked },
  { name: 'shipping two deliveries', before: [write, allocate], act: shipTwo },
  { name: 'cancelling', before: [write, ship], act: cancel },
  { name: 'changing the address', before: [write], act: move },
  { name: 'changing the address after a part was shipped', before: [write, ship], act: move },
];

async function prepared(version: Version, effect: Effect): Promise<OdooSandbox> {
  const sandbox = shopFloor(version);
  for (const [index, step] of effect.before.entries()) await step(erpOn(sandbox), intentMemo(`before ${index}`));
  return sandbox;
}

/** Attempts of one intent, each by a process that has just started, until one comes back; the given call of the first one goes wrong. */
async function actWithFault(
  sandbox: OdooSandbox,
  effect: Effect,
  call: number,
  fault: SandboxFault,
): Promise<{ calls: number; result: unknown }> {
  const memo = intentMemo('intent');
  let calls = 0;
  const plan = () => (calls++ === call ? fault : null);
  for (let attempt = 1; attempt <= 4; attempt++) {
    try {
      return { result: await effect.act(erpOn(sandbox, plan), memo), calls };
    } catch (error) {
      // Whoever keeps the intent tries again only after such a fault.
      if (!isFault(error) || error.facts.retry.kind === 'never') throw error;
    }
  }
  throw new Error('the effect never came back');
}

describe.each([17, 19] as const)('with Odoo %i, whichever call goes wrong,', (version) => {
  describe.each(effects)('$name happens once', (effect) => {
    test.each(['drop-after', 'error-after', 'drop-before', 'error-before'] as const)('when it ends in %s', async (fault) => {
      const smooth = await prepared(version, effect);
      const expected = await actWithFault(smooth, effect, -1, fault);
      for (let call = 0; call < expected.calls; call++) {
        const sandbox = await prepared(version, effect);
        const { result } = await actWithFault(sandbox, effect, call, fault);
        expect({ call, result, end: withoutNames(sandbox) }).toEqual({ call, result: expected.result, end: withoutNames(smooth) });
      }
    });

    test('when the process dies at every call, one after the other', async () => {
      const smooth = await prepared(version, effect);
      const expected = await actWithFault(smooth, effect, -1, 'drop-after');
      const sandbox = await prepared(version, effect);
      const memo = intentMemo('intent');
      for (let dying = 0; dying < expected.calls; dying++) {
        let calls = 0;
        // From this call on nothing gets through: the process is gone.
        const plan = () => (calls++ < dying ? null : 'drop-after');
        await effect.act(erpOn(sandbox, plan), memo).catch(() => undefined);
      }
      const result = await effect.act(erpOn(sandbox), memo);
      expect({ result, end: withoutNames(sandbox) }).toEqual({ result: expected.result, end: withoutNames(smooth) });
    });
  });
});

/** The end state without numbers of sequences, which a failed attempt may have used up. */
function withoutNames(sandbox: OdooSandbox): unknown {
  const { orders, quants } = sandbox.snapshot();
  return { orders: orders.map(({ name: _name, ...order }) => order), quants };
}
