import { callGate, chatWebhook, memoryRateLimiter } from '@quartermaster/connector-kit';
import type { Carrier, Channel, ConnectionId, Erp, Notifier } from '@quartermaster/domain';
import { todoNotifier } from '@quartermaster/flows';
import { discountSku, odooErp, otherSku, shippingSku, taxSku, type OdooErpOptions } from '@quartermaster/odoo';
import { highsSolver } from '@quartermaster/solver-highs';
import type { MipSolver } from '@quartermaster/sourcing';
import { setFlagsFromString } from 'node:v8';
import { readLock } from './odoo-lock.ts';
import { readSecret, type Config, type LoadedConfig } from './config.ts';
import type { SecretSource } from './config-words.ts';
import { connectCarrier } from './connect-carrier.ts';
import { connectChannel } from './connect-channel.ts';
import type { LimiterOf, RevisionsOf, Time } from './connect-words.ts';
import { mailNotifier } from './mail-notifier.ts';

/** Every connection of a config, ready to be used. */
export type Connections = {
  readonly erp: Erp;
  readonly channels: ReadonlyMap<ConnectionId, Channel>;
  readonly carriers: ReadonlyMap<ConnectionId, Carrier>;
  readonly notifiers?: ReadonlyMap<ConnectionId, Notifier>;
};

/** The service products that Odoo must have; `qm demo --prepare` makes them. */
export const serviceSkus = { shipping: shippingSku, tax: taxSku, discount: discountSku, other: otherSku };

/** Gives the secret that a field of the config points to. */
export type SecretOf = (source: SecretSource, field: string) => string;

/** Reads secrets from where the config says, relative to its folder; each that was read is put into `known`, so that it can be kept out of what leaves the process. */
export function secretsOf({ directory }: LoadedConfig, known: string[] = []): SecretOf {
  return (source, field) => {
    const secret = readSecret(source, directory, field);
    if (!known.includes(secret)) known.push(secret);
    return secret;
  };
}

/** Makes the connectors of a config; they keep to their vendors' limits by themselves, or with others by the limiters given, and to so many calls at a time as the config says. Nothing is sent yet. Throws what `secretOf` throws. */
export function connect(
  config: Config,
  secretOf: SecretOf,
  time: Time,
  limiterOf: LimiterOf = (buckets) => memoryRateLimiter(buckets, time.clock),
  revisionsOf?: RevisionsOf,
): Connections {
  const erp = odooErp({ ...odooOptions(config, secretOf, time), gate: callGate(config.odoo.mostAtOnce) });
  return {
    erp,
    channels: new Map(
      config.channels.map((channel, index) => [
        channel.connection,
        connectChannel(channel, (source, field) => secretOf(source, `channels[${index}].${field}`), time, limiterOf, revisionsOf),
      ]),
    ),
    carriers: new Map(
      config.carriers.map((carrier, index): [ConnectionId, Carrier] => [
        carrier.connection,
        connectCarrier(carrier, {
          currency: config.currency,
          zone: config.zone,
          secretOf: (source, field) => secretOf(source, `carriers[${index}].${field}`),
          time,
          limiterOf,
        }),
      ]),
    ),
    notifiers: new Map(
      config.notifiers.flatMap((notifier, index) => {
        const made = connectNotifier(notifier, (source) => secretOf(source, `notifiers[${index}].url`), { erp, config, time });
        return made === null ? [] : [[notifier.connection, made] as const];
      }),
    ),
  };
}

/** Null for a to-do where the ERP has none. */
function connectNotifier(
  notifier: Config['notifiers'][number],
  secretOf: (source: SecretSource) => string,
  { erp, config, time }: { readonly erp: Erp; readonly config: Config; readonly time: Time },
): Notifier | null {
  switch (notifier.kind) {
    case 'chat':
      return chatWebhook({ ...notifier, url: secretOf(notifier.url), ...time });
    case 'mail':
      return mailNotifier({ ...notifier, url: secretOf(notifier.url), ...time });
    case 'odoo-activity': {
      const { todos } = erp;
      const { connection, user } = notifier;
      return todos === null ? null : todoNotifier({ connection, todos, user, clock: time.clock, zone: config.zone });
    }
  }
}

/** How to reach the Odoo of a config. */
export function odooOptions(config: Config, secretOf: SecretOf, time: Time): OdooErpOptions {
  const { connection, url, database, user, key, transport, warehouseSplit, lock: file } = config.odoo;
  const lock = file === undefined ? 'curated' : readLock(file);
  return {
    connection,
    url,
    database,
    login: user,
    secret: { apiKey: secretOf(key, 'odoo.key') },
    transport,
    warehouseSplit,
    lock,
    ...time,
  };
}

/**
 * The engine of the exact part: HiGHS, and glpk.js for the smallest integer programs where it is installed, which it solves in a tenth of the time. glpk.js is an optional part because
 * of its licence (`docs/licences.md`).
 */
export async function installedSolver(): Promise<MipSolver> {
  const [small, large] = await Promise.all([installedGlpk(), patientHighs()]);
  return small === null ? large : bySize(small, large);
}

/**
 * HiGHS, of which V8 compiles a function anew with its optimizing compiler only when much time goes into it (fifteen times what it waits for otherwise). HiGHS is 3.5 MB of WebAssembly; measured on
 * 100 orders this compiler took half a second of processor time, more than everything else, and gave none of it back. On 1,000 and 10,000 orders it costs no time to wait.
 */
export async function patientHighs(): Promise<MipSolver> {
  setFlagsFromString('--wasm-tiering-budget=200000000');
  return highsSolver();
}

/** glpk.js behind its adapter, or null where it is not installed. */
export async function installedGlpk(): Promise<MipSolver | null> {
  try {
    const { glpkSolver } = await import('@quartermaster/solver-glpk');
    return await glpkSolver();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  }
}

/** Integer programs up to this many columns go to the engine for small ones. There glpk.js takes a millisecond; of larger ones it proves most at once and a few, with labor
 * tiers, only after a second or a minute, where HiGHS takes a tenth of a second. */
const smallColumns = 60;

/** Two engines as one. Size alone decides, not what an engine says or how long it takes, so that the same program has the same answer everywhere. */
function bySize(small: MipSolver, large: MipSolver): MipSolver {
  return {
    name: `${large.name} with ${small.name}`,
    comfortable: large.comfortable,
    solve: async (problem, options) => {
      const isSmall = problem.columns.length <= smallColumns && problem.columns.some(({ integer }) => integer);
      return (isSmall ? small : large).solve(problem, options);
    },
  };
}
