import { waveTimes, type SandboxAccess, type World } from '@quartermaster/sandbox';
import { parseConfig, type Config } from '../config.ts';
import type { SecretOf } from '../connect.ts';
import type { NamedPolicy } from '../policy-file.ts';

/** An Odoo to use instead of the sandbox's. */
export type RealOdoo = { readonly url: string; readonly database: string; readonly user: string; readonly key: string };

export type DemoConfig = { readonly config: Config; readonly secretOf: SecretOf };

export type DemoSandboxes = { readonly urls: Readonly<Record<string, string>>; readonly access: SandboxAccess };
type DemoChoices = { readonly journal: string; readonly odoo: RealOdoo | null; readonly port: number; readonly policy: NamedPolicy | null };

/** The config that a person would write for the world of a demo: every connection acts, and everything is as the world says, but for the policy that is given. */
export function demoConfig(world: World, sandboxes: DemoSandboxes, given: DemoChoices): DemoConfig {
  const { json, secrets } = demoConfigFile(world, sandboxes, given);
  return { config: parseConfig(json, 'the demo'), secretOf: (source) => secrets.get('env' in source ? source.env : source.file) ?? '' };
}

/** The same as it would stand in a file, and the environment variables that it names. */
export function demoConfigFile(
  world: World,
  { urls, access }: DemoSandboxes,
  given: DemoChoices,
): { readonly json: Readonly<Record<string, unknown>>; readonly secrets: ReadonlyMap<string, string> } {
  const secrets = new Map<string, string>([
    ['odoo', given.odoo?.key ?? access.odoo.secret],
    ['easypost', access.easypost.apiKey],
    ...Object.entries(access.shops).flatMap(([connection, shop]): [string, string][] => [
      [`${connection}/token`, shop.accessToken],
      [`${connection}/webhooks`, shop.webhookSecret],
    ]),
  ]);
  const json = {
    tenant: 'demo',
    company: 'demo',
    currency: world.currency,
    zone: world.zone,
    journal: { path: given.journal, masterKey: { env: 'journal' } },
    odoo: {
      connection: 'odoo',
      mode: 'auto',
      url: given.odoo?.url ?? urls['odoo'],
      database: given.odoo?.database ?? access.odoo.database,
      user: given.odoo?.user ?? access.odoo.login,
      key: { env: 'odoo' },
    },
    channels: world.shops.map((shop) => ({
      kind: 'shopify',
      connection: shop.connection,
      mode: 'auto',
      shop: shop.shop,
      origin: urls[shop.connection],
      accessToken: { env: `${shop.connection}/token` },
      webhookSecret: { env: `${shop.connection}/webhooks` },
      locations: access.shops[shop.connection]?.locations,
      share: shop.share,
    })),
    carriers: world.carriers.map((carrier) => ({
      kind: carrier.connection === 'easypost' ? 'easypost' : 'rate-table',
      connection: carrier.connection,
      mode: 'auto',
      name: carrier.name,
      tariff: carrier.tariff,
      ...(carrier.connection === 'easypost' ? { apiKey: { env: 'easypost' }, baseUrl: urls['easypost'] } : {}),
    })),
    nodes: world.nodes,
    statusPage: { port: given.port },
    policy: {
      version: 1,
      name: given.policy?.name ?? 'demo',
      waves: waveTimes(world),
      sourcing: world.policy,
      ...given.policy?.sections,
    },
  };
  return { json, secrets };
}
