import type { Asked } from '../operations/operation.ts';
import { createOperations, type Operations } from '../operations/operations.ts';
import type { FlowSettings } from '../settings.ts';
import { openScene, type Scene, type SceneOptions } from './scene.ts';

/** What is sourced again: the moments of such a day, who tells of trouble, and what can be seen of it outside. */

export const morning = '2026-11-23T10:00:00.000Z';
export const noon = '2026-11-23T11:00:00.000Z';
/** The cutoff is an hour later: what leaves today is released now. */
export const afternoon = '2026-11-23T13:00:00.000Z';
export const nextDay = '2026-11-24T13:00:00.000Z';

let requests = 0;

/** A request of a supervisor that nobody has made before. */
export function asked(reason = 'it is so'): Asked {
  requests += 1;
  return { requestId: `request-${requests}`, by: 'mia', role: 'supervisor', reason };
}

/** What waves have decided lies with the ERP until the last wave before the cutoff releases it. */
export function releasedLate(settings: FlowSettings): FlowSettings {
  return { ...settings, release: { ...settings.release, earliestMinutes: 65 } };
}

/** The same, and every wave plans anew what is not released yet. */
export function plannedUntilRelease(settings: FlowSettings): FlowSettings {
  return { ...releasedLate(settings), commit: { ...settings.commit, when: 'until-release' } };
}

export async function openLateScene(options: SceneOptions = {}): Promise<Scene & { readonly operations: Operations }> {
  const scene = await openScene({ settings: releasedLate, ...options });
  return { ...scene, operations: createOperations(scene.context) };
}

/** Node, state and SKUs of each shipment of an order. */
export async function shipmentsOf(scene: Scene, key: string): Promise<string[]> {
  return (await scene.case(key)).shipments.map(({ node, state, lines }) => `${node} ${state} ${lines.map(({ sku }) => sku).join('+')}`);
}

/** Units that have left, as the ERP has it, by warehouse and SKU. */
export function leftByErp({ odoo }: Scene): Record<string, number> {
  const units: Record<string, number> = {};
  for (const { warehouse, state, moves } of odoo.snapshot().orders.flatMap(({ pickings }) => pickings))
    if (state === 'done')
      for (const { sku, quantity } of moves) units[`${warehouse} ${sku}`] = (units[`${warehouse} ${sku}`] ?? 0) + quantity;
  return units;
}

/** Warehouse and SKUs of every delivery that the ERP still wants to send. */
export function openInErp({ odoo }: Scene): string[] {
  return odoo
    .snapshot()
    .orders.flatMap(({ pickings }) => pickings)
    .filter(({ state }) => state !== 'done' && state !== 'cancel')
    .map(({ warehouse, moves }) => `${warehouse ?? 'nowhere'} ${moves.map(({ sku }) => sku).join('+')}`)
    .sort();
}
