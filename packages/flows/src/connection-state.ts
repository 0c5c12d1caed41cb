import type { ConnectionId } from '@quartermaster/domain';
import { ownerOf, type FlowContext } from './context.ts';

/** Notes that a connection does not answer, for a person (null: that it answers again). There is one such exception per connection. */
export async function noteConnection(
  context: Pick<FlowContext, 'journal' | 'settings' | 'clock'>,
  connection: ConnectionId,
  fault: string | null,
): Promise<void> {
  const at = context.clock.now();
  const code = 'connection-down';
  await context.journal.transaction(async (tx) => {
    if (fault === null)
      await tx.exceptions.resolve({ code, subjectKey: connection }, { by: 'quartermaster', reason: 'it answers again', at });
    else await tx.exceptions.raise({ code, subjectKey: connection, owner: ownerOf(context.settings, code), reason: fault, at });
  });
}
