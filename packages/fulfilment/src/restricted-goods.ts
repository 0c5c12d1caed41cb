import type { ChannelOrder } from '@quartermaster/domain';
import { z } from 'zod';
import { physicalLines } from './order-case.ts';
import { fitsSku, hasTag, skuPatternSchema, type SkuTags } from './sku-tags.ts';

const countries = z.array(z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166 code of two capitals')).min(1);

/** Goods that may not go everywhere. */
export const restrictionSchema = z
  .strictObject({
    /** What people are told, such as `lithium batteries`. */
    name: z.string().min(1),
    skus: z.array(skuPatternSchema).min(1).optional(),
    /** Kinds of products, see `skuTags`. */
    tags: z.array(z.string().min(1)).min(1).optional(),
    /** Where they may not go; left out, nowhere without a person. */
    to: countries.optional(),
    /** Where they may go in spite of that. */
    exceptTo: countries.optional(),
  })
  .refine(({ skus, tags }) => skus !== undefined || tags !== undefined, 'a restriction names skus, tags or both');
export type Restriction = z.infer<typeof restrictionSchema>;

/** Which restrictions an order meets, one phrase each, with the products and the country. A destination that is not known yet meets none. */
export function restrictedProblems(order: ChannelOrder, restrictions: readonly Restriction[], tags: SkuTags): string[] {
  const country = order.destination?.country;
  if (country === undefined) return [];
  return restrictions
    .filter(({ to, exceptTo }) => (to === undefined || to.includes(country)) && exceptTo?.includes(country) !== true)
    .flatMap((restriction) => {
      const meant = physicalLines(order).flatMap(({ sku }) => (sku !== null && isRestricted(restriction, sku, tags) ? [sku] : []));
      return meant.length === 0 ? [] : [`${restriction.name}: ${[...new Set(meant)].join(', ')} may not go to ${country} without a person`];
    });
}

function isRestricted({ skus = [], tags: kinds = [] }: Restriction, sku: string, tags: SkuTags): boolean {
  return fitsSku(skus, sku) || hasTag(tags, kinds, sku);
}
