import type { ErpTodo, ErpTodoDraft, ErpTodoKey, ErpTodos } from '@quartermaster/domain';
import { z } from 'zod';
import { odooFault } from '../client/exceptions.ts';
import { activities, type Scheduled, type Subject } from '../operations/messages.ts';
import type { Session } from '../session/session.ts';
import { existingOrder, findOrder } from './orders.ts';

const name = 'todos.write';

/** To-dos as `mail.activity` of Odoo's type "To-Do" below the sales order; where each warehouse has its own, below the first. */
export function todos(open: () => Promise<Session>): ErpTodos {
  return {
    safety: activities.schedule.safety,
    async find(key) {
      const found = await findScheduled(await open(), key);
      return found === null ? null : asTodo(found);
    },
    write: async (draft) => write(await open(), draft),
    async finish(key) {
      const session = await open();
      const found = await findScheduled(session, key);
      if (found?.isOpen !== true || found.activity === null) return;
      await activities.done.run(session, { activity: found.activity, feedback: 'It is over.' });
    },
  };
}

async function write(session: Session, { key, user, ...what }: ErpTodoDraft): Promise<ErpTodo> {
  const { rows } = await existingOrder(session, key.order, name);
  const there = await findScheduled(session, key);
  if (there !== null) return asTodo(there);
  const on = { model: 'sale.order', id: rows[0].id };
  return asTodo(await activities.schedule.run(session, { ...what, on, key: key.id, user: await userOf(session, user) }));
}

async function findScheduled(session: Session, key: ErpTodoKey): Promise<Scheduled | null> {
  for (const { id } of (await findOrder(session, key.order))?.rows ?? []) {
    const on: Subject = { model: 'sale.order', id };
    const found = await activities.find.run(session, { on, key: key.id });
    if (found !== null) return found;
  }
  return null;
}

async function userOf({ client }: Session, login: string): Promise<number> {
  const query = { domain: [['login', '=', login]], fields: ['login'], limit: 1 };
  const [user] = await client.searchRead('res.users', query, z.object({ id: z.int() }));
  if (user !== undefined) return user.id;
  throw odooFault('refused', name, 'Odoo has no active user of the login that is to get the to-do', {
    advice: 'Name a user of Odoo by its login.',
  });
}

function asTodo({ isOpen }: Scheduled): ErpTodo {
  return { state: isOpen ? 'open' : 'done' };
}
