import { because, command, type Turn } from './turn.ts';

/**
 * Asks once for every order that the channel lets us take on, held or not: a marketplace counts the hours until it hears of us. Two wait: one that the channel does not let us acknowledge
 * yet, and one that it lets the customer pay, and tells the address of, only after we accepted it. That one is a promise, so it waits for its goods ({@link stockFound}) or a person.
 */
export function takeOn(turn: Turn): void {
  const { acknowledgement, order, state } = turn.case;
  if (acknowledgement !== 'due' || order.acceptance !== undefined || state === 'cancelled' || state === 'cancelling') return;
  ask(turn);
}

/** All that the order wants is there: it is accepted, unless something else speaks against it than that it is not accepted yet. */
export function stockFound(turn: Turn): void {
  const { holds } = turn.case;
  const others = holds.filter((hold) => hold.code !== 'acceptance');
  if (others.length > 0) return because(turn, `not accepted yet: held (${others.map((hold) => hold.code).join(', ')})`);
  if (waitsForUs(turn)) ask(turn);
  else because(turn, 'the channel does not wait for our acceptance');
}

/** A person accepts an order whatever its stock. Its hold stays until the channel says that the order may go on. */
export function acceptInSpite(turn: Turn, by: string, why: string): void {
  if (!waitsForUs(turn)) return because(turn, 'acceptance stays: the order goes on once the channel says so');
  because(turn, `${by} accepted the order: ${why}`);
  ask(turn);
}

function waitsForUs({ case: { acknowledgement, order } }: Turn): boolean {
  return acknowledgement === 'due' && order.acceptance === 'awaited';
}

function ask(turn: Turn): void {
  turn.case = { ...turn.case, acknowledgement: 'asked' };
  command(turn, { kind: 'acknowledge' });
}
