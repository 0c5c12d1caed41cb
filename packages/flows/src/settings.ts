import { decimalSchema, fulfilmentNodeSchema } from '@quartermaster/domain';
import { approvalPolicySchema, checkPolicySchema, crewSchema, releasePolicySchema, skuTagsSchema } from '@quartermaster/fulfilment';
import { inventoryPolicySchema, safetyStockRulesSchema } from '@quartermaster/inventory';
import { productSidesSchema, tariffSchema } from '@quartermaster/parcels';
import { calendarSchema, carrierCalendarSchema, confidenceSchema, warehouseCalendarSchema } from '@quartermaster/promise';
import { z } from 'zod';
import { lookAheadSchema } from './waves/look-ahead-policy.ts';
import { countNodeSchema } from './counts/take-counts.ts';
import { driftPolicySchema } from './drift/policy.ts';
import { exceptionPolicySchema } from './exceptions/exception-policy.ts';
import { freightSettingsSchema } from './freight/freight-settings.ts';
import { maturityPolicySchema } from './maturity/maturity-policy.ts';
import { overridePolicySchema } from './regret/override-policy.ts';
import { outagePolicySchema, resourcingFields } from './resourcing/resourcing-policy.ts';
import { notificationPolicySchema } from './notifications/notification-policy.ts';
import { boxesSchema } from './packing/box-settings.ts';
import { eligibilitySchema, prioritiesSchema, splitsSchema } from './policy/allocation-rules.ts';
import { budgetsSchema } from './policy/label-budget.ts';
import { commitPolicySchema } from './policy/commit-timing.ts';

/**
 * `observe`: read, check and show, but change nothing outside. `auto`: carry decisions out. An order is acted on only when its channel, the ERP and the carriers are all `auto`.
 */
export const connectionModeSchema = z.enum(['observe', 'auto']);

/** What promises and costs the optimizer weighs. Amounts are decimal text in the currency of the plan. */
export const sourcingPolicySchema = z.strictObject({
  /** Days after the order was placed until which it should be delivered, by the service the customer asked for; `*` is for everybody else. */
  promiseDays: z.record(z.string(), z.int().nonnegative()).default({ '*': 4 }),
  /** On which days these count, and a promise may fall; without it on all. */
  promiseCalendar: calendarSchema.optional(),
  /** So many percent of the parcels are to arrive by the day that is counted on, where a carrier's calendar has `delay`. */
  confidence: confidenceSchema.default(90),
  /** Services of our tariffs (`connection/service`) that may fulfil a requested service; a request that is not listed may go by any. */
  servicesFor: z.record(z.string(), z.array(z.string()).min(1)).default({}),
  lateCostPerDay: decimalSchema.default('1.00'),
  splitCost: decimalSchema.default('1.00'),
  /** What leaving a unit unfilled costs: this share of its price, and at least the amount. Well above any freight, or cheap things are rather not shipped. */
  unfilledPercentOfPrice: z.number().nonnegative().default(100),
  unfilledAtLeast: decimalSchema.default('30.00'),
  /** A bought label may cost at most this much more than the plan assumed, in percent. */
  labelPriceTolerancePercent: z.number().nonnegative().default(25),
  /** Work units of the optimizer per wave; a work limit, unlike a time limit, gives the same plan on every machine. */
  workLimit: z.int().positive().nullable().default(null),
  /** Waves weigh what stock may be worth to the orders of the next days; null: each wave as if there were no tomorrow. Worth most where stock is scarce for days. */
  lookAhead: lookAheadSchema.nullable().default(null),
  ...resourcingFields,
});
export type SourcingPolicy = z.infer<typeof sourcingPolicySchema>;

/** How a carrier is asked for its prices. */
export const quotePolicySchema = z.strictObject({
  /** Weights that prices are asked for; a parcel costs what is quoted for the lightest of them that holds it. */
  upToGrams: z
    .array(z.int().positive())
    .min(1)
    .max(20)
    .refine((steps) => steps.every((step, index) => step > (steps[index - 1] ?? 0)), 'weights rise')
    .default([500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000]),
  /** Of what a wave would like to know at most so much is asked; what serves most orders comes first. */
  mostAsked: z.int().positive().default(1_000),
  /** A wave waits no longer. */
  withinSeconds: z.int().positive().max(120).default(20),
});

/**
 * The settings that are policy: what a policy file may say, what is hashed, compared, simulated and applied (`policy/`). The one list: a new section is a line here, with a default that keeps
 * things as they were, and the config, the file and its JSON schema have it.
 */
