import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadOrCreateMasterKey } from '@quartermaster/journal';
import { loadConfig } from '../config.ts';
import { CommandError, exitCodes, systemCode, type ExitCode } from '../exit.ts';
import { printJson, type Output } from '../output.ts';

/** `qm init`: writes a config to start from, and a policy and a master key beside it. Writes over nothing. */
export function initCommand(given: { readonly config: string; readonly json: boolean }, output: Output): ExitCode {
  if (existsSync(given.config)) throw new CommandError(exitCodes.usage, `${given.config} is there already; it is not written over`);
  const policy = join(dirname(given.config), 'policy.yaml');
  if (!existsSync(policy)) write(policy, startingPolicy);
  write(given.config, `${JSON.stringify(startingConfig(), null, 2)}\n`);
  loadConfig(given.config);
  const key = join(dirname(given.config), 'quartermaster.key');
  loadOrCreateMasterKey(key);
  if (given.json) printJson(output, { config: given.config, policy, masterKey: key });
  else {
    output.out(`Wrote ${given.config}, ${policy} and ${key}.\n`);
    output.out('The key protects personal data: keep a copy of it apart from backups of the journal.\n');
    output.out(`Put in your own connections, set the environment variables it names, then: qm doctor --config ${given.config}\n`);
    output.out("Every connection is in mode 'observe': it looks and changes nothing until you say 'auto'.\n");
  }
  return exitCodes.ok;
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw new CommandError(exitCodes.usage, `${path}: cannot be written (${systemCode(error)})`);
  }
}

/** What most shops begin with; everything that is not said here is as docs/policy.md has it. */
const startingPolicy = `# How orders are checked, promised and sent. docs/policy.md says what may stand here; 'qm policy lint' checks it.
version: 1
name: first

# Local times at which open orders are sourced together and released.
waves: ['11:00', '14:00', '16:00']

# Units of every product that are promised to nobody.
safetyStock:
  default: 1

# Which orders wait for a person. Amounts by currency.
checks:
  reviewAbove: { EUR: '2000.00' }

# Who looks after what waits, by the code of the exception; * is everything else.
owners:
  '*': operations
`;

function startingConfig(): unknown {
  const address = {
    name: 'Shipping desk',
    company: 'Example GmbH',
    lines: ['Industriestrasse 1'],
    postalCode: '12099',
    city: 'Berlin',
    region: null,
    country: 'DE',
    phone: '+49 30 000000',
    email: null,
  };
  const zones = [
    { id: 'home', from: '*', to: { country: 'DE' } },
    { id: 'abroad', from: '*', to: '*' },
  ];
  const prices = [
    {
      zone: 'home',
      transitDays: 1,
      bands: [
        { upToGrams: 2_000, minor: 420 },
        { upToGrams: 10_000, minor: 690 },
        { upToGrams: 31_500, minor: 1_290 },
      ],
    },
    {
      zone: 'abroad',
      transitDays: 4,
      bands: [
        { upToGrams: 2_000, minor: 1_090 },
        { upToGrams: 31_500, minor: 2_490 },
      ],
    },
  ];
  return {
    tenant: 'example',
    company: 'main',
    currency: 'EUR',
    zone: 'Europe/Berlin',
    journal: { path: 'data/journal.sqlite', masterKey: { file: 'quartermaster.key' } },
    odoo: {
      connection: 'odoo',
      mode: 'observe',
      url: 'https://odoo.example.com',
      database: 'production',
      user: 'quartermaster@example.com',
      key: { env: 'QM_ODOO_KEY' },
    },
    channels: [
      {
        kind: 'shopify',
        connection: 'shop-eu',
        mode: 'observe',
        shop: 'example',
        accessToken: { env: 'QM_SHOP_EU_TOKEN' },
        webhookSecret: { env: 'QM_SHOP_EU_WEBHOOK_SECRET' },
        locations: { WH: 'gid://shopify/Location/1' },
        share: 1,
      },
    ],
    carriers: [
      {
        kind: 'rate-table',
        connection: 'parcel-post',
        mode: 'observe',
        name: 'DHL',
        tariff: {
          id: 'example',
          carrier: 'DHL',
          currency: 'EUR',
          effectiveFrom: '2026-01-01',
          services: [{ id: 'ground', name: 'Ground', carrierService: 'ground', maxGrams: 31_500, zones, prices }],
        },
        labelFormat: 'zpl',
      },
    ],
    nodes: [
      {
        id: 'WH',
        kind: 'warehouse',
        company: 'main',
        zone: 'Europe/Berlin',
        address,
        cutoff: '16:30',
        labor: {
          minutesPerShipment: 2,
          minutesPerLine: 1,
          minutesPerUnit: 0.25,
          tiers: [
            { minutes: 960, costPerMinute: 0.4 },
            { minutes: null, costPerMinute: 0.8 },
          ],
        },
      },
    ],
    policy: 'policy.yaml',
  };
}
