import type { FlowContext } from '../context.ts';
import { findCase } from '../order-cases.ts';
import { letHappen, operate, refused, type Asked, type Outcome } from './operation.ts';
import { refundPlan, type RefundWish } from './refund-parts.ts';

/** Gives money back through the channel, once for a request. Refused in words where the channel cannot, or where there is not so much to give back. */
export async function refundOrder(context: FlowContext, asked: Asked, given: RefundWish & { readonly order: string }): Promise<Outcome> {
  const operation = { name: 'refund', needs: 'supervisor', given: { ...given, lines: [...given.lines] } } as const;
  return operate(context, asked, operation, async (tx) => {
    const found = await findCase(tx, given.order);
    if (found === null) return refused('not-found', `the journal has no order ${given.order}`, "Look its key up with 'qm explain'.");
    const { connection } = found.case.scope;
    const facet = context.channels.get(connection)?.refund ?? null;
    if (facet === null)
      return refused('impossible', `the channel ${connection} takes no refunds`, 'Give the money back where it was paid.');
    const plan = refundPlan(found.case, given);
    if (typeof plan === 'string') return refused('impossible', plan, "See what was paid with 'qm explain'.");
    return letHappen(tx, context, given.order, { kind: 'refund-asked', id: asked.requestId, ...plan });
  });
}
