import { concurrentClock, sandboxFetch } from '@quartermaster/connector-kit/sandbox';
import type { Clock, Erp, Instant } from '@quartermaster/domain';
import { flowSettingsSchema, type FlowSettings } from '@quartermaster/flows';
import { odooErp } from '@quartermaster/odoo';
import { createOdooSandbox, type OdooSandbox } from '@quartermaster/odoo/sandbox';
import { serviceSkus } from '../../src/connect.ts';
import { nodes } from './stand.ts';

/** A business that sells on these channels, with an equal share of its stock on each, and everything `auto`. It has no carriers: nothing is shipped. */
export function businessOf(channels: readonly string[]): FlowSettings {
  const labor = { minutesPerShipment: 2, minutesPerLine: 1, minutesPerUnit: 0.5, tiers: [{ minutes: null, costPerMinute: 0.4 }] };
  return flowSettingsSchema.parse({
    tenant: 'bench',
    company: 'eu',
    currency: 'EUR',
    zone: 'Europe/Berlin',
    nodes: nodes.map((id) => ({
      id,
      kind: 'warehouse',
      company: 'eu',
      zone: 'Europe/Berlin',
      cutoff: '15:00',
      labor,
      address: {
        name: id,
        company: null,
        lines: ['Dock 1'],
        postalCode: '10115',
        city: id,
        region: null,
        country: 'DE',
        phone: null,
        email: null,
      },
    })),
    erp: { connection: 'odoo', mode: 'auto', serviceSkus },
    channels: channels.map((connection) => ({ connection, mode: 'auto', share: 1 })),
    carriers: [],
    waves: [],
    checks: {},
    safetyStock: {},
    sourcing: {},
  });
}

/** An Odoo, by its connector and behind it. */
export type OdooStand = { readonly clock: Clock; readonly erp: Erp; readonly odoo: OdooSandbox };

/** An Odoo with these warehouses and nothing in them, and the virtual time that it and all others go by. */
export function odooStand(start: Instant): OdooStand {
  const clock = concurrentClock(start);
  const [database, login, secret, url] = ['bench', 'qm', 'key-of-odoo', 'http://odoo.bench'];
  const odoo = createOdooSandbox({ version: 19, database, login, secret, clock, currency: 'EUR' });
  for (const code of nodes) odoo.addWarehouse({ code, name: code });
  const fetch = sandboxFetch({ [url]: odoo.app });
  const erp = odooErp({ connection: 'odoo', url, database, login, secret: { apiKey: secret }, clock, random: () => 0.5, fetch });
  return { clock, erp, odoo };
}
