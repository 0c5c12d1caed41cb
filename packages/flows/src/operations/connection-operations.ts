import type { ConnectionId } from '@quartermaster/domain';
import type { Circuit } from '@quartermaster/journal';
import { pauseReason } from '../connection-circuits.ts';
import { scopeOf, type FlowContext } from '../context.ts';
import { operate, refused, type Asked, type Outcome, type Refused } from './operation.ts';

/** Keeps everybody away from a connection for a while: its circuit is opened. It is probed again when the time is over. */
export async function pauseConnection(
  context: FlowContext,
  asked: Asked,
  given: { readonly connection: ConnectionId; readonly minutes: number },
): Promise<Outcome> {
  return operate(context, asked, { name: 'pause', needs: 'admin', given }, async (tx) => {
    if (!isKnown(context, given.connection)) return unknownConnection(given.connection);
    const scope = scopeOf(context.settings, given.connection);
    const before = await tx.circuits.get(scope);
    await tx.circuits.open(scope, { forMs: given.minutes * 60_000, reason: pauseReason(asked.by, asked.reason) });
    return { kind: 'done', key: given.connection, before: standingOf(before), after: standingOf(await tx.circuits.get(scope)) };
  });
}

/** Lets a paused or broken connection be used again at once. */
export async function resumeConnection(context: FlowContext, asked: Asked, given: { readonly connection: ConnectionId }): Promise<Outcome> {
  return operate(context, asked, { name: 'resume', needs: 'admin', given }, async (tx) => {
    if (!isKnown(context, given.connection)) return unknownConnection(given.connection);
    const scope = scopeOf(context.settings, given.connection);
    const before = await tx.circuits.get(scope);
    if (before === null || before.state === 'closed')
      return refused('wrong-state', `${given.connection} is neither paused nor broken`, 'Nothing: it is in use.');
    await tx.circuits.close(scope);
    return { kind: 'done', key: given.connection, before: standingOf(before), after: standingOf(await tx.circuits.get(scope)) };
  });
}

/** Every connection of the settings. */
export function connectionsOf({ settings }: Pick<FlowContext, 'settings'>): { readonly connection: ConnectionId; readonly mode: string }[] {
  const { erp, channels, carriers } = settings;
  return [erp, ...channels, ...carriers].map(({ connection, mode }) => ({ connection, mode }));
}

function isKnown(context: FlowContext, connection: ConnectionId): boolean {
  return connectionsOf(context).some((each) => each.connection === connection);
}

function unknownConnection(connection: ConnectionId): Refused {
  return refused('not-found', `the config has no connection ${connection}`, 'See GET /connections.');
}

function standingOf(circuit: Circuit | null) {
  return { state: circuit?.state ?? 'closed', until: circuit?.until ?? null, reason: circuit?.reason ?? null };
}
