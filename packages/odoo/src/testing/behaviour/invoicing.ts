import { isFault } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { operationsOn } from '../../operations/odoo-operations.ts';
import { sessions } from '../../session/session.ts';
import { systemClock } from '@quartermaster/connector-kit';
import { operationsUntil } from './cut-line.ts';
import { shopOf } from './shop.ts';
import type { Workbench } from './workbench.ts';

/** Invoices and credit notes of sales orders. */
export function invoicingBehaves(bench: () => Workbench): void {
  test('an order is invoiced once, however often it is asked', async () => {
    const { operations, order } = shopOf(bench());
    const sold = await order([{ quantity: 5, price: 10 }]);
    const first = await operations.invoices.create({ order: sold.id, date: '2026-11-20' });
    const again = await operations.invoices.create({ order: sold.id });
    const posted = await operations.invoices.post({ invoice: first.drafts[0]?.id ?? 0 });
    const after = await operations.invoices.create({ order: sold.id });
    expect([first.made, again.made, after.made, after.invoices.length]).toEqual(['invoice', 'nothing', 'nothing', 1]);
    expect(again.drafts.map(({ id }) => id)).toEqual(first.drafts.map(({ id }) => id));
    expect(posted).toMatchObject({
      kind: 'invoice',
      state: 'posted',
      paymentState: 'not_paid',
      date: '2026-11-20',
      residual: posted.total,
    });
    expect(Number(posted.total)).toBe(50);
  });

  test('two who invoice an order at once make one invoice', async () => {
    const { operations, order } = shopOf(bench());
    const sold = await order([{ quantity: 2, price: 10 }]);
    await Promise.allSettled([1, 2, 3].map(async () => operations.invoices.create({ order: sold.id })));
    await expect(operations.invoices.ofOrder(sold.id)).resolves.toHaveLength(1);
  });

  test('an order that is not confirmed is not invoiced', async () => {
    const { operations, order } = shopOf(bench());
    const sold = await order([{ quantity: 1, price: 10 }], { confirm: false });
    await expect(operations.invoices.create({ order: sold.id })).rejects.toMatchObject({ code: 'refused' });
  });

  test('posting twice posts once, on the day that was given first', async () => {
    const { operations, invoiced } = shopOf(bench());
    const { order: _order, ...invoice } = await invoiced([{ quantity: 1, price: 9.99 }]);
    await expect(operations.invoices.post({ invoice: invoice.id, date: '2026-01-01' })).resolves.toEqual(invoice);
  });

  test('odd cents of an invoice add up', async () => {
    const { invoiced } = shopOf(bench());
    const invoice = await invoiced([
      { quantity: 3, price: 0.33 },
      { quantity: 7, price: 1.07 },
      { quantity: 1, price: 25.01 },
    ]);
    const cents = (text: string) => Math.round(Number(text) * 100);
    expect(invoice.lines.reduce((sum, line) => sum + cents(line.total), 0)).toBe(99 + 749 + 2_501);
    expect(cents(invoice.total)).toBe(99 + 749 + 2_501);
  });

  test('what is delivered later is invoiced later when the product is billed by deliveries', async () => {
    const { operations, order, deliver } = shopOf(bench());
    const sold = await order([{ quantity: 5, price: 10, policy: 'delivery' }]);
    await expect(operations.invoices.create({ order: sold.id })).resolves.toMatchObject({ made: 'nothing', invoices: [] });
    await deliver(sold.id, 2);
    const { drafts } = await operations.invoices.create({ order: sold.id });
    expect(drafts.map((draft) => draft.lines.map((line) => line.quantity))).toEqual([[2]]);
  });

  test('units that were credited leave the order, so that a second invoice does not bill them again', async () => {
    const { operations, invoiced, orderLines } = shopOf(bench());
    const invoice = await invoiced([{ quantity: 5, price: 10 }]);
    const [line] = invoice.lines;
    const credit = { key: bench().unique('credit'), invoice: invoice.id, reason: 'broken', lines: [{ line: line?.id ?? 0, quantity: 2 }] };
    const note = await operations.creditNotes.create(credit);
    expect(note).toMatchObject({ kind: 'credit-note', state: 'posted', reverses: invoice.id });
    expect(Number(note.total)).toBe(20);
    await expect(operations.creditNotes.create(credit)).resolves.toEqual(note);
    await expect(operations.invoices.create({ order: invoice.order })).resolves.toMatchObject({ made: 'nothing' });
    await expect(orderLines(invoice.order)).resolves.toEqual([{ ordered: 3, invoiced: 3, toInvoice: 0 }]);
    await expect(operations.invoices.read(invoice.id)).resolves.toMatchObject({ paymentState: 'partial' });
  });

  test('two who credit the same at once make one credit note', async () => {
    const { operations, invoiced, orderLines } = shopOf(bench());
    const invoice = await invoiced([{ quantity: 5, price: 10 }]);
    const credit = {
      key: bench().unique('credit'),
      invoice: invoice.id,
      reason: 'broken',
      lines: [{ line: invoice.lines[0]?.id ?? 0, quantity: 2 }],
    };
    await Promise.allSettled([1, 2, 3].map(async () => operations.creditNotes.create(credit)));
    const note = await operations.creditNotes.create(credit);
    const all = await operations.invoices.ofOrder(invoice.order);
    expect(all.filter(({ kind }) => kind === 'credit-note').map(({ id }) => id)).toEqual([note.id]);
    await expect(orderLines(invoice.order)).resolves.toEqual([{ ordered: 3, invoiced: 3, toInvoice: 0 }]);
  });

  test.each(['product_uom_qty":3', 'action_post'])('a credit that broke off before %s is finished by the next attempt', async (words) => {
    const { operations, invoiced, orderLines } = shopOf(bench());
    const invoice = await invoiced([{ quantity: 5, price: 10 }]);
    const lines = [{ line: invoice.lines[0]?.id ?? 0, quantity: 2 }];
    const credit = { key: bench().unique('credit'), invoice: invoice.id, reason: 'broken', lines };
    const broken = operationsUntil(bench().session, words);
    await expect(broken.creditNotes.create(credit)).rejects.toThrow();
    // Meanwhile nobody bills what is about to be credited.
    await expect(operations.invoices.create({ order: invoice.order })).rejects.toMatchObject({ code: 'conflict' });
    await expect(operations.creditNotes.create(credit)).resolves.toMatchObject({ state: 'posted' });
    await expect(operations.invoices.create({ order: invoice.order })).resolves.toMatchObject({ made: 'nothing' });
    await expect(orderLines(invoice.order)).resolves.toEqual([{ ordered: 3, invoiced: 3, toInvoice: 0 }]);
  });

  test('an invoice that broke off before its date is dated by the next attempt', async () => {
    const { operations, order } = shopOf(bench());
    const sold = await order([{ quantity: 1, price: 10 }]);
    const broken = operationsUntil(bench().session, 'invoice_date":"2026');
    await expect(broken.invoices.create({ order: sold.id, date: '2026-11-19' })).rejects.toThrow();
    const { drafts, made } = await operations.invoices.create({ order: sold.id, date: '2026-11-19' });
    expect([made, drafts.map(({ date }) => date)]).toEqual(['nothing', ['2026-11-19']]);
  });

  test('what somebody credited by the form of Odoo is not billed again, unless that is asked for', async () => {
    const { operations, invoiced, creditByForm } = shopOf(bench());
    const invoice = await invoiced([{ quantity: 5, price: 10 }]);
    await creditByForm(invoice.id, 2);
    await expect(operations.invoices.create({ order: invoice.order })).rejects.toMatchObject({ code: 'conflict' });
    const { drafts } = await operations.invoices.create({ order: invoice.order, rebill: true });
    expect(drafts.map((draft) => draft.lines.map((line) => line.quantity))).toEqual([[2]]);
  });

  test('a credit that only makes room for a right invoice leaves the order to be billed', async () => {
    const { operations, invoiced, orderLines } = shopOf(bench());
    const invoice = await invoiced([{ quantity: 5, price: 10 }]);
    await operations.creditNotes.create({
      key: bench().unique('credit'),
      invoice: invoice.id,
      reason: 'wrong address',
      lines: 'all',
      order: 'rebill',
    });
    await expect(orderLines(invoice.order)).resolves.toEqual([{ ordered: 5, invoiced: 0, toInvoice: 5 }]);
  });

  test('shipping alone is credited', async () => {
    const { operations, invoiced, orderLines } = shopOf(bench());
    const invoice = await invoiced([
      { quantity: 1, price: 10 },
      { quantity: 1, price: 4.95, service: true },
    ]);
    const shipping = invoice.lines[1]?.id ?? 0;
    const note = await operations.creditNotes.create({
      key: bench().unique('credit'),
      invoice: invoice.id,
      reason: 'late',
      lines: [{ line: shipping, quantity: 1 }],
    });
    expect(Number(note.total)).toBe(4.95);
    await expect(orderLines(invoice.order)).resolves.toEqual([
      { ordered: 1, invoiced: 1, toInvoice: 0 },
      { ordered: 0, invoiced: 0, toInvoice: 0 },
    ]);
  });

  test('an amount is credited without a word to the order', async () => {
    const { operations, invoiced, orderLines } = shopOf(bench());
    const invoice = await invoiced([{ quantity: 5, price: 10 }]);
    const lines = [{ line: invoice.lines[0]?.id ?? 0, amount: '1.55' }];
    const note = await operations.creditNotes.create({ key: bench().unique('credit'), invoice: invoice.id, reason: 'sorry', lines });
    expect(Number(note.total)).toBe(1.55);
    await expect(orderLines(invoice.order)).resolves.toEqual([{ ordered: 5, invoiced: 5, toInvoice: 0 }]);
    await expect(operations.invoices.create({ order: invoice.order })).resolves.toMatchObject({ made: 'nothing' });
  });

  test('a whole invoice is credited, and is reversed', async () => {
    const { operations, invoiced } = shopOf(bench());
    const invoice = await invoiced([
      { quantity: 2, price: 10 },
      { quantity: 1, price: 4.95, service: true },
    ]);
    const note = await operations.creditNotes.create({
      key: bench().unique('credit'),
      invoice: invoice.id,
      reason: 'cancelled',
      lines: 'all',
    });
    expect(note.total).toBe(invoice.total);
    await expect(operations.invoices.read(invoice.id)).resolves.toMatchObject({ paymentState: 'reversed', residual: '0' });
  });

  test('units that the customer still has are not credited as units', async () => {
    const { operations, invoiced, deliver } = shopOf(bench());
    const invoice = await invoiced([{ quantity: 5, price: 10 }]);
    await deliver(invoice.order, 5);
    const lines = [{ line: invoice.lines[0]?.id ?? 0, quantity: 2 }];
    const credit = operations.creditNotes.create({ key: bench().unique('credit'), invoice: invoice.id, reason: 'broken', lines });
    await expect(credit).rejects.toMatchObject({ code: 'refused' });
    await expect(operations.invoices.ofOrder(invoice.order)).resolves.toHaveLength(1);
  });

  test('no more is credited than was invoiced', async () => {
    const { operations, invoiced } = shopOf(bench());
    const invoice = await invoiced([{ quantity: 5, price: 10 }]);
    const line = invoice.lines[0]?.id ?? 0;
    const credit = async (lines: readonly [{ line: number; quantity: number } | { line: number; amount: string }]) =>
      operations.creditNotes.create({ key: bench().unique('credit'), invoice: invoice.id, reason: 'x', lines });
    await expect(credit([{ line, quantity: 6 }])).rejects.toMatchObject({ code: 'refused' });
    await credit([{ line, quantity: 4 }]);
    await expect(credit([{ line, quantity: 2 }])).rejects.toMatchObject({ code: 'refused' });
    await expect(credit([{ line, amount: '10.01' }])).rejects.toMatchObject({ code: 'refused' });
    await credit([{ line, amount: '10.00' }]);
    await expect(operations.invoices.read(invoice.id)).resolves.toMatchObject({ residual: '0' });
  });

  test('an order in another currency is invoiced in it', async () => {
    const { operations, order, pricelist } = shopOf(bench());
    const dollars = await pricelist('USD');
    const sold = await order([{ quantity: 1, price: 10 }], { pricelist: dollars.id });
    const { drafts } = await operations.invoices.create({ order: sold.id });
    expect(drafts.map(({ currency }) => currency)).toEqual([dollars.currency]);
  });

  test('who sells may draft an invoice, but neither date nor post it, and is told which right is missing', async () => {
    const { order } = shopOf(bench());
    const { salesperson } = bench();
    const sold = await order([{ quantity: 1, price: 10 }]);
    const limited = operationsOn(sessions(salesperson, salesperson.clock ?? systemClock).open);
    const { drafts } = await limited.invoices.create({ order: sold.id });
    const forbidden = [
      limited.invoices.create({ order: sold.id, date: '2026-11-20' }),
      limited.invoices.post({ invoice: drafts[0]?.id ?? 0 }),
    ].map((call) => call.catch((error: unknown) => error));
    const advice = 'Give the integration user the right "Accounting: Invoicing" in Odoo.';
    const told = (await Promise.all(forbidden)).map((fault) => isFault(fault) && [fault.code, fault.facts.advice]);
    expect(told).toEqual([
      ['forbidden', advice],
      ['forbidden', advice],
    ]);
  });
}
