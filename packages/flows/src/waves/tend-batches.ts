import { epochMs } from '@quartermaster/domain';
import type { DurableRecord, Transaction } from '@quartermaster/journal';
import { scopeOf, type FlowContext } from '../context.ts';
import { batchKind, batchSubject, deliveriesOf } from './batch-effects.ts';
import { batchQueue, pickWaveKind, pickWaveSchema, putPickWave, type PickWave } from './pick-waves.ts';
import { letGo } from './release.ts';

/** So long a pick wave waits for the deliveries of all its shipments; then its batch is made of those that are there. */
const patienceMs = 15 * 60_000;
const pageSize = 100;

/**
 * Has the batches written of pick waves whose deliveries the ERP has by now, and lets those go without one whose batch was refused: a batch is how people pick, and nothing that must leave waits for good on it. Returns how
 * many went on.
 */
export async function tendBatches(context: FlowContext): Promise<number> {
  const { journal, clock, erp } = context;
  if (erp.batches === null) return 0;
  const due = await journal.read((tx) =>
    tx.records.due(pickWaveKind, pickWaveSchema, { queue: batchQueue, now: clock.now(), limit: pageSize }),
  );
  let went = 0;
  for (const { key } of due) {
    const isOn = await journal.transaction(async (tx) => {
      const stored = await tx.records.get(pickWaveKind, key, pickWaveSchema);
      if (stored?.state === 'waits') return askForBatch(tx, context, stored);
      return stored?.state === 'asked' ? goWithout(tx, context, stored) : false;
    });
    if (isOn) went += 1;
  }
  return went;
}

async function askForBatch(tx: Transaction, context: FlowContext, stored: DurableRecord<PickWave>): Promise<boolean> {
  const { batches, connection } = context.erp;
  const at = context.clock.now();
  const open = await deliveriesOf(tx, stored.body);
  const there = open.filter(({ shipment }) => shipment.delivery !== null);
  const isLate = epochMs(at) - epochMs(stored.body.at) > patienceMs;
  if (batches === null || (there.length < open.length && !isLate)) return false;
  if (there.length === 0) {
    // Whatever of it comes into the ERP later is released with another pick wave.
    await putPickWave(tx, stored, { state: 'released', body: { ...stored.body, shipments: [] }, at });
    return false;
  }
  const shipments = there.map(({ each, shipment }) => ({ order: each.key, shipment: shipment.id }));
  await tx.intents.add({
    key: `${batchSubject(stored.key)}/batch/1`,
    scope: scopeOf(context.settings, connection),
    kind: batchKind,
    orderKey: batchSubject(stored.key),
    subject: null,
    payload: { pickWave: stored.key },
    safety: batches.safety,
    runAt: at,
    state: 'ready',
  });
  await putPickWave(tx, stored, { state: 'asked', body: { ...stored.body, shipments }, at, dueAt: at });
  return true;
}

/** A batch that was refused, or given up, keeps nothing from leaving; a person is told of it by its intent. */
async function goWithout(tx: Transaction, context: FlowContext, stored: DurableRecord<PickWave>): Promise<boolean> {
  const [intent] = await tx.intents.list({ orderKey: batchSubject(stored.key), limit: 1 });
  const isOver = intent === undefined || intent.state === 'failed' || intent.state === 'dead' || intent.state === 'cancelled';
  if (!isOver) return false;
  await putPickWave(tx, stored, { state: 'released', body: stored.body, at: context.clock.now() });
  await letGo(tx, context, stored.body.shipments);
  return true;
}
