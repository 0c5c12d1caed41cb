import { z } from 'zod';
import { wireErrorSchema } from './wire.ts';

// Stock and feeds, as far as they are used.

const quantitySchema = z.object({ unit: z.string().optional(), amount: z.number() });

export const inventorySchema = z.object({ sku: z.string(), quantity: quantitySchema });

const nodeStockSchema = z.object({
  shipNode: z.string(),
  inputQty: quantitySchema.nullish(),
  availToSellQty: quantitySchema.nullish(),
});

export const itemInventorySchema = z.object({ sku: z.string(), nodes: z.array(nodeStockSchema).default([]) });
export type WireItemInventory = z.infer<typeof itemInventorySchema>;

export const inventoriesPageSchema = z.object({
  meta: z.object({ totalCount: z.number().optional(), nextCursor: z.string().nullish() }).nullish(),
  elements: z.object({ inventories: z.array(itemInventorySchema).default([]) }).nullish(),
});

export const updatedNodesSchema = z.object({
  sku: z.string().optional(),
  nodes: z.array(z.object({ shipNode: z.string(), status: z.string().optional(), errors: z.array(wireErrorSchema).nullish() })),
});

export const feedSchema = z.object({ feedId: z.string().min(1) });

const ingestionErrorsSchema = z
  .object({ ingestionError: z.array(z.object({ code: z.string().optional(), description: z.string().nullish() })).nullish() })
  .nullish();

export const feedStateSchema = z.object({
  feedId: z.string().optional(),
  feedStatus: z.string(),
  itemsReceived: z.int().optional(),
  itemsSucceeded: z.int().optional(),
  itemsFailed: z.int().optional(),
  ingestionErrors: ingestionErrorsSchema,
  itemDetails: z
    .object({
      itemIngestionStatus: z
        .array(z.object({ sku: z.string().nullish(), ingestionStatus: z.string(), ingestionErrors: ingestionErrorsSchema }))
        .nullish(),
    })
    .nullish(),
});
export type WireFeedState = z.infer<typeof feedStateSchema>;
