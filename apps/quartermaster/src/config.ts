import {
  connectionModeSchema,
  countNodeSchema,
  driftPolicySchema,
  eventLevels,
  flowSettingsSchema,
  policySectionSchemas,
  policySettings,
  roleSchema,
  type FlowSettings,
} from '@quartermaster/flows';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { carrierSchema } from './carrier-config.ts';
import { channelSchema } from './channel-config.ts';
import { connectionSchema, mostAtOnceSchema, secretSchema, type SecretSource } from './config-words.ts';
import { withPolicyFile, withPolicySections } from './policy-file.ts';
import { withCrewFile } from './crew-file.ts';
import { withProductSides } from './product-sides-file.ts';
import { CommandError, exitCodes, systemCode } from './exit.ts';
import { withTariffFiles } from './tariff-files.ts';

const settings = flowSettingsSchema.shape;

const odooSchema = z.strictObject({
  connection: connectionSchema,
  mode: connectionModeSchema.default('observe'),
  url: z.url(),
  database: z.string().min(1),
  user: z.string().min(1),
  key: secretSchema,
  transport: z.enum(['auto', 'json-2', 'json-rpc', 'xml-rpc']).default('auto'),
  /** How an order for several warehouses is written: as one order with a route per line, or as one order for each warehouse. */
  warehouseSplit: z.enum(['route-per-line', 'order-per-warehouse']).default('route-per-line'),
  /** Odoo has few workers and computes with one core each; what goes together goes as one call. */
  mostAtOnce: mostAtOnceSchema.default(4),
  /** A lock of `qm typegen` that the database is compared with, instead of the types that ship with Quartermaster. */
  lock: z.string().min(1).optional(),
});

/** Where the journal lives: a file on a local disk, for one daemon, or a PostgreSQL database of its own, for several. */
const journalSchema = z
  .strictObject({
    path: z.string().min(1).optional(),
    postgres: z
      .strictObject({
        /** `postgres://user:password@host:port/database`, so a secret. */
        url: secretSchema,
        schema: z
          .string()
          .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'small letters, digits and underscores')
          .optional(),
        connections: z.int().min(2).max(100).optional(),
      })
      .optional(),
    masterKey: secretSchema,
  })
  .refine(({ path, postgres }) => (path === undefined) !== (postgres === undefined), 'either path or postgres, and not both');

const port = z.int().min(1).max(65_535);

/** How people tell the running daemon what to do. Without it nobody can. */
const controlSchema = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1'),
    port: port.default(4781),
    /** Names that it may be called by besides the loopback's and `host`, behind a proxy for example. */
    hosts: z.array(z.string().min(1)).default([]),
    /** `/metrics` without a token; only where nobody but this machine can ask, so only on the loopback interface. */
    openMetrics: z.boolean().default(false),
    /** Who may call, by a token of at least 24 characters; the name is what the audit trail says. */
    tokens: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$/, 'letters, digits, dots and dashes'),
          role: roleSchema,
          token: secretSchema,
        }),
      )
      .min(1)
      .refine((tokens) => new Set(tokens.map(({ name }) => name)).size === tokens.length, 'every caller needs a name of its own'),
  })
  .refine(
    ({ host, openMetrics }) => !openMetrics || ['127.0.0.1', '::1', 'localhost'].includes(host),
    'openMetrics is for 127.0.0.1 only; elsewhere give the scraper the token of a viewer',
  );

/** Where channels send their webhooks. Without it they are not listened to, and the channels are read at their turn. */
const webhooksSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: port.default(4782),
  /** Address by which channels know it, such as `https://hooks.example.com`: channels that try an address first are answered with it. */
  publicUrl: z.url().optional(),
  maxBytes: z.int().min(1_024).max(16_777_216).default(1_048_576),
  /** Requests that are being answered at a time; more are asked to come again. */
  mostAtOnce: z.int().min(1).max(10_000).default(200),
  /** Webhooks of a channel that may wait for it to be read; more are asked to come again. */
  mostWaiting: z.int().min(1).default(20_000),
});

/**
 * Where people can be told of what happens. `chat`: a webhook of a chat that takes `{ "text" }`; whoever has its address may write there, so it is a secret. `mail`: a mail server,
 * `smtps://user:password@host:465`, and to whom it goes. `odoo-activity`: a to-do for one user of Odoo, by the login, at the sales order that it is about; what is about no order in Odoo is not told there.
 */
