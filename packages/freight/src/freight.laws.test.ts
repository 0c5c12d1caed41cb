import { decimalOf, money } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  auditFreight,
  draftVendorBills,
  importUpsInvoice,
  invoiceKey,
  recordLines,
  type Accrual,
  type AuditInput,
  type InvoiceLine,
} from './index.ts';
import { accrual, charge, csv, upsRow, usd } from './testing/given.ts';
import { upsColumns } from './ups-layout.ts';

const trackingNumbers = ['1ZA', '1ZB', '1ZC', '1ZD'];

const labels: fc.Arbitrary<Accrual[]> = fc
  .array(
    fc
      .record({
        trackingNumber: fc.constantFrom(...trackingNumbers),
        base: fc.integer({ min: 1, max: 3_000 }),
        fuel: fc.nat(400),
        residential: fc.constantFrom(0, 455),
        isOneSum: fc.boolean(),
        isReturn: fc.boolean(),
        voidedOn: fc.constantFrom(null, null, '2026-10-07'),
        grams: fc.integer({ min: 100, max: 9_000 }),
        currency: fc.constantFrom('USD', 'USD', 'EUR'),
      })
      .map(({ base, fuel, residential, isOneSum, ...label }) => {
        const parts = [charge('shipping', base), charge('fuel-charge', fuel), charge('location-fee', residential, 'RES')];
        const charges = parts.map((part) => ({ ...part, amount: money(part.amount.minor, label.currency) }));
        const { currency, ...rest } = label;
        return { ...rest, price: money(base + fuel + residential, currency), charges: isOneSum ? [] : charges };
      }),
    { maxLength: 5 },
  )
  .map((some) => some.map((label, index) => accrual({ ...label, id: `label-${index}`, references: [`REF${index % 3}`] })));

/** Rows of UPS Billing Data, no two alike. */
const rows: fc.Arbitrary<string[][]> = fc
  .array(
    fc.record({
      'Tracking Number': fc.constantFrom(...trackingNumbers, ...trackingNumbers, '1ZX', '1ZY', ''),
      'Lead Shipment Number': fc.constantFrom('', '1ZA'),
      'Package Reference Number 1': fc.constantFrom('', 'REF0', 'REF1'),
      'Charge Category Code': fc.constantFrom('SHP', 'SHP', 'SHP', 'ADJ', 'ADJ', 'RTN', 'MIS'),
      'Charge Category Detail Code': fc.constantFrom('ISS', 'SCC', 'ADC', 'ZONE', 'GSR', 'RADJ', 'CLB'),
      'Charge Classification Code': fc.constantFrom('FRT', 'FRT', 'FSC', 'ACC', 'TAX', 'INF'),
      'Charge Description Code': fc.constantFrom('003', 'RES', 'AHC'),
      'Net Amount': fc.oneof(
        fc.constantFrom('10.00', '-10.00', '4.55'),
        fc.integer({ min: -2_000, max: 4_000 }).map((minor) => decimalOf(usd(minor))),
      ),
      'Transaction Currency Code': fc.constantFrom('USD', 'USD', 'USD', 'EUR'),
      'Billed Weight': fc.constantFrom('', '2.0', '22.0'),
      'Billed Weight Unit of Measure': fc.constantFrom('L', 'K'),
      Zone: fc.constantFrom('', '004', '006'),
      invoice: fc.constantFrom(
        { 'Invoice Number': 'I1', 'Invoice Date': '2026-10-10' },
        { 'Invoice Number': 'I2', 'Invoice Date': '2026-10-17' },
        { 'Invoice Number': 'I3', 'Invoice Date': '2027-01-17' },
      ),
    }),
    { maxLength: 14, size: 'max' },
  )
  .map((some) =>
    some.map(({ invoice, ...cells }, index) => upsRow({ ...cells, ...invoice, 'Package Reference Number 5': `row ${index}` })),
  );

const reprices = fc.constantFrom<NonNullable<AuditInput['reprice']> | null>(
  null,
  () => null,
  ({ accrual: label, grams, zone }) =>
    [charge('shipping', 300 + Math.ceil(grams / 100) * (zone === '6' ? 7 : 3)), charge('fuel-charge', grams % 97)].map((part) => ({
      ...part,
      amount: money(part.amount.minor, label.price.currency),
    })),
);

const linesOf = (some: readonly (readonly string[])[]): readonly InvoiceLine[] => recordLines([], importUpsInvoice(csv(some)).lines).lines;
const sumOf = (amounts: readonly { readonly minor: number }[]) => amounts.reduce((sum, { minor }) => sum + minor, 0);
const inCurrency = <T extends { readonly amount: { readonly currency: string } }>(some: readonly T[], currency: string) =>
  some.filter(({ amount }) => amount.currency === currency);

test('matched and unmatched lines together are the invoice to the cent', () => {
  fc.assert(
    fc.property(rows, labels, (some, accruals) => {
      const lines = linesOf(some);
      const audit = auditFreight({ lines, accruals });
      for (const { matched, unmatched, summed } of audit.invoices) expect(matched.minor + unmatched.minor).toBe(summed.minor);
      const everyLine = [...audit.shipments.flatMap((shipment) => shipment.lines), ...audit.unmatched.map(({ line }) => line)];
      expect(everyLine.map(({ id }) => id).sort()).toEqual(lines.map(({ id }) => id).sort());
    }),
  );
});

