import { chargeSchema, moneySchema } from '@quartermaster/domain';
import { z } from 'zod';
import type { Price } from './charges.ts';

const keptSchema = z.object({ total: moneySchema, charges: z.array(chargeSchema), isNegotiated: z.boolean() });

/** A price as it is saved with a purchase, for an answer that names none. */
export function keptPriceText(price: Price): string {
  return JSON.stringify(price);
}

/** Null where nothing was saved, or something else. */
export function keptPrice(text: string | undefined): Price | null {
  if (text === undefined || text === '') return null;
  try {
    return keptSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
