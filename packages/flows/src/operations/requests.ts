import { cancelReasons, decimalSchema, instantSchema, refundReasons } from '@quartermaster/domain';
import { holdCodeSchema } from '@quartermaster/fulfilment';
import { z } from 'zod';
import { capacitySchema } from '../resourcing/resourcing-policy.ts';

/** What every request carries. The reason is kept for good, so it names nobody. */
const request = {
  requestId: z.string().regex(/^[A-Za-z0-9._:-]{8,100}$/, '8 to 100 letters, digits, dots, colons and dashes'),
  reason: z.string().trim().min(3, 'say why').max(500),
};
const until = instantSchema.nullable().default(null);
const name = z.string().min(1).max(200);
const lines = z
  .array(z.strictObject({ line: name, units: z.int().positive() }))
  .max(200)
  .default([]);

/** Several exceptions at once: these, or all open ones of a code. */
const which = z.union([z.strictObject({ ids: z.array(z.int().positive()).min(1).max(500) }), z.strictObject({ code: name })]);

const millimetre = z.int().positive().max(20_000);
const grams = z.int().positive().max(10_000_000);
/** A parcel as a person packed it. */
const parcel = z.strictObject({
  box: name.nullable().default(null),
  millimetres: z.tuple([millimetre, millimetre, millimetre]).nullable().default(null),
  tareGrams: z.int().nonnegative().max(1_000_000).nullable().default(null),
  grams: grams.nullable().default(null),
  lines,
});

/** Requests as they come from outside, by operation; unknown fields are refused. */
export const requestSchemas = {
  retry: z.strictObject({ ...request, provedAbsent: z.boolean().default(false) }),
  drop: z.strictObject(request),
  retryExceptions: z.strictObject({ ...request, which, provedAbsent: z.boolean().default(false) }),
  assign: z.strictObject({ ...request, which, owner: name }),
  snooze: z.strictObject({ ...request, which, until: instantSchema }),
  label: z.strictObject({
    ...request,
    trackingNumber: name,
    /** Left out, it costs what the tariff says. */
    price: decimalSchema.nullable().default(null),
    trackingUrl: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .nullable()
      .default(null),
  }),
  hold: z.strictObject({ ...request, owner: name.nullable().default(null), until }),
  release: z.strictObject({ ...request, code: z.union([holdCodeSchema, z.literal('all')]) }),
  override: z.strictObject({
    ...request,
    choice: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('check'), code: holdCodeSchema }),
      z.strictObject({ kind: z.literal('fix'), node: name, service: name }),
      z.strictObject({ kind: z.literal('forbid'), node: name.nullable().default(null), service: name.nullable().default(null) }),
    ]),
    until,
  }),
  lift: z.strictObject({ ...request, override: name }),
  cancel: z.strictObject({ ...request, lines, cause: z.enum(cancelReasons).default('other') }),
  refund: z.strictObject({
    ...request,
    lines,
    amount: decimalSchema.nullable().default(null),
    shipping: z.boolean().default(false),
    cause: z.enum(refundReasons).default('other'),
  }),
  releaseShipments: z.strictObject({
    ...request,
    /** Also what is held because stock or orders were read too long ago. */
    evenIfLate: z.boolean().default(false),
  }),
  packCheck: z.strictObject({
    ...request,
    reason: request.reason.default('checked at packing'),
    shipment: name.nullable().default(null),
    /** The service of the label that is about to be stuck on. */
    service: name.nullable().default(null),
    parcels: z
      .array(
        z.strictObject({
          number: z.int().positive().max(1_000),
          box: name.nullable().default(null),
          grams: grams.nullable().default(null),
          items: z.array(z.strictObject({ sku: name, units: z.int().positive() })).max(200),
        }),
      )
      .min(1)
      .max(100),
  }),
  repack: z.strictObject({ ...request, shipment: name.nullable().default(null), parcels: z.array(parcel).min(1).max(100) }),
  decide: z.strictObject(request),
  freeze: z.strictObject({ ...request, until: instantSchema }),
  short: z.strictObject({ ...request, shipment: name, lines: lines.unwrap().min(1) }),
  reject: z.strictObject({ ...request, shipment: name, lines, doubt: z.enum(['not-in-stock', 'damaged']).nullable().default(null) }),
  counted: z.strictObject({ ...request, sku: name, units: z.int().nonnegative() }),
  outage: z.strictObject({ ...request, from: until, until, capacity: capacitySchema.default({ percent: 0 }) }),
  reopen: z.strictObject(request),
  pause: z.strictObject({ ...request, minutes: z.int().min(1).max(10_080) }),
  resume: z.strictObject(request),
  /** A policy as its file says it; it is read, and its fields are named, by the operation. */
  applyPolicy: z.strictObject({ ...request, policy: z.record(z.string(), z.json()) }),
  importInvoice: z.strictObject({ ...request, layout: name, text: z.string().min(1) }),
  billInvoice: z.strictObject({ ...request, despiteProblems: z.boolean().default(false) }),
  reconcile: z.strictObject({ ...request, order: name.optional(), sku: name.optional() }),
} as const;
