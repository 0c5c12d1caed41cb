import type { ConnectionId, Instant } from '@quartermaster/domain';
import type { LeasedIntent } from '@quartermaster/journal';
import { commandPayloadSchema, isCommandKind } from './intents.ts';

/** A step that somebody may want to measure, or to put into a trace. */
export type FlowStep =
  | { readonly kind: 'pull'; readonly connection: ConnectionId }
  | { readonly kind: 'wave'; readonly slot: Instant }
  | { readonly kind: 'publish' }
  /** An intent is carried out, or looked up; `order` is null for what belongs to no order, such as levels of stock. */
  | {
      readonly kind: 'attempt' | 'look-up';
      readonly order: string | null;
      readonly intent: Pick<LeasedIntent, 'key' | 'kind' | 'attempt' | 'safety'> & { readonly connection: ConnectionId };
    };

/** Stands around every step: does the work once, and gives or throws what the work does. It must decide nothing and must not fail. */
export type Around = <Result>(step: FlowStep, work: () => Promise<Result>) => Promise<Result>;

export const nothingAround: Around = (_step, work) => work();

/** The step of an intent that a worker holds. */
export function stepOf(kind: 'attempt' | 'look-up', held: LeasedIntent): FlowStep {
  const { key, attempt, safety, scope, payload } = held;
  const order = isCommandKind(held.kind) ? commandPayloadSchema.safeParse(payload).data?.order : undefined;
  return { kind, order: order ?? null, intent: { key, kind: held.kind, attempt, safety, connection: scope.connection } };
}
