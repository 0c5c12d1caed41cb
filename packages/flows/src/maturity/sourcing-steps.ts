import { formatMoney, money } from '@quartermaster/domain';
import { counts, type OrderCase, type ShipmentDraft } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowContext } from '../context.ts';
import type { FlowSettings } from '../settings.ts';
import { askApproval, program, supersedePlans } from './approvals.ts';

type DecidedPlan = {
  readonly decisionId: string;
  readonly shipments: readonly ShipmentDraft[];
  /** What it costs beyond the cheapest way, where that is why people are asked. */
  readonly dearMinor?: number;
};

/** In `observe` waves look and decide nothing. */
export function decides({ maturity }: Pick<FlowSettings, 'maturity'>): boolean {
  return maturity.sourcing !== 'observe';
}

/** Proposes a plan for an order to people, in place of any earlier one; whoever's override chose it may not approve it. A plan that ships nothing asks for nothing: the order waits for the next wave. */
export async function proposePlan(
  tx: Transaction,
  context: FlowContext,
  given: OrderCase,
  { decisionId, shipments, dearMinor = 0 }: DecidedPlan,
): Promise<void> {
  await supersedePlans(tx, given.key, context.clock.now());
  if (shipments.length === 0) return;
  const dear =
    dearMinor === 0
      ? ''
      : `, ${formatMoney(money(dearMinor, context.settings.currency))} more than its cheapest way if all nodes had stock`;
  const what = `${given.order.name}: ${planInWords(shipments)}, ${costInWords(shipments)}${dear}`;
  const now = context.clock.now();
  const chosenBy = given.overrides.findLast((each) => counts(each, now) && each.kind !== 'check')?.by ?? program;
  const carry = { kind: 'plan' as const, decisionId, shipments: [...shipments] };
  await askApproval(tx, context, {
    flow: 'sourcing',
    about: given.key,
    what,
    askedBy: chosenBy,
    needs: 'operator',
    carry,
    parts: [decisionId],
  });
}

/** What the program would have done with an order: units by node and SKU. */
export const shadowSchema = z.object({
  decisionId: z.string(),
  /** The name by which people's orders in the ERP refer to it. */
  reference: z.string(),
  ours: z.array(z.object({ node: z.string(), sku: z.string(), units: z.int() })),
});
export type Shadow = z.infer<typeof shadowSchema>;

export const shadowKind = 'shadow-plan';

/** Keeps what would have been done with an order, until it is known what people did. The newest plan before that counts. */
export async function keepShadow(
  tx: Transaction,
  context: FlowContext,
  given: OrderCase,
  { decisionId, shipments }: DecidedPlan,
): Promise<void> {
  const before = await tx.records.get(shadowKind, given.key, shadowSchema);
  if (before !== null && before.state !== 'waiting') return;
  const ours = shipments.flatMap(({ node, lines }) => lines.map(({ sku, units }) => ({ node, sku, units })));
  const body: Shadow = { decisionId, reference: given.order.name, ours };
  await tx.records.put(shadowKind, given.key, { state: 'waiting', body, at: context.clock.now(), version: before?.version ?? 0 });
}

export function planInWords(shipments: readonly ShipmentDraft[]): string {
  return shipments
    .map(
      ({ node, carrier, service, lines }) =>
        `${lines.map(({ sku, units }) => `${units} x ${sku}`).join(', ')} from ${node} by ${carrier}/${service}`,
    )
    .join('; ');
}

function costInWords(shipments: readonly ShipmentDraft[]): string {
  const minor = shipments.flatMap(({ estimate }) => Object.values(estimate.minorByTerm)).reduce((sum, each) => sum + each, 0);
  const currency = shipments[0]?.estimate.currency ?? '';
  return `expected to cost ${formatMoney(money(minor, currency))}`;
}
