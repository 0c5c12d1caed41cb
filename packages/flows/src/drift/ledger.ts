import { epochMs, moneySchema, type Instant } from '@quartermaster/domain';
import type { Json, JournalReader, ReadTransaction, Transaction } from '@quartermaster/journal';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ownerOf, type FlowContext } from '../context.ts';
import { jsonOf } from '../plain-json.ts';
import type { Compared } from './compare.ts';
import { driftCauseNames, driftCauses, exceptionOfDrift } from './causes.ts';
import type { Difference } from './difference.ts';
import { subjectKey } from './views.ts';

const recordKind = 'drift';
export const driftStates = ['open', 'closed'] as const;

const side = z.json().transform((value): Json => value);
const sidesSchema = z.object({ channel: side, erp: side, journal: side });

const healedSchema = z.object({
  at: z.string(),
  /** `quartermaster`, or the person who had it done. */
  by: z.string(),
  heal: z.string(),
  outcome: z.enum(['done', 'nothing-to-do', 'failed']),
  detail: z.string(),
  /** What the sides said when it was done: the evidence. */
  sides: sidesSchema,
});
export type Healed = z.infer<typeof healedSchema>;

const subjectSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('order'), order: z.string(), shipmentId: z.string().nullable() }),
  z.object({ kind: z.literal('level'), connection: z.string(), sku: z.string(), node: z.string() }),
  z.object({ kind: z.literal('position'), sku: z.string(), node: z.string() }),
]);

/** An entry of the ledger: one cause about one thing, from its first look to its end, and what was done about it. Never personal data. */
export const driftEntrySchema = z.object({
  key: z.string(),
  cause: z.enum(driftCauseNames),
  subject: subjectSchema,
  blame: z.enum(['person', 'lost-message', 'late', 'unknown']),
  /** As the last look saw it. */
  sides: sidesSchema,
  units: z.int(),
  money: moneySchema.nullable(),
  firstSeenAt: z.string(),
  lastSeenAt: z.string(),
  /** Looks that saw it since `firstSeenAt`. */
  looks: z.int(),
  /** The newest at the end; those of earlier times of the same difference too. */
  healed: z.array(healedSchema),
  /** Fingerprint of what a person was told last; the same is not told twice. */
  told: z.string().nullable(),
  closedAt: z.string().nullable(),
});
export type DriftEntry = z.infer<typeof driftEntrySchema>;
export type StoredEntry = { readonly entry: DriftEntry; readonly version: number };

/** So many deeds are kept with an entry; the audit trail has all of them. */
const keptDeeds = 20;

export function entryKey({ cause, subject }: Pick<Difference, 'cause' | 'subject'>): string {
  return `${subjectKey(subject)}/${cause}`;
}

/** Has it lasted for the window? Then two looks saw it that are so far apart. */
export function isConfirmed({ firstSeenAt, lastSeenAt }: DriftEntry, windowMinutes: number): boolean {
  return epochMs(lastSeenAt) - epochMs(firstSeenAt) >= windowMinutes * 60_000;
}

export async function findEntry(tx: ReadTransaction | Transaction, key: string): Promise<StoredEntry | null> {
  const found = await tx.records.get(recordKind, key, driftEntrySchema);
  return found === null ? null : { entry: found.body, version: found.version };
}

/** Entries by key, those behind `after`. */
export async function listDrift(
  journal: JournalReader,
  query: { readonly state?: (typeof driftStates)[number] | undefined; readonly after?: string | undefined; readonly limit: number },
): Promise<DriftEntry[]> {
  const { state, after, limit } = query;
  const page = { limit, ...(state === undefined ? {} : { states: [state] }), ...(after === undefined ? {} : { after }) };
  return journal.read(async (tx) => (await tx.records.list(recordKind, driftEntrySchema, page)).map(({ body }) => body));
}

/** All that is open, by key. */
export async function openEntries(journal: JournalReader): Promise<Map<string, DriftEntry>> {
  const found = new Map<string, DriftEntry>();
  for (let after = ''; ;) {
    const page = await listDrift(journal, { state: 'open', after, limit: 500 });
    for (const entry of page) found.set(entry.key, entry);
    const last = page.at(-1);
    if (last === undefined) return found;
    after = last.key;
  }
}