const notifierSchema = z.discriminatedUnion('kind', [
  z.strictObject({ connection: connectionSchema, kind: z.literal('chat'), url: secretSchema }),
  z.strictObject({
    connection: connectionSchema,
    kind: z.literal('mail'),
    url: secretSchema,
    from: z.email(),
    to: z.array(z.email()).min(1).max(20),
    tls: z.enum(['required', 'offered']).default('required'),
  }),
  z.strictObject({ connection: connectionSchema, kind: z.literal('odoo-activity'), user: z.string().min(1) }),
]);

/** What is written to standard output. */
const logSchema = z.strictObject({ level: z.enum(eventLevels).default('info') });

/** Traces of orders, sent as OTLP over HTTP. Off without this section, unless the standard variables of OpenTelemetry name an endpoint. */
const tracesSchema = z.strictObject({
  /** Base address of a collector, such as `http://127.0.0.1:4318`; by default that of `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  endpoint: z.url().optional(),
  /** Headers of every request, such as a collector's key. */
  headers: z.record(z.string(), secretSchema).default({}),
  /** Share of the orders that are traced, the same ones on every replica. */
  share: z.number().min(0).max(1).default(1),
});

/** The config file of the daemon. Unknown keys are refused, so that a misspelt one is not silently without effect. */
export const configSchema = z.strictObject({
  tenant: settings.tenant.default('main'),
  company: settings.company.default('main'),
  currency: settings.currency,
  zone: settings.zone,
  journal: journalSchema,
  odoo: odooSchema,
  channels: z.array(channelSchema),
  carriers: z.array(carrierSchema).min(1),
  notifiers: z.array(notifierSchema).default([]),
  nodes: settings.nodes,
  boxes: settings.boxes,
  /** Nodes of others, such as a logistics provider, that tell their stock by CSV files in a folder: the newest counts. */
  counts: z.array(countNodeSchema.extend({ directory: z.string().min(1) })).default([]),
  /** Here by SKU, or the path of a CSV file, which {@link loadConfig} reads. */
  productSides: settings.productSides,
  /** Shifts by node and date, here or in a CSV file with `node,date,from,to,people`, which {@link loadConfig} reads. */
  crewDates: settings.crewDates,
  /** How often channels, Odoo and journal are compared, and what of it may be mended by itself. */
  reconcile: z.strictObject({ ...driftPolicySchema.shape, everyMinutes: z.int().min(5).max(1_440).nullable().default(60) }).prefault({}),
  /** How carriers' invoices are read, audited and billed. */
  freight: settings.freight,
  /** A policy: here, or the path of its file, which {@link loadConfig} reads. What it names must not stand in the config itself as well. */
  policy: settings.policy,
  ...policySectionSchemas,
  pullEverySeconds: z.int().min(10).default(60),
  /** How often channels are asked what customers send back. */
  returnsEveryMinutes: z.int().min(5).max(1_440).nullable().default(60),
  publishEverySeconds: z.int().min(10).default(120),
  /** How often it is looked what carriers told of parcels, and which are to be asked after; null: parcels are not followed. */
  parcelsEverySeconds: z.int().min(10).max(3_600).nullable().default(60),
  /** How often the labels of a carrier are compared with those that the journal knows; null: never. */
  sweepEveryMinutes: z.int().min(30).max(1_440).nullable().default(360),
  statusPage: z.strictObject({ host: z.string().default('127.0.0.1'), port: z.int().min(0).max(65_535).default(4780) }).prefault({}),
  control: controlSchema.optional(),
  webhooks: webhooksSchema.optional(),
  log: logSchema.prefault({}),
  traces: tracesSchema.optional(),
});
export type Config = z.infer<typeof configSchema>;

export type LoadedConfig = { readonly config: Config; readonly directory: string };

/** Reads a config file, its policy's file, and the CSV files of its tariffs, of the sides of its products and of the shifts of its crews. Throws a `CommandError` that names every wrong field or row and what was expected there. */
export function loadConfig(path: string): LoadedConfig {
  const directory = dirname(resolve(path));
  const json = withPolicyFile(readJsonFile(path), directory);
  const config = parseConfig(
    withCrewFile(withProductSides(withTariffFiles(json, directory, path), directory, path), directory, path),
    path,
  );
  const { lock } = config.odoo;
  const odoo = lock === undefined ? config.odoo : { ...config.odoo, lock: resolve(directory, lock) };
  const channels = config.channels.map((channel) =>
    channel.kind === 'files' ? { ...channel, directory: resolve(directory, channel.directory) } : channel,
  );
  const counts = config.counts.map((each) => ({ ...each, directory: resolve(directory, each.directory) }));
  return { config: { ...config, odoo, counts, channels }, directory };
}

