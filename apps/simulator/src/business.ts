import { flowSettingsSchema, type FlowSettings } from '@quartermaster/flows';
import { discountSku, otherSku, shippingSku, taxSku } from '@quartermaster/odoo';
import { waveTimes, type Day } from './day.ts';
import { nodes } from './draw-day.ts';

/** How the daemon knows itself to the vendors. */
export const accounts = {
  database: 'db',
  login: 'qm',
  odooKey: 'key-of-odoo',
  easypostKey: 'EZTK',
  shopToken: 'shpat_x',
  webhookSecret: 'hush',
};

const labor = { minutesPerShipment: 2, minutesPerLine: 1, minutesPerUnit: 0.5, tiers: [{ minutes: null, costPerMinute: 0.4 }] };
const towns = { BER: ['10115', 'Berlin'], HAM: ['20095', 'Hamburg'] } as const;

const tariff = {
  id: 'DHL',
  carrier: 'DHL',
  currency: 'EUR',
  effectiveFrom: '2026-01-01',
  services: [
    {
      id: 'std',
      name: 'std',
      carrierService: 'std',
      maxGrams: 30_000,
      parcelMaxGrams: 2_000,
      zones: [{ id: 'DE', from: { country: 'DE' }, to: { country: 'DE' } }],
      prices: [{ zone: 'DE', transitDays: 2, baseMinor: 400, perKgMinor: 50 }],
    },
  ],
};
const houseTariff = { ...tariff, id: 'House', carrier: 'House' };

/** Settings by shops and carriers: there are few different ones, and each is read once. */
const known = new Map<string, FlowSettings>();

/** The business of a day: two warehouses, its shops, its carriers. */
export function businessOf({ shops, carriers }: Pick<Day, 'shops' | 'carriers'>): FlowSettings {
  const name = JSON.stringify([shops, carriers]);
  const settings = known.get(name) ?? read({ shops, carriers });
  known.set(name, settings);
  return settings;
}

function read({ shops, carriers }: Pick<Day, 'shops' | 'carriers'>): FlowSettings {
  return flowSettingsSchema.parse({
    tenant: 'acme',
    company: 'eu',
    currency: 'EUR',
    zone: 'Europe/Berlin',
    nodes: nodes.map((id) => ({
      id,
      kind: 'warehouse',
      company: 'acme',
      zone: 'Europe/Berlin',
      cutoff: '23:30',
      labor,
      address: {
        name: `Warehouse ${id}`,
        company: null,
        lines: ['Dock 1'],
        postalCode: towns[id][0],
        city: towns[id][1],
        region: null,
        country: 'DE',
        phone: null,
        email: null,
      },
    })),
    erp: {
      connection: 'erp',
      mode: 'auto',
      serviceSkus: { shipping: shippingSku, tax: taxSku, discount: discountSku, other: otherSku },
    },
    channels: shops.map((connection) => ({ connection, mode: 'auto', share: 1 })),
    carriers: carriers.map((connection) => ({
      connection,
      mode: 'auto',
      name: connection === 'post' ? 'DHL' : 'House',
      tariff: connection === 'post' ? tariff : houseTariff,
      labelFormat: 'pdf',
    })),
    waves: waveTimes,
    checks: {},
    safetyStock: {},
    sourcing: {},
  });
}
