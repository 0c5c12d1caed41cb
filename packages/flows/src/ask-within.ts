import { isFault, type ConnectionId } from '@quartermaster/domain';
import { isOutage } from './connection-circuits.ts';
import type { FlowContext } from './context.ts';

/** Whom to ask, for how long at most, and how many questions at once; 8 unless given. */
export type AskBounds = {
  readonly connection: ConnectionId;
  readonly withinSeconds: number;
  readonly atOnce?: number | undefined;
};

/**
 * Asks a connection questions that cost nothing and that a wave can do without, until all are answered, time is over, or the connection turns out to be down; false where it was not asked because it was known
 * to be down. A question that fails has no answer, and does not stop the others. Throws what is no fault.
 */
export async function askWithin<Question>(
  context: Pick<FlowContext, 'circuits' | 'pulse'>,
  { connection, withinSeconds, atOnce = defaultAtOnce }: AskBounds,
  questions: readonly Question[],
  ask: (question: Question, signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  if (!(await context.circuits.admits(connection))) return false;
  const deadline = new AbortController();
  const stop = context.pulse(withinSeconds * 1_000, async () => deadline.abort(new DeadlinePassed()));
  const waiting = questions.values();
  let unanswered = 0;
  const worker = async (): Promise<void> => {
    for (const question of waiting) {
      if (deadline.signal.aborted) return;
      try {
        await ask(question, deadline.signal);
      } catch (error) {
        if (error instanceof DeadlinePassed) return;
        if (!isFault(error)) throw error;
        unanswered += 1;
        if (!isOutage(error.toJSON())) continue;
        await context.circuits.failed(connection, error);
        deadline.abort(new DeadlinePassed());
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(questions.length, atOnce) }, worker));
  } finally {
    stop();
  }
  if (unanswered === 0 && !deadline.signal.aborted) await context.circuits.worked(connection);
  return true;
}

class DeadlinePassed extends Error {}

const defaultAtOnce = 8;
