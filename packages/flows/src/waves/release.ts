import type { Instant } from '@quartermaster/domain';
import type { ReleasePlan } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import type { FlowContext } from '../context.ts';
import { applyEvent, listCases } from '../order-cases.ts';
import { keepPickWave, pickWavesSince } from './pick-waves.ts';
import { releaseStanding, type ShipmentName } from './release-standing.ts';

/** Lets go what leaves now, of this wave and of earlier ones, as the policy has it; each group is kept as a pick wave. */
export async function releaseNow(tx: Transaction, context: FlowContext, at: Instant): Promise<ReleasePlan> {
  const { settings } = context;
  const cases = (await listCases(tx, ['committed'])).map((stored) => stored.case);
  const { plan, named } = releaseStanding(cases, settings, at);
  const packCheck = settings.release.packCheck === 'required';
  const byOrder = new Map<string, string[]>();
  const now = context.clock.now();
  // A person may release in the very moment of a wave.
  const before = (await pickWavesSince(tx, now, 10_000)).length;
  for (const [index, group] of plan.groups.entries()) {
    const shipments = group.shipments.flatMap((id): ShipmentName[] => {
      const found = named.get(id);
      return found === undefined ? [] : [{ order: found.order, shipment: found.shipment }];
    });
    for (const { order, shipment } of shipments) byOrder.set(order, [...(byOrder.get(order) ?? []), shipment]);
    await keepPickWave(tx, { at: now, number: before + index + 1, group, shipments, isBatched: false });
  }
  for (const [order, shipmentIds] of byOrder) await applyEvent(tx, context, order, { kind: 'released', shipmentIds, packCheck });
  return plan;
}