/** What the entry of a difference becomes by a look that sees it. Pure. */
export function seenAgain(before: DriftEntry | null, difference: Difference, at: Instant): DriftEntry {
  const { cause, subject, blame, sides, units, money } = difference;
  const goesOn = before !== null && before.closedAt === null;
  return {
    key: entryKey(difference),
    cause,
    subject,
    blame,
    sides,
    units,
    money,
    firstSeenAt: goesOn ? before.firstSeenAt : at,
    lastSeenAt: at,
    looks: goesOn ? before.looks + 1 : 1,
    healed: before?.healed ?? [],
    told: goesOn ? before.told : null,
    closedAt: null,
  };
}

/** Writes down that a look saw a difference; gives its entry. */
export async function noteSeen(tx: Transaction, difference: Difference, at: Instant): Promise<DriftEntry> {
  const before = await findEntry(tx, entryKey(difference));
  const entry = seenAgain(before?.entry ?? null, difference, at);
  await putEntry(tx, entry, { version: before?.version ?? 0, at });
  return entry;
}

export async function noteHealed(tx: Transaction, key: string, deed: Healed): Promise<void> {
  const before = await findEntry(tx, key);
  if (before === null) return;
  const healed = [...before.entry.healed, deed].slice(-keptDeeds);
  await putEntry(tx, { ...before.entry, healed }, { version: before.version, at: deed.at });
}

/** Closes an entry that a look did not find any more, and settles its exception. */
export async function noteGone(tx: Transaction, key: string, at: Instant): Promise<boolean> {
  const before = await findEntry(tx, key);
  if (before === null || before.entry.closedAt !== null) return false;
  const { entry, version } = before;
  await putEntry(tx, { ...entry, closedAt: at }, { version, at });
  const which = { code: exceptionOfDrift(entry.cause), subjectKey: subjectKey(entry.subject) };
  await tx.exceptions.resolve(which, { by: 'quartermaster', reason: 'the sides agree again', at });
  return true;
}

/** Tells a person of what is not mended by itself. The same is told once: who settled the exception has seen it. */
export async function tellOf(tx: Transaction, context: Pick<FlowContext, 'settings' | 'clock'>, key: string, why: string): Promise<void> {
  const before = await findEntry(tx, key);
  if (before === null) return;
  const { entry, version } = before;
  const told = createHash('sha256')
    .update(JSON.stringify([entry.sides, why]))
    .digest('hex')
    .slice(0, 16);
  if (entry.told === told) return;
  const at = context.clock.now();
  const code = exceptionOfDrift(entry.cause);
  const { meaning, next } = driftCauses[entry.cause];
  await tx.exceptions.raise({
    code,
    subjectKey: subjectKey(entry.subject),
    owner: ownerOf(context.settings, code),
    reason: `${meaning} ${why === '' ? '' : `Not mended: ${why}. `}${next}`,
    detail: jsonOf(entry.sides),
    at,
  });
  await putEntry(tx, { ...entry, told }, { version, at });
}

/** Entries that were open and that a look, which could speak of them, did not find. */
export function goneOf(open: ReadonlyMap<string, DriftEntry>, compared: readonly Compared[], found: ReadonlySet<string>): string[] {
  const spokenOf = new Set(compared.map(comparedKey));
  return [...open.values()].filter((entry) => !found.has(entry.key) && spokenOf.has(comparedKey(entry.subject))).map(({ key }) => key);
}

/** An order's shipments are compared with it. */
function comparedKey(subject: Compared | DriftEntry['subject']): string {
  return subject.kind === 'order' ? `order ${subject.order}` : `${subject.kind} ${subjectKey(subject)}`;
}

async function putEntry(tx: Transaction, entry: DriftEntry, { version, at }: { version: number; at: Instant }): Promise<void> {
  const state = entry.closedAt === null ? 'open' : 'closed';
  await tx.records.put(recordKind, entry.key, { state, body: entry, at, version });
}
