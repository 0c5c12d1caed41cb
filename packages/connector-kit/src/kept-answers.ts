import type { EffectMemo } from '@quartermaster/domain';
import type { ZodType } from 'zod';
import { parseJson } from './parse-json.ts';

/**
 * The answers of this shape among those that attempts of an intent kept before they read them, the latest first. What has another shape, or was cut off, is left out: it was a fault when it came, and
 * tells nothing now.
 */
export async function keptAnswers<Answer>(memo: EffectMemo, schema: ZodType<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const text of (await memo.rawAnswers()).toReversed()) {
    const answer = parseJson(schema, text);
    if (answer !== null) answers.push(answer);
  }
  return answers;
}
