import type { Instant } from '@quartermaster/domain';
import type { ReleasePlan } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import type { FlowContext } from '../context.ts';
import { applyEvent, findCase, listCases } from '../order-cases.ts';
import { withinDay } from './budgeted-release.ts';
import { keepPickWave, pickWavesSince } from './pick-waves.ts';
import { releaseCircumstances, type Trusting } from './release-circumstances.ts';
import { releaseStanding, type ShipmentName } from './release-standing.ts';

/**
 * Lets go what leaves now, of this wave and of earlier ones, as the policy has it; each group is kept as a pick wave. Where groups become batches of the ERP, their shipments are let go once the batch is there
 * (`tend-batches.ts`). What goes beyond the day's budget for labels waits, unless somebody who may has approved of it;
 * so does what hangs on stock or orders that were read too long ago.
 */
export async function releaseNow(
  tx: Transaction,
  context: FlowContext,
  at: Instant,
  { budget = 'kept', trusting = 'nothing' }: { readonly budget?: 'kept' | 'approved'; readonly trusting?: Trusting } = {},
): Promise<ReleasePlan> {
  const { settings, erp } = context;
  const cases = (await listCases(tx, ['committed'])).map((stored) => stored.case);
  const circumstances = await releaseCircumstances(tx, settings, at, trusting);
  const standing = releaseStanding(cases, settings, at, circumstances);
  const { named } = standing;
  const plan = await withinDay(tx, context, { ...standing, ...circumstances, cases, at, budget });
  const now = context.clock.now();
  const isBatched = settings.release.batches === 'erp' && erp.batches !== null;
  // A person may release in the very moment of a wave.
  const before = (await pickWavesSince(tx, now, 10_000)).length;
  const gone: ShipmentName[] = [];
  for (const [index, group] of plan.groups.entries()) {
    const shipments = group.shipments.flatMap((id): ShipmentName[] => {
      const found = named.get(id);
      return found === undefined ? [] : [{ order: found.order, shipment: found.shipment }];
    });
    await keepPickWave(tx, { at: now, number: before + index + 1, group, shipments, isBatched });
    if (!isBatched) gone.push(...shipments);
  }
  await letGo(tx, context, gone);
  return plan;
}

/** Tells the orders that these of their shipments are released; those that are gone, or were released before, stay as they are. */
export async function letGo(tx: Transaction, context: FlowContext, shipments: readonly ShipmentName[]): Promise<void> {
  const packCheck = context.settings.release.packCheck === 'required';
  for (const [order, all] of Map.groupBy(shipments, (each) => each.order)) {
    const wanted = new Set(all.map(({ shipment }) => shipment));
    const found = await findCase(tx, order);
    const shipmentIds = (found?.case.shipments ?? []).filter(({ id, released }) => wanted.has(id) && !released).map(({ id }) => id);
    if (shipmentIds.length > 0) await applyEvent(tx, context, order, { kind: 'released', shipmentIds, packCheck });
  }
}
