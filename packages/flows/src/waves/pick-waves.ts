import type { Instant } from '@quartermaster/domain';
import type { PickGroup } from '@quartermaster/fulfilment';
import type { DurableRecord, ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';

/** What becomes of a pick wave outside: `released` alone; or a batch of the ERP, that `waits` for its deliveries, is `asked` for, or is `written`. */
export const pickWaveStates = ['released', 'waits', 'asked', 'written'] as const;
export type PickWaveState = (typeof pickWaveStates)[number];

const textOrNull = z.string().nullable();

/** Shipments that were released together, for one person to pick. */
export const pickWaveSchema = z.object({
  /** What people call it, such as `BER 11-20 16:30 #2`. */
  name: z.string(),
  at: z.string(),
  node: z.string(),
  closesAt: textOrNull,
  service: textOrNull,
  zone: textOrNull,
  kind: textOrNull,
  minutes: z.number(),
  shipments: z.array(z.object({ order: z.string(), shipment: z.string() })),
  /** The ERP's batch of it, and what it did not take into that, with the reason. */
  batch: z
    .object({ ref: z.string(), name: z.string(), leftOut: z.array(z.object({ order: z.string(), shipment: z.string(), why: z.string() })) })
    .nullable(),
});
export type PickWave = z.infer<typeof pickWaveSchema>;

export const pickWaveKind = 'pick-wave';

/** Where pick waves wait until the ERP has the deliveries of their shipments. */
export const batchQueue = 'batches';

/** Keeps a pick wave of a release. Its key begins with the instant, so that keys are in the order of time. */
export async function keepPickWave(
  tx: Transaction,
  {
    at,
    number,
    group,
    shipments,
    isBatched,
  }: {
    readonly at: Instant;
    /** From 1, within the release. */
    readonly number: number;
    readonly group: PickGroup;
    readonly shipments: PickWave['shipments'];
    readonly isBatched: boolean;
  },
): Promise<void> {
  const { node, closesAt, service, zone, kind, minutes } = group;
  const key = `${at}/${String(number).padStart(4, '0')}`;
  const what = [zone, kind, service].filter((each) => each !== null);
  const name = [node, at.slice(5, 16).replace('T', ' '), ...what, `#${number}`].join(' ');
  const body: PickWave = { name, at, node, closesAt, service, zone, kind, minutes, shipments: [...shipments], batch: null };
  await tx.records.put(pickWaveKind, key, {
    state: isBatched ? 'waits' : 'released',
    body,
    at,
    name,
    ...(isBatched ? { due: { queue: batchQueue, at } } : {}),
    version: 0,
  });
}

export async function putPickWave(
  tx: Transaction,
  stored: DurableRecord<PickWave>,
  change: { readonly state: PickWaveState; readonly body: PickWave; readonly at: Instant; readonly dueAt?: Instant },
): Promise<void> {
  const { state, body, at, dueAt } = change;
  const due = dueAt === undefined ? {} : { due: { queue: batchQueue, at: dueAt } };
  await tx.records.put(pickWaveKind, stored.key, { state, body, at, name: body.name, ...due, version: stored.version });
}

/** Shipments of pick waves whose batch is not there yet: they are as good as released. */
export async function pendingShipments(tx: ReadTransaction | Transaction): Promise<ReadonlySet<string>> {
  const pending = await tx.records.list(pickWaveKind, pickWaveSchema, { states: ['waits', 'asked'], limit: 10_000 });
  return new Set(pending.flatMap(({ body }) => body.shipments.map(({ order, shipment }) => JSON.stringify([order, shipment]))));
}

/** The pick waves released since an instant, oldest first. */
export async function pickWavesSince(tx: ReadTransaction | Transaction, since: Instant, limit: number): Promise<DurableRecord<PickWave>[]> {
  return tx.records.list(pickWaveKind, pickWaveSchema, { after: since, limit });
}
