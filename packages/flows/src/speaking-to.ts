import { isFault, type ConnectionId, type ConnectorFault } from '@quartermaster/domain';

const connections = new WeakMap<ConnectorFault, ConnectionId>();

/** Remembers of a fault which connection it came from: a fault names its vendor only, and a step may speak to several. */
export async function speakingTo<Result>(connection: ConnectionId, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (isFault(error)) connections.set(error, connection);
    throw error;
  }
}

/** The connection that a fault came from, where it was called by {@link speakingTo}. */
export function connectionOf(fault: ConnectorFault): ConnectionId | undefined {
  return connections.get(fault);
}
