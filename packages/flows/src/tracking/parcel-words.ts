import type { TrackingEvent } from '@quartermaster/domain';
import type { FollowedParcel } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import { z } from 'zod';

/** What a carrier said of a parcel in its own words, and where: a neighbour's name, a town. Kept in the vault of whom the parcel is for, and gone with it. */
const wordsSchema = z.array(z.object({ at: z.string(), code: z.string(), text: z.string(), place: z.string().nullable() }));
type Words = z.infer<typeof wordsSchema>;

type Whose = Pick<FollowedParcel, 'subject' | 'connection' | 'labelRef'>;

/** Makes the place for them, while the person is known. Without it nothing is kept: a person who was forgotten must not come back by a scan. */
export async function openWords(tx: Transaction, { subject, connection, labelRef }: Whose): Promise<void> {
  await tx.vault.put(subject, nameOf({ connection, labelRef }), '[]');
}

/** Adds what was said, each once; of very much the newest stays. */
export async function keepWords(tx: Transaction, whose: Whose, events: readonly TrackingEvent[]): Promise<void> {
  const said = events.filter(({ text, place }) => text !== '' || place !== null);
  if (said.length === 0) return;
  const before = await tx.vault.get(whose.subject, nameOf(whose));
  if (before === null) return;
  const known = wordsSchema.parse(JSON.parse(before));
  const all = new Map(
    [...known, ...said.map(wordOf)].map((word) => [JSON.stringify([word.at, word.code, word.text, word.place]), word] as const),
  );
  if (all.size === known.length) return;
  const kept = [...all.values()].toSorted((one, other) => (one.at < other.at ? -1 : 1)).slice(-mostWords);
  await tx.vault.put(whose.subject, nameOf(whose), JSON.stringify(kept));
}

const mostWords = 60;

function wordOf({ at, vendorCode, text, place }: TrackingEvent): Words[number] {
  return { at, code: vendorCode.slice(0, 80), text: text.slice(0, 300), place: place?.slice(0, 100) ?? null };
}

function nameOf({ connection, labelRef }: Omit<Whose, 'subject'>): string {
  return `tracking/${encodeURIComponent(connection)}/${encodeURIComponent(labelRef)}`;
}
