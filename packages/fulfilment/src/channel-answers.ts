import type { Money } from '@quartermaster/domain';
import { succeeded } from './failures.ts';
import { goOn } from './progress.ts';
import type { ReturnFact } from './return-fact.ts';
import { admits, because, raise, type Turn } from './turn.ts';

export function acknowledged(turn: Turn): void {
  if (!admits(turn, 'acknowledged')) return;
  succeeded(turn, 'acknowledge', null);
  if (turn.case.acknowledgement !== 'none') turn.case = { ...turn.case, acknowledgement: 'done' };
}

/** The money is there: what has its labels may leave. Of an order that is being cancelled a person must give it back. */
export function captured(turn: Turn, amount: Money): void {
  if (!admits(turn, 'captured')) return;
  succeeded(turn, 'capture', null);
  if (turn.case.capture?.state === 'done') return because(turn, 'the money was taken already');
  turn.case = { ...turn.case, capture: { state: 'done', amount } };
  const { state } = turn.case;
  if (state === 'cancelling' || state === 'cancelled')
    return raise(turn, 'captured-and-cancelled', null, 'the money was taken while the order was being cancelled');
  goOn(turn);
}

/** Keeps what the channel tells of a return; an older state of it says nothing new. */
export function returnTold(turn: Turn, fact: ReturnFact): void {
  if (!admits(turn, 'return-told')) return;
  const known = turn.case.returns.find(({ id }) => id === fact.id);
  if (known !== undefined && (known.updatedAt > fact.updatedAt || known.revision === fact.revision))
    return because(turn, `return ${fact.id} is known as ${known.state} already`);
  turn.case = { ...turn.case, returns: [...turn.case.returns.filter((other) => other !== known), fact] };
  because(turn, `return ${fact.id} is ${fact.state}`);
}