test('what was billed of a label less what was expected of it is the sum of its variances, and no variance has the id of another', () => {
  fc.assert(
    fc.property(rows, labels, reprices, (some, accruals, reprice) => {
      const audit = auditFreight({ lines: linesOf(some), accruals, reprice });
      for (const { accrual: label, billed, expected } of audit.shipments) {
        const own = inCurrency(
          audit.variances.filter(({ accrualId }) => accrualId === label.id),
          billed.currency,
        );
        expect(sumOf(own.map(({ amount }) => amount))).toBe(billed.minor - expected.minor);
      }
      for (const { accrual: label, lines, billed, expected } of audit.shipments) {
        expect(billed.minor).toBe(
          sumOf(
            inCurrency(
              lines.map(({ charge: { amount } }) => ({ amount })),
              billed.currency,
            ).map(({ amount }) => amount),
          ),
        );
        const isTransportBilled = lines.some((line) => line.class === 'base' && line.charge.amount.currency === billed.currency);
        // Once the transport is billed, the whole price is what was expected.
        const whole = label.voidedOn === null ? label.price.minor : 0;
        expect(isTransportBilled ? expected.minor : whole).toBe(whole);
      }
      expect(new Set(audit.variances.map(({ id }) => id)).size).toBe(audit.variances.length);
    }),
  );
});

test('the same rows in any order, parted over files and imported again give the same audit', () => {
  const shuffled = rows.chain((some) =>
    fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length }), fc.nat(some.length)),
  );
  fc.assert(
    fc.property(shuffled, labels, reprices, ([some, mixed, at], accruals, reprice) => {
      const files = [mixed.slice(0, at), mixed.slice(at), mixed.slice(0, Math.ceil(at / 2))];
      const lines = files.reduce<readonly InvoiceLine[]>((known, file) => recordLines(known, importUpsInvoice(csv(file)).lines).lines, []);
      expect(lines).toEqual(linesOf(some));
      const expected = auditFreight({ lines: linesOf(some), accruals, reprice });
      expect(auditFreight({ lines, accruals: accruals.toReversed(), reprice })).toEqual(expected);
      expect(auditFreight({ lines: [...lines].reverse(), accruals, reprice })).toEqual(expected);
    }),
  );
});

test('every row of a file is charged, informational or left out by name, whatever is in it', () => {
  const broken = fc.tuple(
    rows,
    fc.array(fc.tuple(fc.nat(13), fc.constantFrom(...Object.keys(upsColumns)), fc.constantFrom('', 'x', '1.2.3', '-', '2026-13-01')), {
      maxLength: 6,
    }),
  );
  fc.assert(
    fc.property(broken, ([some, harms]) => {
      const harmed = harms.reduce(
        (file, [at, field, text]) => file.map((row, index) => (index === at ? row.with(upsColumns[field] ?? 0, text) : row)),
        some,
      );
      const { rows: counts, lines, informational, problems } = importUpsInvoice(csv(harmed));
      const leftOut = new Set(problems.filter(({ outcome }) => outcome === 'left-out').map(({ row }) => row));
      expect(counts).toEqual({ read: some.length, charged: lines.length, informational: informational.length, leftOut: leftOut.size });
      expect(counts.charged + counts.informational + counts.leftOut).toBe(some.length);
    }),
  );
});

const accounts = { accrued: '2110', variance: '6100', tax: '1576', analyticOf: { WH: 'Vienna' } };

test('bills written one after the other come to their invoices to the cent, and clear of the accruals just what the audit expects', () => {
  fc.assert(
    fc.property(rows, labels, reprices, (some, accruals, reprice) => {
      const lines = linesOf(some);
      const audit = auditFreight({ lines, accruals, reprice });
      const bills = audit.invoices.flatMap((invoice, index) => {
        const before = new Set(audit.invoices.slice(0, index).map(invoiceKey));
        const billedBefore = lines.filter((line) => before.has(invoiceKey(line)));
        return draftVendorBills({ ...invoice, lines, billedBefore, accruals, accounts, reprice });
      });
      for (const bill of bills) {
        const own = lines.filter((line) => invoiceKey(line) === invoiceKey(bill)).map(({ charge: { amount } }) => ({ amount }));
        expect(bill.total.minor).toBe(sumOf(inCurrency(own, bill.total.currency).map(({ amount }) => amount)));
      }
      for (const currency of ['USD', 'EUR']) {
        const cleared = inCurrency(
          bills.flatMap((bill) => bill.lines).filter(({ kind }) => kind === 'accrued'),
          currency,
        );
        const expected = audit.shipments.map((shipment) => shipment.expected).filter((amount) => amount.currency === currency);
        expect(sumOf(cleared.map(({ amount }) => amount))).toBe(sumOf(expected));
      }
    }),
  );
});
