import { beforeTheEffect } from '@quartermaster/connector-kit';
import {
  money,
  shareUnits,
  type ConnectorOperation,
  type EffectMemo,
  type Reconciled,
  type Refund,
  type Refunded,
} from '@quartermaster/domain';
import { sum } from './amounts.ts';
import { notDone, type MiraklClient } from './client.ts';
import { goodRefunds, lineMoney, pricesIncludeTax, takenTotal, total, type LineMoney } from './order-money.ts';
import { readOrder } from './orders.ts';
import type { Reasons } from './reasons.ts';
import { wireTaking, type Taking } from './taking.ts';
import { madeRefundsSchema } from './wire-operations.ts';
import type { WireOrder, WireRefund } from './wire.ts';

/**
 * Refunds (OR28). Mirakl has refunds of lines only, so shipping goes back on the lines that carry it and an amount that belongs to no line on those that have most left. Refunds made together
 * have one `order_refund_id`. There is no key of ours: before a refund is asked for those that the order had are written down, and a group that came since and comes to the same is ours.
 */
export function refunding(client: MiraklClient, reasons: Reasons): ConnectorOperation<Refund, Refunded> {
  async function make(request: Refund, memo: EffectMemo): Promise<Refunded> {
    const order = await beforeTheEffect(() => readOrder(client, request.orderId, 'refunds.order'));
    if (order === null) throw notDone('not-found', 'refunds.make', 'the marketplace has no such order');
    const currency = order.currency_iso_code;
    const lines = takingsOf(request, order);
    const code = await reasons.refund(request.reason);
    const units = new Map(request.lines.map((line) => [line.lineId, line.units]));
    await memo.saveRefs({
      before: groupsOf(order)
        .map(({ id }) => id)
        .join(' '),
    });
    const reply = await client.call(
      {
        operation: 'refunds.make',
        limit: 'page',
        method: 'PUT',
        path: '/api/orders/refund',
        json: {
          ...(order.order_tax_mode === null || order.order_tax_mode === undefined ? {} : { order_tax_mode: order.order_tax_mode }),
          refunds: lines.map(({ of, taking }) => ({
            order_line_id: of.line.order_line_id,
            quantity: units.get(of.line.order_line_id) ?? 0,
            reason_code: code,
            ...wireTaking(taking, of.ordered, currency),
          })),
        },
        kind: 'effect',
        understand: (message, status) => notDone(status === 404 ? 'not-found' : 'refused', 'refunds.make', message),
      },
      madeRefundsSchema,
    );
    const [made] = reply.refunds;
    const ref = made?.order_refund_id ?? made?.refund_id ?? '';
    await memo.saveRefs({ refund: ref });
    return { ref, amount: money(amountOf(lines, order), currency), state: 'pending' };
  }

  async function find(request: Refund, memo: EffectMemo): Promise<Reconciled<Refunded>> {
    const { before, refund } = memo.refs;
    if (before === undefined) return { kind: 'absent' };
    const order = await readOrder(client, request.orderId, 'refunds.find');
    if (order === null) return { kind: 'cannot-tell', check: 'the marketplace has no such order any more' };
    const groups = groupsOf(order);
    if (refund !== undefined) {
      const ours = groups.find(({ id }) => id === refund);
      return ours === undefined ? { kind: 'pending', afterMs: 60_000 } : foundAs(ours, order);
    }
    const known = new Set(before.split(' '));
    const wanted = amountOf(takingsOf(request, order, 'whatever is left'), order);
    const fresh = groups.filter(({ id, minor }) => !known.has(id) && minor === wanted);
    const [only, ...others] = fresh;
    if (only === undefined) return { kind: 'absent' };
    if (others.length === 0) return foundAs(only, order);
    return { kind: 'cannot-tell', check: 'several refunds of this amount were made meanwhile; look which of them is this one' };
  }

  return { safety: 'read-back', make, find };
}

type RefundGroup = { readonly id: string; readonly minor: number; readonly isPaid: boolean };

/** Refunds that were made together. */
function groupsOf(order: WireOrder): readonly RefundGroup[] {
  const groups = new Map<string, WireRefund[]>();
  for (const line of order.order_lines)
    for (const refund of goodRefunds(line)) {
      const id = refund.order_refund_id ?? refund.id;
      groups.set(id, [...(groups.get(id) ?? []), refund]);
    }
  return [...groups].map(([id, refunds]) => ({
    id,
    minor: sum(refunds.map((refund) => takenTotal(refund, order.currency_iso_code, pricesIncludeTax(order)))),
    isPaid: refunds.every((refund) => (refund.refund_state ?? refund.state) === 'REFUNDED'),
  }));
}

function foundAs({ id, minor, isPaid }: RefundGroup, order: WireOrder): Reconciled<Refunded> {
  return { kind: 'found', result: { ref: id, amount: money(minor, order.currency_iso_code), state: isPaid ? 'done' : 'pending' } };
}

type LineTaking = { readonly of: LineMoney; readonly taking: Taking };

function amountOf(lines: readonly LineTaking[], order: WireOrder): number {
  const onTop = !pricesIncludeTax(order);
  return sum(
    lines.map(
      ({ taking: { price, shipping, taxes, shippingTaxes, fees } }) => price + shipping + fees + (onTop ? taxes + shippingTaxes : 0),
    ),
  );
}

/** What is to be taken from which line. Throws a `refused` fault for more than is left of the shipping, or of all lines together. */
function takingsOf(request: Refund, order: WireOrder, check: 'what is left' | 'whatever is left' = 'what is left'): readonly LineTaking[] {
  const lines = order.order_lines.map((line) => lineMoney(line, order.currency_iso_code));
  const asked = new Map<string, { price: number; taxes: number }>();
  for (const { lineId, amount, tax } of request.lines) {
    const before = asked.get(lineId) ?? { price: 0, taxes: 0 };
    asked.set(lineId, { price: before.price + amount.minor, taxes: before.taxes + tax.minor });
  }
  const strange = [...asked.keys()].find((id) => !lines.some(({ line }) => line.order_line_id === id));
  if (strange !== undefined) throw notDone('refused', 'refunds.make', `the order has no line ${strange}`);
  const left = (of: LineMoney) =>
    Math.max(0, (check === 'what is left' ? of.kept : of.wanted).price - (asked.get(of.line.order_line_id)?.price ?? 0));
  const goodwill = allotted(request.adjustment?.minor ?? 0, lines.map(left));
  const carried = lines.map(({ kept, wanted }) => (check === 'what is left' ? kept : wanted).shipping);
  const shipping = allotted(request.shipping?.amount.minor ?? 0, carried);
  const shippingTaxes = allotted(
    request.shipping?.tax.minor ?? 0,
    lines.map(({ wanted }) => total(wanted.shippingTaxes)),
  );
  return lines
    .map((of, nth): LineTaking => {
      const { price, taxes } = asked.get(of.line.order_line_id) ?? { price: 0, taxes: 0 };
      return {
        of,
        taking: {
          price: price + (goodwill[nth] ?? 0),
          shipping: shipping[nth] ?? 0,
          taxes,
          shippingTaxes: shippingTaxes[nth] ?? 0,
          fees: 0,
        },
      };
    })
    .filter(({ taking }) => taking.price + taking.shipping + taking.taxes + taking.shippingTaxes > 0);
}

/** An amount over lines, in proportion to what each has of it. */
function allotted(minor: number, left: readonly number[]): readonly number[] {
  if (minor === 0) return [];
  if (minor > sum(left)) throw notDone('refused', 'refunds.make', 'so much is not left to be refunded');
  return shareUnits(minor, left);
}
