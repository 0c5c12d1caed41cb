import { systemClock } from '@quartermaster/connector-kit';
import { isFault, instantSchema } from '@quartermaster/domain';
import { createEngine, frozenChange, runDaemon, systemPulse, type FlowContext, type FlowWorld } from '@quartermaster/flows';
import { openJournal } from '@quartermaster/journal';
import { flowSettings, loadConfig, type LoadedConfig } from '../config.ts';
import type { LimiterOf, RevisionsOf } from '../connect-words.ts';
import { countFolders } from '../count-folders.ts';
import { connect, installedSolver, secretsOf, serviceSkus, type SecretOf } from '../connect.ts';
import { startControl, startWebhooks } from '../control/start.ts';
import { eventLog } from '../event-log.ts';
import { CommandError, exitCodes, type ExitCode } from '../exit.ts';
import { journalOf } from '../journal-place.ts';
import { startPolling } from '../notification-polling.ts';
import { observe } from '../observation.ts';
import { printJson, type Output } from '../output.ts';
import { sharedRateLimiter } from '../shared-limiter.ts';
import { sharedRevisions } from '../shared-revisions.ts';
import { serveStatusPage } from '../status-page.ts';

/** `qm run`: the daemon. Log lines are JSON, one event a line, on standard output. */
export async function runCommand(given: { readonly config: string }, output: Output): Promise<ExitCode> {
  const loaded = loadConfig(given.config);
  await using cleanup = new AsyncDisposableStack();
  const known: string[] = [];
  const secretOf = secretsOf(loaded, known);
  const stop = new AbortController();
  const opened = await openContext(loaded, { output, secretOf, known }, cleanup);
  const { world: context, engine, control: told } = await observe(opened, loaded, { secretOf, signal: stop.signal, cleanup });
  await refuseFrozen(context);
  await refuseDrift(context);
  const { statusPage, pullEverySeconds, publishEverySeconds, returnsEveryMinutes, parcelsEverySeconds, sweepEveryMinutes, reconcile } =
    loaded.config;
  const page = await serveStatusPage({
    ...statusPage,
    ...context,
    title: loaded.config.company,
    pullEveryMs: pullEverySeconds * 1_000,
  });
  cleanup.defer(() => page.close());
  const control = await startControl(loaded, secretOf, context, told);
  if (control !== null) cleanup.defer(() => control.close());
  const webhooks = await startWebhooks(loaded, context);
  if (webhooks !== null) cleanup.defer(() => webhooks.close());
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      context.log({ at: context.clock.now(), event: 'daemon.stopping', signal: name });
      stop.abort();
    });
  const modes = [loaded.config.odoo, ...loaded.config.channels, ...loaded.config.carriers].map(({ connection, mode }) => [
    connection,
    mode,
  ]);
  context.log({
    at: context.clock.now(),
    event: 'daemon.started',
    statusPage: page.url,
    control: control?.url ?? null,
    webhooks: webhooks?.url ?? null,
    modes: Object.fromEntries(modes),
  });
  const polling = startPolling(loaded, secretOf, context, stop.signal);
  await runDaemon(engine(createEngine(context)), context, {
    pullEveryMs: pullEverySeconds * 1_000,
    publishEveryMs: publishEverySeconds * 1_000,
    ...(returnsEveryMinutes === null ? {} : { returnsEveryMs: returnsEveryMinutes * 60_000 }),
    ...(parcelsEverySeconds === null ? {} : { parcelsEveryMs: parcelsEverySeconds * 1_000 }),
    ...(sweepEveryMinutes === null ? {} : { sweepEveryMs: sweepEveryMinutes * 60_000 }),
    ...(reconcile.everyMinutes === null ? {} : { reconcileEveryMs: reconcile.everyMinutes * 60_000 }),
    signal: stop.signal,
  });
  await Promise.all(polling);
  context.log({ at: context.clock.now(), event: 'daemon.stopped' });
  return exitCodes.ok;
}

/** While changes are frozen nobody changes policy or modes by editing the config: the daemon does not start with such a one. */
async function refuseFrozen({ journal, settings, clock }: Pick<FlowContext, 'journal' | 'settings' | 'clock'>): Promise<void> {
  const change = await journal.read((tx) => frozenChange(tx, settings, clock.now()));
  if (change !== null) throw new CommandError(exitCodes.no, `${change}. Put the config back, or end the freeze with 'qm unfreeze'.`);
}

