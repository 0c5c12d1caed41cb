import { createHash } from 'node:crypto';
import { textOf, type Row, type Values } from '../engine/database.ts';
import { boolean, char, date, datetime, html, integer, one, selection, type Field } from '../engine/field.ts';
import { action, type Method, type MethodCall, type Topic } from '../engine/topic.ts';
import { required, type World } from '../engine/world.ts';

/** Messages, to-dos and files below records. */
export const messages: Topic = {
  models: () => ({
    'mail.message': {
      model: char,
      res_id: recordId,
      body: html,
      message_id: { ...char, indexed: true },
      message_type: selection('email', 'comment', 'notification'),
      author_id: one('res.partner'),
      date: datetime,
    },
    'mail.activity': {
      res_model: char,
      res_id: recordId,
      summary: char,
      note: html,
      date_deadline: date,
      user_id: one('res.users'),
      active: boolean,
    },
    'ir.attachment': {
      name: { ...char, required: true },
      res_model: char,
      res_id: recordId,
      datas: { type: 'binary' },
      checksum: { ...char, indexed: true },
      file_size: integer,
      mimetype: char,
    },
  }),
  rights: {
    'mail.message': ['create', 'read', 'write'],
    'mail.activity': ['create', 'read', 'write', 'unlink'],
    'ir.attachment': ['create', 'read', 'write', 'unlink'],
  },
  methods: {
    ...Object.fromEntries(
      ['sale.order', 'stock.picking', 'res.partner', 'product.product', 'purchase.order', 'account.move', 'account.payment'].map(
        (model) => [model, { message_post: posting(), activity_schedule: scheduling() }],
      ),
    ),
    'mail.activity': {
      action_feedback: action((world, { ids, args }) => close(world, ids, args['feedback']), ['feedback', 'attachment_ids']),
    },
  },
  create: { 'ir.attachment': createAttachment },
};

const recordId: Field = { type: 'many2one_reference', indexed: true };

function posting(): Method {
  return {
    onRecords: true,
    right: 'read',
    parameters: ['body', 'body_is_html', 'message_type', 'subtype_xmlid', 'message_id', 'subject', 'attachment_ids', 'partner_ids'],
    run(world, { model, ids, args }) {
      const text = typeof args['body'] === 'string' ? args['body'] : '';
      const body = args['body_is_html'] === true ? cleaned(text) : `<p>${escaped(text)}</p>`;
      const message = addMessage(world, { model, res_id: ids[0] ?? 0, body, message_id: asText(args['message_id']) || false });
      return world.version === 19 ? [message.id] : message.id;
    },
  };
}

function scheduling(): Method {
  return {
    onRecords: true,
    right: 'read',
    parameters: ['act_type_xmlid', 'date_deadline', 'summary', 'note', 'user_id'],
    run(world, { model, ids, args }: MethodCall) {
      const user = args['user_id'];
      const activity = world.db.insert('mail.activity', {
        res_model: model,
        res_id: ids[0] ?? 0,
        summary: asText(args['summary']) || false,
        note: cleaned(asText(args['note'])) || false,
        date_deadline: asText(args['date_deadline']) || world.clock.now().slice(0, 10),
        // Until 18 nobody said who is our own user.
        user_id: typeof user === 'number' ? user : world.version < 19 ? world.userId : false,
        active: true,
      });
      return world.version === 19 ? [activity.id] : `mail.activity(${activity.id},)`;
    },
  };
}

/** `action_feedback`: a message keeps what was to do. The to-do is deleted, from 19 on archived. */
function close(world: World, ids: readonly number[], feedback: unknown): number {
  let message = 0;
  for (const id of ids) {
    const activity = required(world.db.get('mail.activity', id), `activity ${id}`);
    const body = `<p>To-Do done: ${escaped(textOf(activity, 'summary'))}</p><div>Original note:</div><div>${textOf(activity, 'note')}</div><div>${escaped(asText(feedback))}</div>`;
    message = addMessage(world, { model: textOf(activity, 'res_model'), res_id: activity['res_id'] ?? 0, body, message_id: false }).id;
    if (world.version === 19) world.db.update('mail.activity', id, { active: false });
    else world.db.remove('mail.activity', id);
  }
  return message;
}

function addMessage(world: World, values: Values): Row {
  return world.db.insert('mail.message', {
    message_type: 'comment',
    author_id: false,
    date: world.clock.now().slice(0, 19).replace('T', ' '),
    ...values,
  });
}

function createAttachment(world: World, values: Values): Row {
  const bytes = Buffer.from(textOf(values, 'datas'), 'base64');
  return world.db.insert('ir.attachment', {
    res_model: false,
    res_id: 0,
    mimetype: 'application/octet-stream',
    ...values,
    checksum: createHash('sha1').update(bytes).digest('hex'),
    file_size: bytes.length,
  });
}

/** HTML as Odoo lets it in. */
function cleaned(text: string): string {
  return text.replaceAll(/<script[\s\S]*?<\/script>/g, '');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
