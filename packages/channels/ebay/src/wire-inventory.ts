import { z } from 'zod';
import { wireErrorSchema } from './wire.ts';

// What the Inventory API sends, as much of it as is used.

const availabilitySchema = z
  .object({
    shipToLocationAvailability: z
      .object({
        quantity: z.int().optional(),
        availabilityDistributions: z.array(z.looseObject({ merchantLocationKey: z.string(), quantity: z.int().nonnegative() })).optional(),
      })
      .optional(),
  })
  .optional();

export const inventoryItemSchema = z.object({
  sku: z.string(),
  groupIds: z.array(z.string()).optional(),
  inventoryItemGroupKeys: z.array(z.string()).optional(),
  product: z.object({ title: z.string().optional() }).optional(),
  availability: availabilitySchema,
});
export type WireInventoryItem = z.infer<typeof inventoryItemSchema>;

export const bulkItemsSchema = z.object({
  responses: z.array(
    z.object({
      sku: z.string().optional(),
      statusCode: z.int(),
      inventoryItem: inventoryItemSchema.omit({ sku: true }).optional(),
      errors: z.array(wireErrorSchema).optional(),
    }),
  ),
});

export const bulkUpdateSchema = z.object({
  responses: z.array(
    z.object({
      sku: z.string().optional(),
      offerId: z.string().optional(),
      statusCode: z.int(),
      errors: z.array(wireErrorSchema).optional(),
    }),
  ),
});

export const itemPageSchema = z.object({
  total: z.int().nonnegative(),
  next: z.string().optional(),
  inventoryItems: z.array(inventoryItemSchema).default([]),
});

export const offersSchema = z.object({
  offers: z
    .array(
      z.object({
        offerId: z.string(),
        status: z.string().optional(),
        availableQuantity: z.int().optional(),
        listing: z.object({ listingId: z.string().optional(), listingStatus: z.string().optional() }).optional(),
      }),
    )
    .default([]),
});
export type WireOffer = z.infer<typeof offersSchema>['offers'][number];

export const locationsSchema = z.object({
  total: z.int().nonnegative(),
  locations: z.array(z.object({ merchantLocationKey: z.string(), merchantLocationStatus: z.string().optional() })).default([]),
});