/**
 * Looks at the ERP before anything is written: problems and notes go to the log, and a schema that the connector was not made for ends the daemon. An ERP that does not answer ends
 * nothing: it is looked at again before the first write.
 */
async function refuseDrift({ erp, log, clock }: Pick<FlowContext, 'erp' | 'log' | 'clock'>): Promise<void> {
  const { connection } = erp;
  try {
    const { problems, unsafe, notes } = await erp.probe();
    for (const what of problems) log({ at: clock.now(), event: 'erp.problem', connection, what });
    for (const what of notes) log({ at: clock.now(), event: 'erp.note', connection, what });
    if (unsafe.length === 0) return;
    throw new CommandError(
      exitCodes.outside,
      `Nothing was begun, because ${connection} is not as its connector was made for:\n${unsafe.map((what) => `  ${what}`).join('\n')}`,
    );
  } catch (error) {
    if (!isFault(error)) throw error;
    log({ at: clock.now(), event: 'erp.unreachable', connection, code: error.code });
  }
}

/** `qm backfill`: takes in the orders that changed since a moment and are still open. They are acted on at the next wave of `qm run`. */
export async function backfillCommand(
  given: { readonly config: string; readonly since: string; readonly channel?: string; readonly json: boolean },
  output: Output,
): Promise<ExitCode> {
  const since = instantSchema.safeParse(given.since);
  if (!since.success) throw new CommandError(exitCodes.usage, `--since: ${given.since} is no instant such as 2026-11-20T00:00:00Z`);
  const loaded = loadConfig(given.config);
  const channels = loaded.config.channels
    .map((channel) => channel.connection)
    .filter((connection) => given.channel === undefined || connection === given.channel);
  if (channels.length === 0) throw new CommandError(exitCodes.usage, `--channel: the config has no channel ${given.channel}`);
  await using cleanup = new AsyncDisposableStack();
  const engine = createEngine(
    await openContext(loaded, { output: { ...output, out: () => undefined }, secretOf: secretsOf(loaded), known: [] }, cleanup),
  );
  for (const connection of channels) {
    try {
      const pulled = await engine.backfill(connection, since.data);
      if (given.json) printJson(output, { connection, ...pulled });
      else output.out(`${connection}: ${pulled.read} orders read, ${pulled.fresh} new\n`);
    } catch (error) {
      if (!isFault(error)) throw error;
      throw new CommandError(exitCodes.outside, `${error.message}. ${error.facts.advice ?? ''}`.trim());
    }
  }
  return exitCodes.ok;
}

type ContextGiven = {
  readonly output: Output;
  readonly secretOf: SecretOf;
  /** Every secret that was read so far. */
  readonly known: string[];
};

async function openContext(
  loaded: LoadedConfig,
  { output, secretOf, known }: ContextGiven,
  cleanup: AsyncDisposableStack,
): Promise<FlowWorld> {
  const { config } = loaded;
  const time = { clock: systemClock, random: Math.random };
  const keys = journalOf(loaded);
  const place = keys.place();
  const masterKey = keys.masterKey();
  known.push(Buffer.from(masterKey).toString('base64'), Buffer.from(masterKey).toString('hex'));
  if ('postgres' in place) known.push(place.postgres.url, new URL(place.postgres.url).password);
  const journal = await openJournal({ ...place, masterKey, clock: systemClock });
  cleanup.defer(() => journal.close());
  const shared: LimiterOf = (buckets) => sharedRateLimiter(journal, buckets, systemClock);
  const revisionsOf: RevisionsOf = (connection) => sharedRevisions(journal, connection);
  const connections = connect(config, secretOf, time, journal.shared ? shared : undefined, revisionsOf);
  return {
    journal,
    settings: flowSettings(config, serviceSkus),
    ...connections,
    readCountFile: countFolders(config),
    solver: await installedSolver(),
    ...time,
    pulse: systemPulse,
    log: eventLog(output, { level: config.log.level, secrets: () => known }),
  };
}
