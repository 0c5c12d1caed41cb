import { z } from 'zod';

/** Connections of `notifiers` in the config. */
const channelsSchema = z.array(z.string().min(1)).max(10);

/** What people are told beside the queue, and by which of the `notifiers`. Without a word here nobody is told anything. */
export const notificationPolicySchema = z.strictObject({
  /** Exceptions that were raised, by their code; `*` is for the rest. */
  exceptions: z.record(z.string(), channelsSchema).default({}),
  /** Exceptions that waited too long, by whom they went to; `*` is for the rest. */
  escalations: z.record(z.string(), channelsSchema).default({}),
  /** What waits for an approval. */
  approvals: channelsSchema.default([]),
  /** Change freezes that began. */
  freezes: channelsSchema.default([]),
  /** Where people look closer, such as the address of the status page; it ends every notice. */
  link: z.url().nullable().default(null),
});
export type NotificationPolicy = z.infer<typeof notificationPolicySchema>;
