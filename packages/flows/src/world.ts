import { nothingAround, type Around } from './around.ts';
import { createCatalogue } from './catalogue.ts';
import { connectionCircuits } from './connection-circuits.ts';
import type { FlowContext } from './context.ts';
import { noPulse, type Pulse } from './pulse.ts';
import { settingsInForce } from './policy/policy-in-force.ts';
import { thisReplica, type ReplicaSelf } from './replica.ts';
import { toldAfterCommit } from './told-after-commit.ts';

/** What is given to the flows; the rest they make themselves. */
export type FlowWorld = Omit<FlowContext, 'catalogue' | 'configured' | 'circuits' | 'replica' | 'pulse' | 'around' | 'heldBack'> & {
  /** `systemPulse` in a process that lives by the machine's clock; without one, leases last as long as they were taken for. */
  readonly pulse?: Pulse;
  /** What this process is called among those that share the journal; by default an id of its own and its host. */
  readonly replica?: Pick<ReplicaSelf, 'id' | 'name'>;
  /** For who measures or traces the steps. */
  readonly around?: Around;
};

export function contextOf(world: FlowWorld): FlowContext {
  const told = { ...world, ...toldAfterCommit(world.journal, world.log) };
  return {
    ...told,
    get settings() {
      return settingsInForce(world.settings);
    },
    configured: world.settings,
    catalogue: createCatalogue(world.erp),
    circuits: connectionCircuits(told),
    replica: thisReplica(world.clock.now(), world.replica),
    pulse: world.pulse ?? noPulse,
    heldBack: new Set(),
    around: world.around ?? nothingAround,
  };
}
