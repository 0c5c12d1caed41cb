import { systemClock } from '@quartermaster/connector-kit';
import { isFault } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { operationsOn } from '../../operations/odoo-operations.ts';
import { sessions } from '../../session/session.ts';
import { operationsUntil } from './cut-line.ts';
import { shopOf } from './shop.ts';
import type { Workbench } from './workbench.ts';

/** Payments of invoices, refunds and free payments. */
export function paymentsBehave(bench: () => Workbench): void {
  test('an invoice is paid in two parts, each once', async () => {
    const { operations, invoiced, journal } = shopOf(bench());
    const invoice = await invoiced([{ quantity: 5, price: 10 }]);
    const first = { key: bench().unique('pay'), invoice: invoice.id, amount: '20.01', journal: await journal('bank'), reference: 'pi_1' };
    const paid = await operations.payments.register(first);
    expect(paid.payment).toMatchObject({ stage: 'made', direction: 'inbound', amount: '20.01', reference: 'pi_1', invoices: [invoice.id] });
    expect(paid.invoice).toMatchObject({ paymentState: 'partial', residual: '29.99' });
    await expect(operations.payments.register(first)).resolves.toEqual(paid);
    const rest = await operations.payments.register({ key: bench().unique('pay'), invoice: invoice.id, journal: await journal('bank') });
    expect(rest.payment.amount).toBe('29.99');
    expect(['paid', 'in_payment']).toContain(rest.invoice.paymentState);
    expect(rest.invoice.residual).toBe('0');
  });

  test('two who register the same payment at once pay once', async () => {
    const { operations, invoiced, journal } = shopOf(bench());
    const invoice = await invoiced([{ quantity: 5, price: 10 }]);
    const payment = { key: bench().unique('pay'), invoice: invoice.id, journal: await journal('bank') };
    await Promise.allSettled([1, 2, 3].map(async () => operations.payments.register(payment)));
    const { payment: made } = await operations.payments.register(payment);
    const all = await bench().odoo.searchRead('account.payment', [['partner_id', '=', made.partner ?? 0]], []);
    expect(all.map(({ id }) => id)).toEqual([made.id]);
  });

  test.each(['action_post', 'js_assign_outstanding_line'])(
    'a payment that broke off before %s is finished by the next attempt',
    async (words) => {
      const { operations, invoiced, journal } = shopOf(bench());
      const invoice = await invoiced([{ quantity: 1, price: 10 }]);
      const payment = { key: bench().unique('pay'), invoice: invoice.id, amount: '4.00', journal: await journal('bank') };
      await expect(operationsUntil(bench().session, words).payments.register(payment)).rejects.toThrow();
      await expect(operations.payments.register(payment)).resolves.toMatchObject({
        payment: { amount: '4', invoices: [invoice.id] },
        invoice: { paymentState: 'partial', residual: '6' },
      });
    },
  );

  test('more than what is left is not paid', async () => {
    const { operations, invoiced, journal } = shopOf(bench());
    const invoice = await invoiced([{ quantity: 1, price: 10 }]);
    const payment = { key: bench().unique('pay'), invoice: invoice.id, amount: '10.01', journal: await journal('bank') };
    await expect(operations.payments.register(payment)).rejects.toMatchObject({ code: 'refused' });
    await operations.payments.register({ ...payment, amount: '10' });
    await expect(operations.payments.register({ ...payment, key: bench().unique('pay'), amount: '0.01' })).rejects.toMatchObject({
      code: 'refused',
    });
  });

  test('what somebody registered by the form of Odoo counts as paid', async () => {
    const { operations, invoiced, journal, payByForm } = shopOf(bench());
    const invoice = await invoiced([{ quantity: 1, price: 10 }]);
    await payByForm(invoice.id, '7.50');
    const payment = { key: bench().unique('pay'), invoice: invoice.id, amount: '2.51', journal: await journal('bank') };
    await expect(operations.payments.register(payment)).rejects.toMatchObject({ code: 'refused' });
    await expect(operations.payments.register({ ...payment, amount: '2.50' })).resolves.toMatchObject({ invoice: { residual: '0' } });
  });

  test('a draft is not paid', async () => {
    const { operations, invoiced, journal } = shopOf(bench());
    const invoice = await invoiced([{ quantity: 1, price: 10 }], { post: false });
    const payment = operations.payments.register({ key: bench().unique('pay'), invoice: invoice.id, journal: await journal('bank') });
    await expect(payment).rejects.toMatchObject({ code: 'refused' });
  });

  test('a credit note of a paid invoice is paid back', async () => {
    const { operations, invoiced, journal } = shopOf(bench());
    const invoice = await invoiced([{ quantity: 5, price: 10 }]);
    await operations.payments.register({ key: bench().unique('pay'), invoice: invoice.id, journal: await journal('bank') });
    const lines = [{ line: invoice.lines[0]?.id ?? 0, quantity: 2 }];
    const note = await operations.creditNotes.create({ key: bench().unique('credit'), invoice: invoice.id, reason: 'broken', lines });
    expect(note.residual).toBe('20');
    const refund = await operations.payments.register({ key: bench().unique('refund'), invoice: note.id, journal: await journal('bank') });
    expect(refund.payment).toMatchObject({ direction: 'outbound', amount: '20', invoices: [note.id] });
    expect(refund.invoice.residual).toBe('0');
  });

  test('money that belongs to no invoice is recorded once', async () => {
    const { operations, journal } = shopOf(bench());
    const partner = await bench().customer();
    const deposit = {
      key: bench().unique('pay'),
      direction: 'outbound',
      party: 'customer',
      partner,
      amount: '12.34',
      journal: await journal('bank'),
      reference: 'goodwill',
    } as const;
    const made = await operations.payments.record(deposit);
    expect(made).toMatchObject({ stage: 'made', direction: 'outbound', amount: '12.34', reference: 'goodwill', invoices: [] });
    await expect(operations.payments.record(deposit)).resolves.toEqual(made);
  });

  test('one does not pay by a sales journal', async () => {
    const { operations } = shopOf(bench());
    const [sales] = await bench().odoo.searchRead('account.journal', [['type', '=', 'sale']], []);
    const partner = await bench().customer();
    const payment = operations.payments.record({
      key: bench().unique('pay'),
      direction: 'inbound',
      party: 'customer',
      partner,
      amount: '1',
      journal: sales?.id ?? 0,
    });
    await expect(payment).rejects.toMatchObject({ code: 'refused' });
  });

  test('who may not record payments is told which right is missing', async () => {
    const { journal } = shopOf(bench());
    const payment = {
      direction: 'inbound',
      party: 'customer',
      partner: await bench().customer(),
      amount: '1',
      journal: await journal('bank'),
    } as const;
    const { salesperson } = bench();
    const limited = operationsOn(sessions(salesperson, salesperson.clock ?? systemClock).open);
    const fault: unknown = await limited.payments.record({ ...payment, key: bench().unique('pay') }).catch((error: unknown) => error);
    expect(isFault(fault) && [fault.code, fault.facts.advice]).toEqual([
      'forbidden',
      'Give the integration user the right "Accounting: Invoicing" in Odoo.',
    ]);
  });
}
