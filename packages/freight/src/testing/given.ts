import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { money, type Charge, type ChargeType, type Money } from '@quartermaster/domain';
import type { Accrual, ChargeClass, InvoiceLine } from '../index.ts';
import { upsColumnCount, upsColumns } from '../ups-layout.ts';

/** A file of the fixtures: synthetic invoices, made by hand, and the published orders of columns. */
export function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', name), 'utf8');
}

export function usd(minor: number): Money {
  return money(minor, 'USD');
}

export function charge(type: ChargeType, minor: number, vendorCode: string | null = null): Charge {
  return { type, amount: usd(minor), vendorCode };
}

/** A label for 2 kg to Ohio, bought on 6 October 2026 for 12.00 USD, of which 2.00 are fuel. */
export function accrual(over: Partial<Accrual> = {}): Accrual {
  return {
    id: 'label-1',
    carrier: 'UPS',
    service: '03',
    trackingNumber: '1Z9999990300000011',
    leadTrackingNumber: null,
    references: ['WH/OUT/00017'],
    orderId: 'S00042',
    shipmentId: 'shipment-1',
    node: 'WH',
    boughtOn: '2026-10-06',
    voidedOn: null,
    isReturn: false,
    price: usd(1_200),
    charges: [charge('shipping', 1_000), charge('fuel-charge', 200)],
    grams: 2_000,
    billableGrams: null,
    zone: '4',
    box: 'BOX-M',
    items: [{ sku: 'LAMP', units: 1 }],
    destination: { country: 'US', region: 'OH', postalArea: '432' },
    promisedOn: null,
    isGuaranteed: false,
    ...over,
  };
}

/** A line of the invoice of 10 October 2026: the transport of the label above. */
export function line(id: string, chargeClass: ChargeClass, minor: number, over: Partial<InvoiceLine> = {}): InvoiceLine {
  return {
    id,
    carrier: 'ups',
    account: 'A1',
    invoiceNumber: 'I1',
    invoiceDay: '2026-10-10',
    invoiceTotal: null,
    trackingNumber: '1Z9999990300000011',
    trackingAliases: [],
    leadTrackingNumber: null,
    references: [],
    service: null,
    zone: null,
    enteredGrams: null,
    billedGrams: null,
    millimetres: null,
    shippedOn: null,
    deliveredOn: null,
    destination: null,
    charge: charge(chargeClass === 'fuel' ? 'fuel-charge' : chargeClass === 'base' ? 'shipping' : 'additional-fees', minor),
    class: chargeClass,
    description: chargeClass,
    ...over,
  };
}

/** A row of UPS Billing Data: the cells that are named, over a plain transport charge of 10.00 USD. */
export function upsRow(cells: Readonly<Record<string, string>> = {}): string[] {
  const row = Array.from({ length: upsColumnCount }, () => '');
  const plain = {
    'Account Number': 'A1',
    'Invoice Date': '2026-10-10',
    'Invoice Number': 'I1',
    'Invoice Currency Code': 'USD',
    'Invoice Amount': '10.00',
    'Transaction Date': '2026-10-06',
    'Tracking Number': '1Z9999990300000011',
    'Charge Category Code': 'SHP',
    'Charge Category Detail Code': 'ISS',
    'Charge Classification Code': 'FRT',
    'Charge Description': 'Ground Residential',
    'Net Amount': '10.00',
  };
  for (const [field, value] of Object.entries({ ...plain, ...cells })) {
    const at = upsColumns[field];
    if (at === undefined) throw new RangeError(`no column ${field}`);
    row[at] = value;
  }
  return row;
}

export function csv(rows: readonly (readonly string[])[], delimiter = ','): string {
  return rows.map((row) => `${row.map((cell) => (cell.includes(delimiter) ? `"${cell}"` : cell)).join(delimiter)}\n`).join('');
}