export const policySectionSchemas = {
  /** Local times `HH:MM` of every day at which open orders are sourced together and released. */
  waves: z.array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a local time such as 16:30')),
  checks: checkPolicySchema,
  /** What kinds of products there are; rules speak of the kinds. */
  skuTags: skuTagsSchema,
  /** What one person alone may not decide. */
  approvals: approvalPolicySchema,
  /** What may be spent without a person. */
  budgets: budgetsSchema,
  /** When stock is committed to orders. */
  commit: commitPolicySchema,
  /** What orders are worth more, in money. */
  priorities: prioritiesSchema,
  /** How orders may be divided. */
  splits: splitsSchema,
  /** Which nodes may ship what. */
  eligibility: eligibilitySchema,
  safetyStock: safetyStockRulesSchema,
  /** What of the stock is shown where: pools, windows, the oversell budget. */
  inventory: inventoryPolicySchema,
  sourcing: sourcingPolicySchema.prefault({}),
  /** When planned shipments are let go, and in which pick waves. */
  release: releasePolicySchema,
  /** What is known beforehand of nodes that are away, and of their crews. */
  outages: outagePolicySchema.prefault({}),
  /** Who looks after an exception, by its code; `*` is for the rest. */
  owners: z.record(z.string(), z.string()).default({ '*': 'operations' }),
  /** How long an exception may wait, and to whom it goes then. */
  exceptions: exceptionPolicySchema.prefault({}),
  /** What people are told beside the queue, and where. */
  notifications: notificationPolicySchema.prefault({}),
  /** How far each flow is trusted: watched, compared, asked about, or left to itself. */
  maturity: maturityPolicySchema.prefault({}),
  /** Who may decide in place of the program, and for how long. */
  overrides: overridePolicySchema.prefault({}),
};

/** Everything about the business that flows need; the app reads it from the config. */
export const flowSettingsSchema = z.strictObject({
  /** What people call the policy of these settings, and which of its sections its file names. `inline`: it stands in the config itself. */
  policy: z.strictObject({ name: z.string().min(1).default('inline'), sections: z.array(z.string()).default([]) }).prefault({}),
  tenant: z.string().min(1),
  company: z.string().min(1),
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** Zone in which wave times are meant. */
  zone: z.string().min(1),
  /** Without a calendar a node works every day. */
  nodes: z.array(fulfilmentNodeSchema.extend({ calendar: warehouseCalendarSchema.optional() })).min(1),
  erp: z.strictObject({
    connection: z.string().min(1),
    mode: connectionModeSchema,
    /** Service products that carry what is no product: they must exist in the ERP. */
    serviceSkus: z.strictObject({ shipping: z.string(), tax: z.string(), discount: z.string(), other: z.string() }),
  }),
  channels: z.array(
    z.strictObject({
      connection: z.string().min(1),
      mode: connectionModeSchema,
      /** Weight of this channel when stock is shared out. */
      share: z.number().nonnegative(),
      notifyCustomer: z.boolean().default(false),
      /** Whether the channel is told of every order that we take it on, where it takes such a thing; by default it is. */
      acknowledge: z.boolean().optional(),
      /** So many days after all orders of a person ended, the person is forgotten; by default never. */
      forgetAfterDays: z.int().positive().optional(),
      /** The channel is read no further while so many of its orders wait for a wave, or so many effects for their turn, by default 10,000: what a wave holds in memory is bounded by it. */
      mostWaiting: z.int().positive().optional(),
      /** Of its effects so many at a time go in one process, by default 8. */
      mostAtOnce: z.int().positive().optional(),
    }),
  ),
  carriers: z.array(
    z.strictObject({
      connection: z.string().min(1),
      mode: connectionModeSchema,
      /** What the carrier is called towards channels, such as `DHL`. */
      name: z.string().min(1),
      /** What the optimizer expects it to cost. */
      tariff: tariffSchema,
      /** When it fetches, carries and delivers; without it every day. */
      calendar: carrierCalendarSchema.optional(),
      labelFormat: z.enum(['pdf', 'zpl', 'png']).default('pdf'),
      /** The carrier is asked what it costs, before each wave, and its tariff stands only for what it did not answer. Left out, the tariff stands. */
      quotes: quotePolicySchema.optional(),
      /** As for channels. */
      mostAtOnce: z.int().positive().optional(),
    }),
  ),
  /** Where people can be told of what happens; the section `notifications` of the policy says what. */
  notifiers: z.array(z.strictObject({ connection: z.string().min(1) })).default([]),
  /** What goods are packed in; without boxes they are packed by weight alone. */
  boxes: boxesSchema.default([]),
  /** Sides of products by SKU, and how they may be packed: before, and beside, what the ERP says. */
  productSides: z.record(z.string().min(1), productSidesSchema).default({}),
  /** Who works at a node on single dates, as a planning program says it: before the shifts of the policy. */
  crewDates: z.record(z.string().min(1), crewSchema.shape.dates).default({}),
  /** Nodes whose stock is told by files and not by the ERP. */
  counts: z.array(countNodeSchema).default([]),
  /** How channel, ERP and journal are compared, and what may be mended. */
  reconcile: driftPolicySchema.prefault({}),
  /** How carriers' invoices are audited, and billed in the ERP. */
  freight: freightSettingsSchema.prefault({}),
  ...policySectionSchemas,
});
export type FlowSettings = z.infer<typeof flowSettingsSchema>;
export type CarrierSettings = FlowSettings['carriers'][number];
