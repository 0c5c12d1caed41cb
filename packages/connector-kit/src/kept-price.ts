import { chargeSchema, moneySchema, type Charge, type Money } from '@quartermaster/domain';
import { z } from 'zod';
import { parseJson } from './parse-json.ts';

/** What something costs, and its parts, which sum to it. */
export type Price = { readonly total: Money; readonly charges: readonly Charge[] };

const keptSchema = z.object({ total: moneySchema, charges: z.array(chargeSchema) });

/** A price as it is saved with a purchase (`memo.saveRefs`), for a label that is found later, or an answer that names none. */
export function keptPriceText({ total, charges }: Price): string {
  return JSON.stringify({ total, charges });
}

/** Null where nothing was saved, or something else. */
export function keptPrice(text: string | undefined): Price | null {
  return text === undefined ? null : parseJson(keptSchema, text);
}
