import { instantSchema } from '@quartermaster/domain';
import { z } from 'zod';

/** Amounts come as text (`"5.93"`, `"5.93000"`) in shipments and as numbers elsewhere. */
const amountSchema = z.union([z.string(), z.number().transform(String)]).refine((text) => /^-?\d+(\.\d+)?$/.test(text), 'a decimal amount');

const instantOrNull = instantSchema.nullish().catch(null);
const textOrNull = z.string().nullish().catch(null);

export const wireRateSchema = z.object({
  id: z.string(),
  carrier: z.string(),
  service: z.string(),
  rate: amountSchema,
  currency: z.string(),
  delivery_days: z.number().nullish().catch(null),
});
export type WireRate = z.infer<typeof wireRateSchema>;

/** A rate that cannot be read is as good as none: it must not hide the others, let alone a bought label. */
const ratesSchema = z
  .array(wireRateSchema.nullable().catch(null))
  .nullish()
  .transform((rates) => (rates ?? []).filter((rate) => rate !== null));

const messageSchema = z.object({ carrier: textOrNull, type: textOrNull, message: z.unknown().optional() });
export type WireMessage = z.infer<typeof messageSchema>;

const messagesSchema = z
  .array(messageSchema.nullable().catch(null))
  .nullish()
  .catch(null)
  .transform((messages) => (messages ?? []).filter((message) => message !== null));

/** What we use of a shipment. It is bought when it has a tracking code and a postage label. */
export const wireShipmentSchema = z.object({
  id: z.string().min(1),
  /** The key that it was made under. */
  reference: textOrNull,
  tracking_code: z.string().nullish(),
  rates: ratesSchema,
  messages: messagesSchema,
  selected_rate: wireRateSchema.nullish().catch(null),
  postage_label: z
    .object({
      created_at: instantOrNull,
      label_url: textOrNull,
      label_pdf_url: textOrNull,
      label_zpl_url: textOrNull,
      label_file_type: textOrNull,
    })
    .nullish(),
  /** `submitted`, `refunded`, `rejected`, `not_applicable`, or one that we do not know. */
  refund_status: textOrNull,
  tracker: z.object({ public_url: textOrNull }).nullish().catch(null),
  usps_zone: z.number().nullish().catch(null),
});
export type WireShipment = z.infer<typeof wireShipmentSchema>;

export const wireRerateSchema = z.object({ rates: ratesSchema });

export const wireBoughtSchema = z.object({ shipments: z.array(wireShipmentSchema), has_more: z.boolean().default(false) });

export const wireListSchema = z.object({ shipments: z.array(z.unknown()) });

/** Both forms of an error: `errors` holds objects with field and message, or plain texts. */
export const wireErrorSchema = z.object({
  error: z.union([
    z.string().transform((message) => ({ code: null, message, errors: [] })),
    z.object({
      code: textOrNull,
      message: z
        .union([z.string(), z.array(z.string()).transform((texts) => texts.join('; '))])
        .nullish()
        .catch(null),
      errors: z
        .array(z.union([z.string(), z.object({ field: textOrNull, message: textOrNull }), z.unknown().transform(() => null)]))
        .nullish()
        .catch(null)
        .transform((errors) => errors ?? []),
    }),
  ]),
});
export type WireError = z.infer<typeof wireErrorSchema>['error'];

export const wireEventSchema = z.object({ id: z.string(), description: z.string(), created_at: instantOrNull });
