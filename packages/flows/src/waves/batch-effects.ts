import type { ErpBatch, ErpBatchDraft } from '@quartermaster/domain';
import { hasLeft, isLive, type OrderCase, type Shipment } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { scopeOf, type FlowContext } from '../context.ts';
import { anyEffect, type AnyEffect, type Effect } from '../effect.ts';
import { erpKeyOf } from '../erp-effects.ts';
import { casesOf } from '../order-cases.ts';
import { jsonOf } from '../plain-json.ts';
import { pickWaveKind, pickWaveSchema, putPickWave, type PickWave } from './pick-waves.ts';
import { letGo } from './release.ts';

export const batchKind = 'write-batch';

/** What an intent carries: the pick wave alone, because its shipments are read when it is carried out. */
export const batchPayloadSchema = z.object({ pickWave: z.string() });

/** Intents of a pick wave, and what is told about it, go under this. */
export function batchSubject(pickWave: string): string {
  return `pick-wave/${pickWave}`;
}

type Members = readonly { readonly order: string; readonly shipment: string; readonly orderId: string; readonly node: string }[];
type Batch = { readonly key: string; readonly draft: ErpBatchDraft; readonly members: Members };

const writeBatch: Effect<Batch> = {
  async prepare(tx, context, intent) {
    const { pickWave: key } = batchPayloadSchema.parse(intent.payload);
    if (context.erp.batches === null) return { kind: 'refuse', reason: 'the ERP has no batches' };
    const stored = await tx.records.get(pickWaveKind, key, pickWaveSchema);
    if (stored === null) return { kind: 'obsolete', reason: `there is no pick wave ${key}` };
    const going = await deliveriesOf(tx, stored.body);
    if (going.length === 0) return { kind: 'obsolete', reason: 'nothing of the pick wave is in the house any more' };
    const { node, name, closesAt, at } = stored.body;
    const draft: ErpBatchDraft = {
      key: { scope: scopeOf(context.settings, context.erp.connection), id: key },
      node,
      name,
      scheduledAt: closesAt ?? at,
      deliveries: going.map(({ each }) => ({ key: erpKeyOf(each), node })),
    };
    const members = going.map(({ each, shipment }) => ({ order: each.key, shipment: shipment.id, orderId: each.order.id, node }));
    return { kind: 'go', request: { key, draft, members } };
  },
  async perform({ erp, ...context }, { key, draft, members }, memo) {
    if (erp.batches === null) throw new RangeError('the ERP has no batches');
    const batch = await erp.batches.write(draft, memo);
    return { result: jsonOf(batch), event: null, keep: (tx) => keepBatch(tx, { ...context, erp }, { key, batch, members }) };
  },
};

export const batchEffects: Readonly<Record<typeof batchKind, AnyEffect>> = { [batchKind]: anyEffect(writeBatch) };

/** Shipments of a pick wave that are still to leave, with their orders. */
export async function deliveriesOf(tx: Transaction, wave: PickWave): Promise<{ readonly each: OrderCase; readonly shipment: Shipment }[]> {
  const cases = await casesOf(tx, new Set(wave.shipments.map(({ order }) => order)));
  const wanted = new Set(wave.shipments.map(({ order, shipment }) => JSON.stringify([order, shipment])));
  return cases.flatMap(({ case: each }) =>
    each.shipments
      .filter((shipment) => isLive(shipment) && !hasLeft(shipment) && wanted.has(JSON.stringify([each.key, shipment.id])))
      .map((shipment) => ({ each, shipment })),
  );
}

/** The batch is there: its shipments are let go. One that had been let go without it, since it was refused at first, keeps its batch, too. */
async function keepBatch(
  tx: Transaction,
  context: FlowContext,
  { key, batch, members }: { readonly key: string; readonly batch: ErpBatch; readonly members: Members },
): Promise<void> {
  const at = context.clock.now();
  const stored = await tx.records.get(pickWaveKind, key, pickWaveSchema);
  if (stored === null) return;
  const leftOut = batch.leftOut.flatMap(({ key: of, node, why }) =>
    members.filter((each) => each.orderId === of.orderId && each.node === node).map(({ order, shipment }) => ({ order, shipment, why })),
  );
  const body: PickWave = { ...stored.body, batch: { ref: batch.ref, name: batch.name, leftOut } };
  await putPickWave(tx, stored, { state: 'written', body, at });
  await letGo(tx, context, stored.body.shipments);
  const which = { code: `${batchKind}-failed`, subjectKey: batchSubject(key) };
  await tx.exceptions.resolve(which, { by: 'quartermaster', reason: 'the batch was written', at });
}
