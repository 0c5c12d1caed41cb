import {
  InvariantError,
  localDate,
  type Clock,
  type ConnectionId,
  type ErpOrderKey,
  type ErpTodos,
  type Notice,
  type Notifier,
} from '@quartermaster/domain';

export type TodoNotifierOptions = {
  readonly connection: ConnectionId;
  readonly todos: ErpTodos;
  /** The login of who is to do it, in the ERP. */
  readonly user: string;
  readonly clock: Clock;
  /** Zone whose day it is due on. */
  readonly zone: string;
};

/** Tells one person who works in the ERP by a to-do at the order, which is done when what it tells of is over. Its text is that of every notice, so it names no customer. */
export function todoNotifier({ connection, todos, user, clock, zone }: TodoNotifierOptions): Notifier {
  return {
    connection,
    safety: todos.safety,
    async make(notice, memo) {
      const key = { order: orderOf(notice), id: memo.key };
      await todos.write({ key, user, summary: notice.title, note: notice.text, due: localDate(clock.now(), zone) }, memo);
      return { ref: null };
    },
    async find(notice, memo) {
      const found = await todos.find({ order: orderOf(notice), id: memo.key });
      return found === null ? { kind: 'absent' } : { kind: 'found', result: { ref: null } };
    },
    atOrders: { end: ({ about, key }, memo) => todos.finish({ order: about, id: key }, memo) },
  };
}

function orderOf({ about }: Notice): ErpOrderKey {
  if (about === null) throw new InvariantError('a to-do is at an order');
  return about;
}
