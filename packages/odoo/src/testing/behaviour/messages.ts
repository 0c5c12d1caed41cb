import { expect, test } from 'vitest';
import { z } from 'zod';
import { shopOf } from './shop.ts';
import type { Workbench } from './workbench.ts';

/** Messages, to-dos and files at records. */
export function messagesBehave(bench: () => Workbench): void {
  const subject = async () => ({
    model: 'sale.order',
    id: (await shopOf(bench()).order([{ quantity: 1, price: 1 }], { confirm: false })).id,
  });
  const bodyOf = async (message: number) => {
    const [row] = await bench().client.searchRead(
      'mail.message',
      { domain: [['id', '=', message]], fields: ['body'] },
      z.object({ body: z.string() }),
    );
    return row?.body;
  };

  test('a message is posted once, and its text is shown as it is', async () => {
    const { operations } = shopOf(bench());
    const message = { on: await subject(), key: bench().unique('note'), body: { text: 'a <b> & c' } };
    const first = await operations.messages.post(message);
    await expect(operations.messages.post(message)).resolves.toEqual(first);
    await expect(bodyOf(first.message)).resolves.toContain('a &lt;b&gt; &amp; c');
  });

  test('a message of HTML keeps its marks and loses its scripts', async () => {
    const { operations } = shopOf(bench());
    const html = '<p>late: <b>parcel 7</b></p><script>alert(1)</script>';
    const { message } = await operations.messages.post({ on: await subject(), key: bench().unique('note'), body: { html } });
    const body = await bodyOf(message);
    expect(body).toContain('<b>parcel 7</b>');
    expect(body).not.toContain('script');
  });

  test('a to-do is scheduled once, and not again after it was done', async () => {
    const { operations } = shopOf(bench());
    const todo = { on: await subject(), key: bench().unique('todo'), summary: 'Address is wrong', note: 'ask <Jo>', due: '2026-12-01' };
    const { activity } = await operations.activities.schedule(todo);
    await expect(operations.activities.schedule(todo)).resolves.toEqual({ activity, isOpen: true });
    for (const _again of [1, 2]) await operations.activities.done({ activity: activity ?? 0, feedback: 'asked' });
    await operations.activities.schedule(todo);
    await expect(
      bench().odoo.searchRead(
        'mail.activity',
        [
          ['res_model', '=', 'sale.order'],
          ['res_id', '=', todo.on.id],
        ],
        [],
      ),
    ).resolves.toEqual([]);
  });

  test('a file is attached once; other content under the same name is another file', async () => {
    const { operations } = shopOf(bench());
    const on = await subject();
    const file = { on, name: 'label.txt', content: new TextEncoder().encode('label 1') };
    const first = await operations.attachments.attach(file);
    await expect(operations.attachments.attach(file)).resolves.toEqual(first);
    const other = await operations.attachments.attach({ ...file, content: new TextEncoder().encode('label 22') });
    expect([first.bytes, other.bytes, other.id === first.id]).toEqual([7, 8, false]);
  });
}
