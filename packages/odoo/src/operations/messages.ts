import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { OdooClient } from '../client/client.ts';
import { odooFault } from '../client/exceptions.ts';
import { escapePart } from '../session/external-id.ts';
import { operation } from './operation.ts';

/** A record that people can talk about, such as `{ model: 'sale.order', id: 7 }`. */
export type Subject = { readonly model: string; readonly id: number };

export type Message = {
  readonly on: Subject;
  /** The same for every attempt: one message per key and record. */
  readonly key: string;
  /** Text is shown as it is; HTML is cleaned by Odoo. */
  readonly body: { readonly text: string } | { readonly html: string };
  /** Default `note`, which only colleagues see; a `comment` goes to the followers, perhaps by mail. */
  readonly audience?: 'note' | 'comment';
};

/** Messages below records. */
export const messages = {
  /** Posts a message once. Its mark is the mail's message id, which nobody sees. */
  post: operation('messages.post', 'read-back', async ({ client }, given: Message): Promise<{ readonly message: number }> => {
    const mark = `<quartermaster-${escapePart(given.key)}@${given.on.model}.${given.on.id}>`;
    const find = async () => {
      const domain = [
        ['model', '=', given.on.model],
        ['res_id', '=', given.on.id],
        ['message_id', '=', mark],
      ];
      const [found] = await client.searchRead('mail.message', { domain, fields: ['id'], limit: 1 }, idSchema);
      return found?.id;
    };
    const there = await find();
    if (there !== undefined) return { message: there };
    const html = 'html' in given.body;
    const args = {
      body: 'html' in given.body ? given.body.html : given.body.text,
      message_id: mark,
      message_type: 'comment',
      subtype_xmlid: given.audience === 'comment' ? 'mail.mt_comment' : 'mail.mt_note',
      ...(html ? { body_is_html: true } : {}),
    };
    // Answers an id, from 19 on a list of one.
    await client.act(given.on.model, 'message_post', [given.on.id], { args });
    const made = await find();
    if (made !== undefined) return { message: made };
    throw odooFault('malformed-reply', 'messages.post', `the message is not below ${given.on.model} ${given.on.id}`, {
      outcome: 'unknown',
      retry: { kind: 'safely' },
    });
  }),
};

export type Activity = {
  readonly on: Subject;
  /** The same for every attempt: one activity per key and record, even after it was done. */
  readonly key: string;
  readonly summary: string;
  /** Plain text. */
  readonly note?: string;
  /** Calendar date. */
  readonly due: string;
  /** Id of the user who is to do it; default our own. */
  readonly user?: number;
};

/** A to-do that was written; `activity` is null for one that was done and is kept as a message alone. */
export type Scheduled = { readonly activity: number | null; readonly isOpen: boolean };

/** Something that a person is to do about a record. */
export const activities = {
  /** The to-do of a key: its mark stands in the note and, once it is done, in the message that Odoo keeps of it. Null for one that was never scheduled, or that somebody deleted. */
  find: operation('activities.find', 'natural', ({ client }, given: Pick<Activity, 'on' | 'key'>) => findActivity(client, given)),
  /** Schedules a to-do once. */
  schedule: operation('activities.schedule', 'read-back', async ({ client }, given: Activity): Promise<Scheduled> => {
    const there = await findActivity(client, given);
    if (there !== null) return there;
    const args = {
      act_type_xmlid: 'mail.mail_activity_data_todo',
      date_deadline: given.due,
      summary: given.summary,
      note: `<p>${escapedHtml(given.note ?? '')} ${markOf(given)}</p>`,
      user_id: given.user ?? client.user.id,
    };
    // 17 and 18 answer the text `mail.activity(23,)`, 19 a list of one id.
    await client.act(given.on.model, 'activity_schedule', [given.on.id], { args });
    const made = await findActivity(client, given);
    if (made !== null) return made;
    throw odooFault('malformed-reply', 'activities.schedule', `the activity is not below ${given.on.model} ${given.on.id}`, {
      outcome: 'unknown',
      retry: { kind: 'safely' },
    });
  }),
  /** Marks a to-do as done. Odoo deletes it, from 19 on it archives it; either is done already. */
  done: operation(
    'activities.done',
    'natural',
    async ({ client }, given: { readonly activity: number; readonly feedback?: string }): Promise<void> => {
      const isOpen = async () =>
        (await client.searchRead('mail.activity', { domain: [['id', '=', given.activity]], fields: ['id'] }, idSchema)).length > 0;
      if (!(await isOpen())) return;
      await client.act('mail.activity', 'action_feedback', [given.activity], { args: { feedback: given.feedback ?? '' } });
      if (await isOpen())
        throw odooFault('refused', 'activities.done', `activity ${given.activity} is still open`, { advice: 'Close it in Odoo.' });
    },
  ),
};

export type File = { readonly on: Subject; readonly name: string; readonly content: Uint8Array };

export type Attachment = { readonly id: number; readonly name: string; readonly bytes: number };

/** Files at records. */
export const attachments = {
  /** Attaches a file once: one with the same name and content is not attached again. */
  attach: operation('attachments.attach', 'read-back', async ({ client, odoo }, given: File): Promise<Attachment> => {
    const checksum = createHash('sha1').update(given.content).digest('hex');
    const find = async () => {
      const domain = [
        ['res_model', '=', given.on.model],
        ['res_id', '=', given.on.id],
        ['name', '=', given.name],
        ['checksum', '=', checksum],
      ];
      const [found] = await client.searchRead('ir.attachment', { domain, fields: ['name', 'file_size'], limit: 1 }, attachmentSchema);
      return found === undefined ? undefined : { id: found.id, name: found.name, bytes: found.file_size };
    };
    const there = await find();
    if (there !== undefined) return there;
    const datas = Buffer.from(given.content).toString('base64');
    await odoo.create('ir.attachment', [{ name: given.name, res_model: given.on.model, res_id: given.on.id }], { also: { datas } });
    const made = await find();
    if (made !== undefined) return made;
    throw odooFault('malformed-reply', 'attachments.attach', 'Odoo keeps another content than was sent', { outcome: 'unknown' });
  }),
};

function markOf({ key }: Pick<Activity, 'key'>): string {
  return `[qm ${escapePart(key)}]`;
}

async function findActivity(client: OdooClient, given: Pick<Activity, 'on' | 'key'>): Promise<Scheduled | null> {
  const mark = markOf(given);
  const about = [['res_id', '=', given.on.id]];
  const activity = { domain: [...about, ['res_model', '=', given.on.model], ['note', 'like', mark]], fields: ['note'] };
  const marked = async (archived: boolean) =>
    (await client.searchRead('mail.activity', { ...activity, archived }, noteSchema)).find(
      ({ note }) => note !== false && note.includes(mark),
    );
  const open = await marked(false);
  if (open !== undefined) return { activity: open.id, isOpen: true };
  const archived = await marked(true);
  if (archived !== undefined) return { activity: archived.id, isOpen: false };
  const message = { domain: [...about, ['model', '=', given.on.model], ['body', 'like', mark]], fields: ['body'] };
  const told = await client.searchRead('mail.message', message, bodySchema);
  return told.some(({ body }) => body !== false && body.includes(mark)) ? { activity: null, isOpen: false } : null;
}

function escapedHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const idSchema = z.object({ id: z.int() });
const textOrNone = z.union([z.string(), z.literal(false)]);
const noteSchema = z.object({ id: z.int(), note: textOrNone });
const bodySchema = z.object({ id: z.int(), body: textOrNone });
const attachmentSchema = z.object({ id: z.int(), name: z.string(), file_size: z.int() });
