import { destinationOf, epochMs, instantOf, type Instant } from '@quartermaster/domain';
import {
  counts,
  holdsForTwo,
  openLines,
  overridableChecks,
  releaseStep,
  type HoldCode,
  type OrderCase,
  type OrderOverride,
} from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import { zoneOf } from '@quartermaster/parcels';
import type { FlowContext } from '../context.ts';
import { askApproval } from '../maturity/approvals.ts';
import { findCase } from '../order-cases.ts';
import type { FlowSettings } from '../settings.ts';
import { impossibleCode } from '../waves/sourcing-overrides.ts';
import { serviceId } from '../waves/sourcing-problem.ts';
import { letHappen, operate, refused, type Asked, type Outcome, type Refused } from './operation.ts';

/** Holds an order in a person's name, until it is released or until a time. */
export async function holdOrder(
  context: FlowContext,
  asked: Asked,
  given: { readonly order: string; readonly owner: string | null; readonly until: Instant | null },
): Promise<Outcome> {
  return operate(context, asked, { name: 'hold', needs: 'operator', given }, async (tx, now) => {
    if (given.until !== null && given.until <= now) return past(given.until);
    return letHappen(tx, context, given.order, {
      kind: 'hold-placed',
      hold: { code: 'manual', reason: asked.reason },
      by: asked.by,
      ...(given.owner === null ? {} : { owner: given.owner }),
      ...(given.until === null ? {} : { until: given.until }),
    });
  });
}

/**
 * Releases holds of an order, whether a person or a check placed them. A check that finds the very same again does not hold it again. Of an order above the policy's threshold the first
 * person approves, and another one releases.
 */
export async function releaseOrder(
  context: FlowContext,
  asked: Asked,
  given: { readonly order: string; readonly code: HoldCode | 'all' },
): Promise<Outcome> {
  const { code, order } = given;
  return operate(context, asked, { name: 'release', needs: 'operator', given }, async (tx) => {
    const found = await findCase(tx, order);
    const step = found === null ? 'release' : releaseStep(found.case, code, asked.by, context.settings.approvals);
    if (step === 'wait') return needsAnother(asked.by);
    const wish = { code, by: asked.by, reason: asked.reason };
    if (step === 'release') return letHappen(tx, context, order, { kind: 'hold-released', ...wish });
    const approved = await letHappen(tx, context, order, { kind: 'release-approved', ...wish });
    if (approved.kind === 'done') await askSecond(tx, context, order, { code, asked });
    return approved;
  });
}

/** Whoever looks at what waits for an approval sees the release there, too. */
async function askSecond(
  tx: Transaction,
  context: FlowContext,
  order: string,
  { code, asked }: { readonly code: HoldCode | 'all'; readonly asked: Asked },
): Promise<void> {
  const what = `release of ${code === 'all' ? 'all holds' : `the hold ${code}`}, which a second person must approve: ${asked.reason}`;
  const carry = { kind: 'operation' as const, name: 'release', given: { code, reason: asked.reason } };
  await askApproval(tx, context, {
    flow: 'release',
    about: order,
    what,
    askedBy: asked.by,
    needs: 'operator',
    carry,
    parts: [asked.requestId],
  });
}

/** What a person decides in place of the program: see {@link OrderOverride}. */
export type OverrideChoice =
  | { readonly kind: 'check'; readonly code: HoldCode }
  | { readonly kind: 'fix'; readonly node: string; readonly service: string }
  | { readonly kind: 'forbid'; readonly node: string | null; readonly service: string | null };

/** Decides about an order in place of a check, or of the next waves. Refused in words when it cannot be. */
export async function overrideOrder(
  context: FlowContext,
  asked: Asked,
  given: { readonly order: string; readonly choice: OverrideChoice; readonly until: Instant | null },
): Promise<Outcome> {
  const { choice } = given;
  const { needs, mostHours } = context.settings.overrides[choice.kind];
  return operate(context, asked, { name: 'override', needs, given }, async (tx, now) => {
    if (given.until !== null && given.until <= now) return past(given.until);
    const latest = mostHours === null ? null : instantOf(epochMs(now) + mostHours * 3_600_000);
    if (latest !== null && given.until !== null && given.until > latest)
      return impossible(`an override of kind ${choice.kind} lasts ${mostHours} hours at most`, `Give a time until ${latest}, or none.`);
    const until = given.until ?? latest;
    const override: OrderOverride = { ...choice, id: asked.requestId, by: asked.by, why: asked.reason, at: now, until };
    return letHappen(tx, context, given.order, { kind: 'overridden', override }, (order) =>
      whyImpossible(context.settings, order, choice, now),
    );
  });
}

