import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import type { ErpTodoDraft, ErpTodos } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { odooErp } from '../../erp/erp.ts';
import { draftOrder } from './drafts.ts';
import type { Workbench } from './workbench.ts';

/** To-dos at orders, written with the rights of daily work. */
export function todosBehave(bench: () => Workbench): void {
  const port = (): ErpTodos => {
    const { todos } = odooErp({ connection: 'odoo', ...bench().salesperson });
    if (todos === null) throw new Error('the port has no to-dos');
    return todos;
  };
  const memo = () => intentMemo(bench().unique('t'));

  /** A to-do for the administrator at an order of its own. */
  async function drafted(): Promise<ErpTodoDraft> {
    const { sku } = await bench().product({ units: { QME: 1 } });
    const order = draftOrder(bench(), [{ sku, units: 1, node: 'QME' }]);
    await bench().erp.writeOrder(order, memo());
    const key = { order: order.key, id: bench().unique('notify/desk/exception') };
    return { key, user: bench().administrator.login, summary: 'Exception 7 parcel-lost', note: 'Look <here> & there', due: '2026-12-01' };
  }

  const rowSchema = z.object({
    id: z.int(),
    summary: z.string(),
    note: z.string(),
    date_deadline: z.string(),
    user_id: z.tuple([z.int(), z.string()]).or(z.int()),
  });
  /** What lies open below an order of this draft, as the administrator sees it. */
  async function inOdoo({ key }: ErpTodoDraft) {
    const ref = Number((await bench().erp.findOrder(key.order))?.ref);
    const domain = [
      ['res_model', '=', 'sale.order'],
      ['res_id', '=', ref],
    ];
    const fields = ['summary', 'note', 'date_deadline', 'user_id'];
    return bench().client.searchRead('mail.activity', { domain, fields }, rowSchema);
  }

  test('one person is asked once to look at an order, however often the to-do is written', async () => {
    const draft = await drafted();
    await expect(port().find(draft.key)).resolves.toBeNull();

    await expect(port().write(draft, memo())).resolves.toEqual({ state: 'open' });
    await expect(port().write(draft, memo())).resolves.toEqual({ state: 'open' });

    await expect(port().find(draft.key)).resolves.toEqual({ state: 'open' });
    const [only, ...others] = await inOdoo(draft);
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      summary: draft.summary,
      date_deadline: draft.due,
      note: expect.stringContaining('Look &lt;here&gt; &amp; there'),
    });
    expect([only?.user_id].flat()[0]).toBe(bench().client.user.id);
  });

  test('a to-do that is finished leaves the list, is found done, and is not written again', async () => {
    const draft = await drafted();
    await port().write(draft, memo());

    for (const _again of [1, 2]) await port().finish(draft.key, memo());

    await expect(inOdoo(draft)).resolves.toEqual([]);
    await expect(port().find(draft.key)).resolves.toEqual({ state: 'done' });
    await expect(port().write(draft, memo())).resolves.toEqual({ state: 'done' });
    await expect(inOdoo(draft)).resolves.toEqual([]);
  });

  test('a to-do that the person did, or deleted, is left as it is', async () => {
    const [did, deleted] = [await drafted(), await drafted()];
    for (const draft of [did, deleted]) await port().write(draft, memo());
    const [ofDid, ofDeleted] = [(await inOdoo(did))[0]?.id ?? 0, (await inOdoo(deleted))[0]?.id ?? 0];
    await bench().operations.activities.done({ activity: ofDid, feedback: 'I called them' });
    await bench().client.call(
      { model: 'mail.activity', method: 'unlink', ids: [ofDeleted], repeat: 'never', timeout: 'write' },
      z.unknown(),
    );

    for (const draft of [did, deleted]) await port().finish(draft.key, memo());

    await expect(port().find(did.key)).resolves.toEqual({ state: 'done' });
    await expect(port().find(deleted.key)).resolves.toBeNull();
    await expect(Promise.all([inOdoo(did), inOdoo(deleted)])).resolves.toEqual([[], []]);
  });

  test('a person whom Odoo does not know gets no to-do, and an order that is not there has none', async () => {
    const draft = await drafted();
    const nobody = { ...draft, user: bench().unique('nobody') };
    await expect(port().write(nobody, memo())).rejects.toMatchObject({
      code: 'refused',
      facts: { outcome: 'not-applied', retry: { kind: 'never' } },
    });
    await expect(inOdoo(draft)).resolves.toEqual([]);
    const nowhere = { ...draft.key, order: { ...draft.key.order, orderId: bench().unique('nowhere') } };
    await expect(port().write({ ...draft, key: nowhere }, memo())).rejects.toMatchObject({ code: 'not-found' });
    await expect(port().find(nowhere)).resolves.toBeNull();
    await expect(port().finish(nowhere, memo())).resolves.toBeUndefined();
  });
}