function readJsonFile(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new CommandError(
      exitCodes.usage,
      `${path}: the config cannot be read (${systemCode(error)}). 'qm init' writes one to start from.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(exitCodes.usage, `${path}: not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

function wrongFields(name: string, error: z.ZodError): CommandError {
  const lines = error.issues.map((issue) => `  ${fieldPath(issue.path)}: ${issue.message}`);
  return new CommandError(exitCodes.usage, `${name}: the config is not right.\n${lines.join('\n')}`);
}

export function parseConfig(json: unknown, name: string): Config {
  const parsed = configSchema.safeParse(withPolicySections(json, name));
  if (!parsed.success) throw wrongFields(name, parsed.error);
  const { odoo, channels, carriers, notifiers } = parsed.data;
  const twice = duplicated([odoo, ...channels, ...carriers, ...notifiers].map((each) => each.connection));
  if (twice !== undefined)
    throw new CommandError(exitCodes.usage, `${name}: the connection id '${twice}' is used twice; every connection needs its own.`);
  const { boxes, nodes } = parsed.data;
  const known = new Set(nodes.map(({ id }) => id));
  for (const box of boxes) {
    const unknown = [...(box.nodes ?? []), ...Object.keys(box.stock ?? {})].find((node) => !known.has(node));
    if (unknown !== undefined)
      throw new CommandError(exitCodes.usage, `${name}: the box ${box.name} is for a node ${unknown}, which is not in the config.`);
  }
  return parsed.data;
}

/** Reads a secret from the environment or a file. Throws a `CommandError` that names the place, never the value. */
export function readSecret(source: SecretSource, directory: string, field: string): string {
  if ('env' in source) {
    const value = process.env[source.env];
    if (value === undefined || value === '')
      throw new CommandError(exitCodes.usage, `${field}: the environment variable ${source.env} is not set.`);
    return value;
  }
  try {
    return readFileSync(resolve(directory, source.file), 'utf8').trim();
  } catch (error) {
    throw new CommandError(exitCodes.usage, `${field}: the file ${source.file} cannot be read (${systemCode(error)}).`);
  }
}

/** The part of the config that the flows live by. */
export function flowSettings(config: Config, serviceSkus: FlowSettings['erp']['serviceSkus']): FlowSettings {
  const { everyMinutes: _everyMinutes, ...reconcile } = config.reconcile;
  return {
    tenant: config.tenant,
    company: config.company,
    currency: config.currency,
    zone: config.zone,
    nodes: config.nodes,
    erp: { connection: config.odoo.connection, mode: config.odoo.mode, serviceSkus },
    channels: config.channels.map(({ connection, mode, share, notifyCustomer, acknowledge, forgetAfterDays, mostWaiting, mostAtOnce }) => ({
      connection,
      mode,
      share,
      notifyCustomer,
      acknowledge,
      ...(forgetAfterDays === null ? {} : { forgetAfterDays }),
      mostWaiting,
      mostAtOnce,
    })),
    carriers: config.carriers.map(({ connection, mode, name, tariff, calendar, labelFormat, quotes, mostAtOnce }) => ({
      connection,
      mode,
      name,
      tariff,
      calendar,
      labelFormat,
      ...(quotes === undefined ? {} : { quotes }),
      mostAtOnce,
    })),
    notifiers: config.notifiers.map(({ connection }) => ({ connection })),
    boxes: config.boxes,
    counts: config.counts.map(({ node, freshHours }) => ({ node, freshHours })),
    productSides: config.productSides,
    crewDates: config.crewDates,
    reconcile,
    freight: config.freight,
    policy: config.policy,
    ...policySettings(config),
  };
}

/** `nodes[0].labor.tiers`, as people write it. */
export function fieldPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the whole file';
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('');
}

function duplicated(ids: readonly string[]): string | undefined {
  return ids.find((id, index) => ids.indexOf(id) !== index);
}
