import { expect, test } from 'vitest';
import type { InvoiceLine } from '@quartermaster/freight';
import { freight, keepLabels, usLabel } from '../testing/freight-books.ts';
import { openScene } from '../testing/scene.ts';
import { auditOfJournal, daysUntil, findingsOfJournal } from './audit-journal.ts';
import { keepLines, putInvoice } from './invoices.ts';

const identity = { carrier: 'ups', account: 'A1', invoiceNumber: 'I1' };
const days = daysUntil('2026-11-23');

/** Three lamps in boxes of one kind, two of which the carrier measured heavier, and one of these came late. */
async function measured() {
  const scene = await openScene({ settings: (given) => ({ ...given, freight }) });
  const lamp = { box: 'BOX-M', items: [{ sku: 'LAMP', units: 1 }], grams: 2_000, promisedOn: '2026-10-09' };
  await keepLabels(
    scene,
    ['A', 'B', 'C', 'NOTBILLED'].map((number) => usLabel(number, [['shipping', 1_000]], lamp)),
  );
  const lines = [
    transport('A', { billedGrams: 4_000, amount: 1_400, deliveredOn: '2026-10-12' }),
    transport('B', { billedGrams: 3_600, amount: 1_300, deliveredOn: '2026-10-09' }),
    transport('C', { billedGrams: 2_100, amount: 1_000, deliveredOn: null }),
  ];
  const invoice = { ...identity, invoiceDay: '2026-10-17', lines: 3, importedAt: '2026-10-20T08:00:00.000Z', files: [] };
  await scene.journal.transaction(async (tx) => {
    await keepLines(tx, identity, lines, invoice.importedAt);
    const body = { ...invoice, billing: null, currencies: [], bills: [] };
    await putInvoice(tx, { invoice: body, state: 'imported', version: 0 }, invoice.importedAt);
  });
  return scene;
}

test('articles and boxes that are measured heavier again and again are found, and parcels that came late', async () => {
  const { journal } = await measured();
  const { late, measurements } = await findingsOfJournal(journal, freight, days);
  expect(late.map((each) => [each.trackingNumber, each.daysLate, each.isGuaranteed])).toEqual([['A', 3, false]]);
  expect(measurements.map((each) => [each.of, each.name, each.parcels, each.corrected, each.medianExtraGrams, each.extraCost])).toEqual([
    ['box', 'BOX-M', 3, 2, 1_600, [{ minor: 700, currency: 'USD' }]],
    ['sku', 'LAMP', 3, 2, 1_600, [{ minor: 700, currency: 'USD' }]],
  ]);
});

test('labels of which nothing was billed yet are told, but not those that were given back', async () => {
  const scene = await measured();
  await keepLabels(scene, [usLabel('BACK', [['shipping', 1_000]], { voidedOn: '2026-10-07' })]);
  expect((await auditOfJournal(scene.journal, freight, days)).open.map(({ trackingNumber }) => trackingNumber)).toEqual(['NOTBILLED']);
});

function transport(
  trackingNumber: string,
  { billedGrams, amount, deliveredOn }: { readonly billedGrams: number; readonly amount: number; readonly deliveredOn: string | null },
): InvoiceLine {
  return {
    ...identity,
    id: trackingNumber,
    invoiceDay: '2026-10-17',
    invoiceTotal: null,
    trackingNumber,
    trackingAliases: [],
    leadTrackingNumber: null,
    references: [],
    service: null,
    zone: null,
    enteredGrams: 2_000,
    billedGrams,
    millimetres: null,
    shippedOn: null,
    deliveredOn,
    destination: null,
    charge: { type: 'shipping', amount: { minor: amount, currency: 'USD' }, vendorCode: null },
    class: 'base',
    description: 'Ground',
  };
}
