import type { Around, Engine, FlowWorld } from '@quartermaster/flows';
import type { LoadedConfig } from './config.ts';
import type { SecretOf } from './connect.ts';
import type { ControlGiven } from './control/control-app.ts';
import { toldToAll } from './event-log.ts';
import { observedJournal } from './observed-journal.ts';
import { observedPorts, type AroundCall } from './observed-ports.ts';
import { watchProcess } from './process-watch.ts';
import { startTraces } from './traces/start-traces.ts';
import { packageVersion } from './version.ts';

/** A world whose doing is measured, traced and watched over, and what its control API can tell of it. */
export type Observed = {
  readonly world: FlowWorld;
  readonly engine: (engine: Engine) => Engine;
  readonly control: Pick<ControlGiven, 'watch' | 'metrics'>;
};

/**
 * Puts the watch, the metrics (where a control API can tell them) and the traces (where they are asked for) around a world. The flows know of none of them: they tell events and have
 * somebody stand around their steps; connectors and journal are wrapped.
 */
export async function observe(
  world: FlowWorld,
  { config }: LoadedConfig,
  given: { readonly secretOf: SecretOf; readonly signal: AbortSignal; readonly cleanup: AsyncDisposableStack },
): Promise<Observed> {
  const { secretOf, signal, cleanup } = given;
  const watched = cleanup.use(watchProcess(world, signal));
  const traces = await startTraces(config.traces, secretOf, { version: packageVersion(), clock: world.clock });
  if (traces !== null) cleanup.defer(() => traces.close());
  const measured = config.control === undefined ? null : await startMetrics();
  const all = [measured, watched, traces].filter((each) => each !== null);
  const journal = measured === null ? world.journal : observedJournal(world.journal, measured.ofJournal);
  const observed: FlowWorld = {
    ...world,
    ...observedPorts(world, aroundCalls(all.map(({ aroundCall }) => aroundCall))),
    journal,
    around: aroundSteps(all.map(({ around }) => around)),
    log: toldToAll(world.log, ...[measured, traces].flatMap((each) => each?.log ?? [])),
  };
  return {
    world: observed,
    engine: watched.engine,
    control: {
      watch: watched.watch,
      ...(measured === null || config.control === undefined
        ? {}
        : { metrics: measured.told(observed, { pullEveryMs: config.pullEverySeconds * 1_000, open: config.control.openMetrics }) }),
    },
  };
}

/** The metrics, whose library is loaded only where somebody can ask for them. */
async function startMetrics() {
  const [{ createMetrics }, { eventMetrics }, { callMetrics, journalMetrics, stepMetrics }, { scrape }] = await Promise.all([
    import('./metrics/registry.ts'),
    import('./metrics/event-metrics.ts'),
    import('./metrics/step-metrics.ts'),
    import('./metrics/journal-gauges.ts'),
  ]);
  const metrics = createMetrics();
  return {
    log: eventMetrics(metrics),
    around: stepMetrics(metrics),
    aroundCall: callMetrics(metrics),
    ofJournal: journalMetrics(metrics),
    told: (world: FlowWorld, { pullEveryMs, open }: { readonly pullEveryMs: number; readonly open: boolean }) => ({
      text: scrape(metrics, world, { pullEveryMs }),
      contentType: metrics.contentType,
      open,
    }),
  };
}

/** Several around one step; the first one stands outermost. */
function aroundSteps(all: readonly Around[]): Around {
  return (step, work) => all.reduceRight<typeof work>((inner, around) => () => around(step, inner), work)();
}

function aroundCalls(all: readonly AroundCall[]): AroundCall {
  return (call, work) => all.reduceRight<typeof work>((inner, around) => () => around(call, inner), work)();
}
