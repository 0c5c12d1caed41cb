import type { Clock, Instant, SubjectId } from '@quartermaster/domain';
import { seal, unseal } from './sealing.ts';
import type { SubjectKeys } from './subject-keys.ts';
import type { Database } from './tables.ts';

/** What a vendor answered to something that cost money, as it came. */
export type RawAnswer = { readonly at: Instant; readonly text: string };

export type RawAnswers = { add(intent: AnsweredIntent, text: string): Promise<void> };

type AnsweredIntent = { readonly id: number; readonly key: string; readonly subject: SubjectId | null };

export function rawAnswers(
  db: Database,
  given: { readonly clock: Clock; readonly keys: SubjectKeys; readonly randomBytes: (size: number) => Uint8Array },
): RawAnswers {
  const { clock, keys, randomBytes } = given;
  return {
    async add(intent, text) {
      const subject = subjectOf(intent);
      const sealed = seal(await keys.findOrCreate(subject), Buffer.from(text, 'utf8'), context(subject, intent.id), randomBytes);
      await db.insertInto('raw_answer').values({ intent_id: intent.id, subject, sealed, at: clock.now() }).execute();
    },
  };
}

export async function readRawAnswers(db: Database, keys: SubjectKeys, intentId: number): Promise<RawAnswer[]> {
  const rows = await db.selectFrom('raw_answer').selectAll().where('intent_id', '=', intentId).orderBy('id').execute();
  const answers: RawAnswer[] = [];
  for (const row of rows) {
    const key = await keys.find(row.subject);
    if (key !== null) answers.push({ at: row.at, text: unseal(key, row.sealed, context(row.subject, intentId)).toString('utf8') });
  }
  return answers;
}

/** Nobody can be sure what a vendor echoes: an answer about no person is sealed all the same, for a subject of the intent's own. */
function subjectOf(intent: AnsweredIntent): SubjectId {
  return intent.subject ?? `intent:${intent.key}`;
}

function context(subject: SubjectId, intentId: number): string[] {
  return ['raw answer', subject, String(intentId)];
}
