import { createCatalogue } from './catalogue.ts';
import { connectionCircuits } from './connection-circuits.ts';
import type { FlowContext } from './context.ts';
import { noPulse, type Pulse } from './pulse.ts';
import { thisReplica, type ReplicaSelf } from './replica.ts';

/** What is given to the flows; the rest they make themselves. */
export type FlowWorld = Omit<FlowContext, 'catalogue' | 'circuits' | 'replica' | 'pulse'> & {
  /** `systemPulse` in a process that lives by the machine's clock; without one, leases last as long as they were taken for. */
  readonly pulse?: Pulse;
  /** What this process is called among those that share the journal; by default an id of its own and its host. */
  readonly replica?: Pick<ReplicaSelf, 'id' | 'name'>;
};

export function contextOf(world: FlowWorld): FlowContext {
  return {
    ...world,
    catalogue: createCatalogue(world.erp),
    circuits: connectionCircuits(world),
    replica: thisReplica(world.clock.now(), world.replica),
    pulse: world.pulse ?? noPulse,
  };
}
