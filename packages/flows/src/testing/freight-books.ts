import { sandboxFetch } from '@quartermaster/connector-kit/sandbox';
import { money, type Charge } from '@quartermaster/domain';
import { accrualSchema, type Accrual } from '@quartermaster/freight';
import { connectOdoo } from '@quartermaster/odoo';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Asked } from '../operations/operation.ts';
import { freightSettingsSchema, type FreightSettings } from '../freight/freight-settings.ts';
import type { Scene } from './scene.ts';

/** Freight invoices, labels and books as the tests of the freight audit tell them. */

const specs = join(import.meta.dirname, '../../../../../shared/specs/freight_invoices');

/** A synthetic invoice beside the project; null where it is not there. */
export function sampleInvoice(name: 'ups' | 'fedex'): string | null {
  const file = join(specs, `${name}-sample-synthetic.csv`);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

export const whyNoSamples = 'the synthetic invoices are not beside the project (../shared/specs/freight_invoices)';

export function asked(requestId: string, more: Partial<Asked> = {}): Asked {
  return { requestId, by: 'fay', role: 'supervisor', reason: 'the invoice of the week', ...more };
}

/** A weekly CSV of a small carrier `rad`, one charge a row. */
export function radInvoice(
  number: string,
  day: string,
  rows: readonly (readonly [parcel: string, charge: string, amount: string])[],
): string {
  const total = rows.reduce((sum, [, , amount]) => sum + Math.round(Number(amount) * 100), 0) / 100;
  const lines = rows.map(([parcel, charge, amount]) => [number, day, total.toFixed(2), parcel, charge, amount].join(','));
  return ['invoice,day,total,parcel,charge,amount', ...lines, ''].join('\n');
}

export const freight: FreightSettings = freightSettingsSchema.parse({
  fedexCurrency: 'USD',
  mappings: {
    rad: {
      carrier: 'rad',
      fixed: { account: '7', currency: 'EUR' },
      columns: {
        invoiceNumber: 'invoice',
        invoiceDay: 'day',
        invoiceTotal: 'total',
        trackingNumber: 'parcel',
        description: 'charge',
        amount: 'amount',
      },
      charges: [{ words: 'parcel', class: 'base', type: 'shipping' }],
    },
  },
  bills: {
    vendors: { rad: 'RAD' },
    accounts: { accrued: '211100', variance: '610000', tax: '157600', analyticOf: { BER: 'Berlin' } },
  },
});

/** The vendor, the accounts and the place that the settings name, in the scene's Odoo. */
export async function openBooks({ odoo }: Pick<Scene, 'odoo'>) {
  const fetch = sandboxFetch({ 'http://books.test': odoo.app });
  const access = { url: 'http://books.test', database: 'db', login: 'qm', secret: { apiKey: 'key-of-odoo' } };
  const client = await connectOdoo({ ...access, fetch });
  await client.create('res.partner', [{ name: 'Radkurier', ref: 'RAD' }]);
  for (const [code, type] of [
    ['211100', 'liability_current'],
    ['610000', 'expense'],
    ['157600', 'asset_current'],
  ] as const)
    await client.create('account.account', [{ code, name: code, account_type: type }]);
  await client.create('account.analytic.account', [{ name: 'Berlin', plan_id: 1 }]);
  return client;
}

/** A label of UPS or FedEx that was bought through us, as the samples bill it. */
export function usLabel(
  trackingNumber: string,
  charges: readonly (readonly [Charge['type'], number, string?])[],
  more: Partial<Accrual> = {},
): Accrual {
  const all = charges.map(([type, minor, vendorCode = null]) => ({ type, amount: money(minor, 'USD'), vendorCode }));
  return accrualSchema.parse({
    id: `us/label/${trackingNumber}`,
    carrier: 'UPS',
    service: '03',
    trackingNumber,
    leadTrackingNumber: null,
    references: [],
    orderId: 'S1',
    shipmentId: '1',
    node: 'BER',
    boughtOn: '2026-10-06',
    voidedOn: null,
    isReturn: false,
    price: money(
      all.reduce((sum, { amount }) => sum + amount.minor, 0),
      'USD',
    ),
    charges: all,
    grams: 2_000,
    billableGrams: null,
    zone: null,
    box: null,
    items: [{ sku: 'MUG', units: 1 }],
    destination: null,
    promisedOn: null,
    isGuaranteed: false,
    ...more,
  });
}

/** Labels behind the two samples: what the carriers were to bill of them. */
export const sampleLabels: readonly Accrual[] = [
  usLabel(
    '1Z9999990300000011',
    [
      ['shipping', 980],
      ['location-fee', 455, '270'],
      ['fuel-charge', 266],
    ],
    { zone: '4' },
  ),
  usLabel(
    '1Z9999990300000022',
    [
      ['shipping', 1_240],
      ['fuel-charge', 229],
    ],
    { grams: 3_600, zone: '6' },
  ),
  usLabel('1Z9999990300000033', [['shipping', 1_200]]),
  usLabel('1Z9999990300000044', [['shipping', 1_200]]),
  usLabel(
    '794600000011',
    [
      ['shipping', 1_110],
      ['fuel-charge', 201],
    ],
    { zone: '5' },
  ),
  usLabel('794600000022', [['shipping', 1_200]]),
  usLabel('794600000033', [['shipping', 1_200]], { boughtOn: '2026-09-29' }),
];

/** Puts labels into the journal as their purchase would have. */
export async function keepLabels({ journal }: Pick<Scene, 'journal'>, labels: readonly Accrual[]): Promise<void> {
  await journal.transaction(async (tx) => {
    for (const label of labels) {
      const change = { state: label.boughtOn, body: label, at: '2026-10-06T10:00:00.000Z', name: label.trackingNumber, version: 0 };
      await tx.records.put('accrual', label.id, change);
    }
  });
}
