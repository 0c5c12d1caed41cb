import {
  compareText,
  currencySchema,
  decimalSchema,
  moneyFromDecimal,
  zero,
  type ChannelOrder,
  type Instant,
  type OrderLine,
} from '@quartermaster/domain';
import { checkOrder, holdCodeSchema, type HoldCode } from '@quartermaster/fulfilment';
import { z } from 'zod';
import type { FlowSettings } from '../settings.ts';
import { eligibleNodes, priorityOf, splitRuleOf } from './allocation.ts';
import { commitTimingOf, commitTimings } from './commit-timing.ts';

/** An order as a person sketches it; what is left out is ordinary. */
const sketchSchema = z.strictObject({
  channel: z.string().min(1).optional(),
  class: z.enum(['consumer', 'business']).default('consumer'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .default('DE'),
  service: z.string().nullable().default(null),
  terms: z.string().nullable().default(null),
  total: decimalSchema.default('20.00'),
  currency: currencySchema.optional(),
  /** Money that is secured; left out: all of it. */
  secured: decimalSchema.optional(),
  /** Part of it that is only authorised. */
  authorised: decimalSchema.default('0'),
  risk: z.enum(['low', 'medium', 'high', 'unknown']).default('low'),
  test: z.boolean().default(false),
  /** Units by SKU. */
  skus: z.record(z.string(), z.int().positive()).default({ SKU: 1 }),
  /** Days from today until which it is promised. */
  promisedInDays: z.int().default(4),
});

/** Cases beside a policy: what it is expected to do with an order. What is not expected is not compared. */
export const policyCasesSchema = z.strictObject({
  cases: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        order: sketchSchema.prefault({}),
        expect: z.strictObject({
          /** Codes of the holds, in any order. */
          holds: z.array(holdCodeSchema).optional(),
          /** Nodes that may ship all of it. */
          nodes: z.array(z.string()).optional(),
          /** Name of the rule; null: none. */
          priority: z.string().nullable().optional(),
          split: z.string().nullable().optional(),
          commit: z.enum(commitTimings).optional(),
        }),
      }),
    )
    .min(1),
});
export type PolicyCases = z.infer<typeof policyCasesSchema>;
type Case = PolicyCases['cases'][number];

/** What came of a case: `wrong` says in words where the policy does something else; empty: it does what is expected. */
export type CaseResult = { readonly name: string; readonly wrong: readonly string[] };

/** Runs cases against a policy, without a journal, a connection or a wave. Addresses are taken as good, and every SKU as known. Pure. */
export function runPolicyCases(settings: FlowSettings, { cases }: PolicyCases, now: Instant): CaseResult[] {
  return cases.map((each) => ({ name: each.name, wrong: differencesOf(settings, each, now) }));
}

function differencesOf(settings: FlowSettings, { order: sketch, expect }: Case, now: Instant): string[] {
  const channel = sketch.channel ?? settings.channels[0]?.connection ?? '';
  const order = sketched(sketch, settings, now);
  const given = { channel, order };
  const differs = (what: string, wanted: unknown, got: unknown) =>
    wanted === undefined || JSON.stringify(wanted) === JSON.stringify(got)
      ? []
      : [`${what}: expected ${textOf(wanted)}, and it is ${textOf(got)}`];
  return [
    ...differs('holds', expect.holds?.toSorted(compareText), holdsOf(settings, given).toSorted(compareText)),
    ...differs('nodes', expect.nodes?.toSorted(compareText), nodesOf(settings, given).toSorted(compareText)),
    ...differs('priority', expect.priority, priorityOf(settings, given, sketch.promisedInDays)?.name ?? null),
    ...differs('split', expect.split, splitRuleOf(settings, given)?.name ?? null),
    ...differs('commit', expect.commit, commitTimingOf(settings, given)),
  ];
}

type Ordered = { readonly channel: string; readonly order: ChannelOrder };

function holdsOf(settings: FlowSettings, { channel, order }: Ordered): HoldCode[] {
  const holds = checkOrder({
    key: 'case',
    channel,
    order,
    person: { shipTo: null, billTo: null },
    knownSkus: () => true,
    others: [],
    tags: settings.skuTags,
    policy: settings.checks,
    now: order.placedAt,
  });
  return holds.map(({ code }) => code).filter((code) => code !== 'address');
}

function nodesOf(settings: FlowSettings, given: Ordered): string[] {
  const all = settings.nodes.map(({ id }) => id);
  const limits = [null, ...given.order.lines.map(({ sku }) => sku)].map((sku) => eligibleNodes(settings, given, sku));
  return all.filter((id) => limits.every((nodes) => nodes === null || nodes.includes(id)));
}

function sketched(sketch: Case['order'], { currency: own }: FlowSettings, now: Instant): ChannelOrder {
  const currency = sketch.currency ?? own;
  const total = moneyFromDecimal(sketch.total, currency);
  const toCapture = moneyFromDecimal(sketch.authorised, currency);
  const none = zero(currency);
  const lines = Object.entries(sketch.skus).map(([sku, quantity], index): OrderLine => ({
    id: String(index + 1),
    kind: 'product',
    parent: null,
    sku,
    title: sku,
    quantity,
    unitFactor: 1,
    unitPrice: '0',
    total: index === 0 ? total : none,
    tax: none,
  }));
  return {
    id: 'case',
    name: 'case',
    revision: '1',
    status: 'open',
    test: sketch.test,
    placedAt: now,
    updatedAt: now,
    class: sketch.class,
    purchaseOrderNumber: null,
    terms: sketch.terms,
    shipNotBefore: null,
    requestedService: sketch.service,
    pickupPoint: null,
    currency,
    taxesIncluded: true,
    payment: { status: 'case', secured: sketch.secured === undefined ? total : moneyFromDecimal(sketch.secured, currency), toCapture },
    risk: sketch.risk,
    subject: 'case',
    destination: { country: sketch.country, region: null, postalArea: '' },
    addressHash: null,
    lines,
    shipping: none,
    shippingTax: none,
    orderDiscount: none,
    total,
  };
}

function textOf(value: unknown): string {
  if (value === null) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
