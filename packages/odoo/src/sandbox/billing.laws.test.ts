import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sandboxTarget } from '../testing/behaviour/target.ts';
import { openWorkbench } from '../testing/behaviour/workbench.ts';
import { shopOf } from '../testing/behaviour/shop.ts';

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('invoice' as const) }),
    fc.record({ kind: fc.constant('credit' as const), quantity: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ kind: fc.constant('credit amount' as const), cents: fc.integer({ min: 1, max: 4_000 }) }),
    fc.record({ kind: fc.constant('pay' as const), cents: fc.integer({ min: 1, max: 4_000 }) }),
    fc.record({ kind: fc.constant('deliver' as const), quantity: fc.integer({ min: 1, max: 3 }) }),
  ),
  { minLength: 1, maxLength: 8 },
);

type Step = typeof steps extends fc.Arbitrary<(infer Each)[]> ? Each : never;

test.each([17, 19] as const)(
  'whatever is invoiced, credited, paid and shipped in Odoo %i: no invoice is credited or paid beyond its total, and what was invoiced once is not due again',
  async (version) => {
    const bench = await openWorkbench(sandboxTarget(version, 'json-rpc'));
    const { operations, order, orderLines, deliver, journal } = shopOf(bench);
    const bank = await journal('bank');
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const sold = await order([{ quantity: 6, price: 7.77 }]);
        for (const step of all) await attempt(sold.id, step).catch(refused);
        const documents = await operations.invoices.ofOrder(sold.id);
        const invoices = documents.filter(({ kind }) => kind === 'invoice');
        const units = (kind: string) =>
          documents
            .filter((each) => each.kind === kind)
            .flatMap((each) => each.lines)
            .reduce((sum, line) => sum + line.quantity, 0);
        expect(units('invoice')).toBeLessThanOrEqual(6);
        expect(units('credit-note')).toBeLessThanOrEqual(units('invoice'));
        const due = (await orderLines(sold.id)).map(({ toInvoice }) => toInvoice);
        expect(due).toEqual([invoices.length === 0 ? 6 : 0]);
        for (const invoice of invoices) {
          expect(Number(invoice.residual)).toBeGreaterThanOrEqual(0);
          expect(cents(invoice.untaxed) + cents(invoice.tax)).toBe(cents(invoice.total));
          expect(invoice.lines.reduce((sum, line) => sum + cents(line.total), 0)).toBe(cents(invoice.total));
        }
      }),
      { numRuns: 40 },
    );

    async function attempt(id: number, step: Step): Promise<unknown> {
      if (step.kind === 'deliver') return deliver(id, step.quantity);
      if (step.kind === 'invoice') {
        const { drafts } = await operations.invoices.create({ order: id });
        return Promise.all(drafts.map((draft) => operations.invoices.post({ invoice: draft.id })));
      }
      const invoice = (await operations.invoices.ofOrder(id)).find(({ kind, state }) => kind === 'invoice' && state === 'posted');
      if (invoice === undefined) return null;
      const key = bench.unique('key');
      if (step.kind === 'pay')
        return operations.payments.register({ key, invoice: invoice.id, amount: (step.cents / 100).toFixed(2), journal: bank });
      const line = invoice.lines[0]?.id ?? 0;
      const lines = step.kind === 'credit' ? [{ line, quantity: step.quantity }] : [{ line, amount: (step.cents / 100).toFixed(2) }];
      return operations.creditNotes.create({ key, invoice: invoice.id, reason: 'law', lines });
    }
  },
  60_000,
);

function cents(text: string): number {
  return Math.round(Number(text) * 100);
}

/** What is refused changes nothing; anything else is a failure. */
function refused(error: unknown): void {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  if (code === 'refused' || code === 'conflict') return;
  if (error instanceof Error && error.message === 'the order has no delivery') return;
  throw error;
}
