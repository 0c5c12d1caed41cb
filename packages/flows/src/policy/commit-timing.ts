import type { ChannelOrder, ConnectionId } from '@quartermaster/domain';
import { isMeant, isWithin, orderConditionSchema, type OrderCase } from '@quartermaster/fulfilment';
import { z } from 'zod';
import type { FlowSettings } from '../settings.ts';

/**
 * When stock is committed to an order. `on-confirm`: at once when it comes, before its money; labels wait for the money. `on-payment`: at once when its money is secured, and not before, whatever its
 * terms. `on-wave`: at the waves, jointly with all others. `until-release`: as `on-wave`, and the plan may still change until it is released.
 */
export const commitTimings = ['on-confirm', 'on-payment', 'on-wave', 'until-release'] as const;
const timingSchema = z.enum(commitTimings);
export type CommitTiming = z.infer<typeof timingSchema>;

export const commitPolicySchema = z
  .strictObject({
    when: timingSchema.default('on-wave'),
    /** For some orders otherwise; the first rule that means an order counts. */
    rules: z.array(z.strictObject({ name: z.string().min(1).max(80), if: orderConditionSchema, when: timingSchema })).default([]),
  })
  .prefault({});

type Ordered = { readonly channel: ConnectionId; readonly order: ChannelOrder };

/** When stock is committed to this order. */
export function commitTimingOf({ commit, skuTags }: Pick<FlowSettings, 'commit' | 'skuTags'>, { channel, order }: Ordered): CommitTiming {
  return commit.rules.find((rule) => isMeant(rule.if, { channel, order, tags: skuTags }))?.when ?? commit.when;
}

/** Whether the policy commits stock to any order between the waves. */
export function commitsBetweenWaves({ commit }: Pick<FlowSettings, 'commit'>): boolean {
  return [commit, ...commit.rules].some(({ when }) => isAtOnce(when));
}

/** Whether sourcing may decide about an order at a wave, or between the waves, as far as its timing says. Between the waves only about what is new: what found no stock waits for a wave. */
export function isTimely(settings: FlowSettings, { scope, order, state }: OrderCase, at: 'wave' | 'between-waves'): boolean {
  const when = commitTimingOf(settings, { channel: scope.connection, order });
  if (when === 'on-payment' && !isSecured(settings, order)) return false;
  return at === 'wave' || (isAtOnce(when) && state === 'open');
}

/** Whether stock is set aside for an order before its money is there. */
export function reservesBeforePayment(settings: FlowSettings, given: Ordered): boolean {
  return commitTimingOf(settings, given) === 'on-confirm';
}

function isAtOnce(when: CommitTiming): boolean {
  return when === 'on-confirm' || when === 'on-payment';
}

function isSecured({ checks }: FlowSettings, { payment: { secured }, total }: ChannelOrder): boolean {
  return secured.currency === total.currency && (secured.minor >= total.minor || isWithin(checks.paymentTolerance, secured, total));
}
