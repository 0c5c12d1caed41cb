import type { Capture, Captured, ConnectorOperation } from '@quartermaster/domain';
import { amountIn, moneyIn } from './amounts.ts';
import { notDone, type VendureClient } from './client.ts';
import { settleDocument } from './documents.ts';
import { readStanding } from './orders.ts';
import { refusedBy } from './refusals.ts';
import { wordsOf, type ShopOrder } from './translate.ts';
import { isRefusal, settledPaymentSchema, type WireStanding } from './wire.ts';

const operation = 'payments.capture';

/** Takes authorized payments, each whole: Vendure settles no parts. Settling one that is settled changes nothing. */
export function capturing(client: VendureClient): ConnectorOperation<Capture, Captured> {
  return {
    safety: 'natural',
    async make({ orderId, amount }) {
      const order = await readStanding(client, 'payments.order', orderId);
      if (order === null) throw notDone('not-found', operation, 'the shop has no such order');
      const authorized = paymentsOf(order, ['Authorized']);
      const open = sumOf(authorized);
      const taken = sumOf(paymentsOf(order, ['Settled']));
      const wanted = amountIn(wordsOf(order), amount);
      if (wanted > open + taken) throw notDone('refused', operation, 'more than was authorized');
      if (open > 0) {
        // Of several payments an earlier attempt may have taken some.
        if (wanted !== open && wanted !== open + taken) throw notDone('unsupported', operation, 'Vendure takes authorized payments whole');
        for (const { id } of authorized) await settle(id);
      }
      return { ref: orderId, amount };
    },
    async find({ orderId, amount }) {
      const order = await readStanding(client, 'payments.find', orderId);
      if (order === null || paymentsOf(order, ['Authorized']).length > 0) return { kind: 'absent' };
      const taken = moneyIn(wordsOf(order), sumOf(paymentsOf(order, ['Settled'])));
      return taken.minor >= amount.minor ? { kind: 'found', result: { ref: orderId, amount } } : { kind: 'absent' };
    },
  };

  async function settle(id: string): Promise<void> {
    const call = { operation, document: settleDocument, variables: { id }, schema: settledPaymentSchema } as const;
    const { settlePayment: settled } = await client({ ...call, kind: 'repeatable-effect' });
    if (isRefusal(settled)) throw refusedBy(operation, settled);
  }
}

function paymentsOf({ payments }: ShopOrder<WireStanding>, states: readonly string[]) {
  return (payments ?? []).filter(({ state }) => states.includes(state));
}

function sumOf(payments: readonly { readonly amount: number }[]): number {
  return payments.reduce((sum, { amount }) => sum + amount, 0);
}
