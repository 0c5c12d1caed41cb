import { z } from 'zod';

/** What a client needs to know to sign in everywhere. Sandboxes guard nothing, so their keys are no secrets. */
export const sandboxAccessSchema = z.object({
  odoo: z.object({
    database: z.string(),
    login: z.string(),
    secret: z.string(),
    version: z.union([z.literal(17), z.literal(18), z.literal(19)]),
    serviceSkus: z.object({ shipping: z.string(), tax: z.string(), discount: z.string(), other: z.string() }),
  }),
  easypost: z.object({ apiKey: z.string(), serviceMap: z.record(z.string(), z.string()) }),
  /** By connection; `locations` are global ids by node. */
  shops: z.record(
    z.string(),
    z.object({ accessToken: z.string(), webhookSecret: z.string(), shop: z.string(), locations: z.record(z.string(), z.string()) }),
  ),
});
export type SandboxAccess = z.infer<typeof sandboxAccessSchema>;