/** Ends an override, by the id of the request that asked for it. */
export async function liftOverride(
  context: FlowContext,
  asked: Asked,
  given: { readonly order: string; readonly override: string },
): Promise<Outcome> {
  return operate(context, asked, { name: 'lift', needs: 'supervisor', given }, async (tx, now) => {
    const worked = await letHappen(tx, context, given.order, {
      kind: 'override-lifted',
      id: given.override,
      by: asked.by,
      reason: asked.reason,
    });
    if (worked.kind === 'done')
      await tx.exceptions.resolve({ code: impossibleCode, subjectKey: given.order }, { by: asked.by, reason: asked.reason, at: now });
    return worked;
  });
}

/** Why a choice cannot be, as far as that can be said before the wave; stock is looked at there. */
function whyImpossible(settings: FlowSettings, order: OrderCase, choice: OverrideChoice, now: Instant): Refused | null {
  if (choice.kind === 'check') {
    if (holdsForTwo(order, settings.approvals).some(({ code }) => code === choice.code))
      return impossible(
        'an order of this value is released by two people',
        "Release the hold: the first approves, and another person's word lets it go.",
      );
    const known = overridableChecks.some((code) => code === choice.code);
    return known ? null : impossible(`the finding ${choice.code} cannot be set aside`, `These can: ${overridableChecks.join(', ')}.`);
  }
  if (openLines(order).length === 0)
    return impossible('every line of the order has its node already', 'Hold the order, or change it in the ERP.');
  const nodes = settings.nodes.map(({ id }) => id);
  const services = servicesOf(settings).map(({ id }) => id);
  if (choice.node !== null && !nodes.includes(choice.node))
    return impossible(`there is no node ${choice.node}`, `Nodes: ${nodes.join(', ')}.`);
  if (choice.service !== null && !services.includes(choice.service))
    return impossible(`there is no service ${choice.service}`, `Services: ${services.join(', ')}.`);
  if (choice.kind === 'forbid' && choice.node === null && choice.service === null)
    return impossible('what is forbidden is a node, a service, or both', 'Name one.');
  const standing = order.overrides.filter((each) => counts(each, now));
  const fixed = choice.kind === 'fix' ? choice : (standing.find((each) => each.kind === 'fix') ?? null);
  const bans = [...standing, ...(choice.kind === 'forbid' ? [choice] : [])].filter((each) => each.kind === 'forbid');
  const ways = waysOf(settings, order);
  if (fixed !== null) {
    const named = `${fixed.service} from ${fixed.node}`;
    if (!ways.some((way) => way.node === fixed.node && way.service === fixed.service))
      return impossible(`${named} is not offered to this order`, `Ways: ${waysInWords(ways)}.`);
    if (bans.some((ban) => bansWay(ban, fixed))) return impossible(`${named} is forbidden to this order`, 'Lift one of the two overrides.');
  }
  if (!ways.some((way) => !bans.some((ban) => bansWay(ban, way))))
    return impossible('no way would be left to the order', 'Hold the order instead, or cancel it in the channel.');
  return null;
}

type Way = { readonly node: string; readonly service: string };

/** Every node and service that reach the order, as its requested service allows. */
function waysOf(settings: FlowSettings, { order }: OrderCase): Way[] {
  const { destination, requestedService } = order;
  if (destination === null) return [];
  const allowed = requestedService === null ? undefined : settings.sourcing.servicesFor[requestedService];
  return servicesOf(settings)
    .filter(({ id }) => allowed === undefined || allowed.includes(id))
    .flatMap(({ id, service }) =>
      settings.nodes
        .filter((node) => zoneOf(service, destinationOf(node.address), destination) !== null)
        .map((node) => ({ node: node.id, service: id })),
    );
}

function servicesOf(settings: FlowSettings) {
  return settings.carriers.flatMap((carrier) =>
    carrier.tariff.services.map((service) => ({ id: serviceId(carrier, service.id), service })),
  );
}

function bansWay(ban: { readonly node: string | null; readonly service: string | null }, way: Way): boolean {
  return (ban.node === null || ban.node === way.node) && (ban.service === null || ban.service === way.service);
}

function waysInWords(ways: readonly Way[]): string {
  return ways.length === 0 ? 'none' : ways.map(({ node, service }) => `${service} from ${node}`).join(', ');
}

function needsAnother(by: string): Refused {
  return refused(
    'wrong-state',
    `${by} has approved it already, and an order of this value needs a second person`,
    'Ask another person to release it.',
  );
}

function past(until: Instant): Refused {
  return impossible(`${until} is over`, 'Give a time to come, or none.');
}

function impossible(message: string, next: string): Refused {
  return refused('impossible', message, next);
}
