import type { Sku } from '@quartermaster/domain';
import { z } from 'zod';

/** A SKU, or the beginning of some when it ends in `*`: `LAMP-*`. */
export const skuPatternSchema = z.string().regex(/^[^*]+\*?$/, 'a SKU, or its beginning with * at the end, such as LAMP-*');

/** What kinds of products there are, such as `hazmat: ['ACID-*', 'BATTERY']`: rules speak of the kinds. */
export const skuTagsSchema = z.record(z.string().min(1), z.array(skuPatternSchema).min(1)).default({});
export type SkuTags = z.infer<typeof skuTagsSchema>;

export function fitsSku(patterns: readonly string[], sku: Sku): boolean {
  return patterns.some((pattern) => (pattern.endsWith('*') ? sku.startsWith(pattern.slice(0, -1)) : sku === pattern));
}

/** Whether a SKU is of any of these kinds; a kind that is not defined has no products. */
export function hasTag(tags: SkuTags, wanted: readonly string[], sku: Sku): boolean {
  return wanted.some((tag) => fitsSku(tags[tag] ?? [], sku));
}
