import { valueError } from '../engine/errors.ts';
import { boolean, char, code, integer, many, one, selection, set, text } from '../engine/field.ts';
import type { Topic } from '../engine/topic.ts';

/** Companies, users, partners, countries, external ids and settings: what every Odoo has. */
export const base: Topic = {
  models: () => ({
    'res.company': { name: char, currency_id: one('res.currency'), partner_id: one('res.partner') },
    'res.users': { login: char, name: char, email: char, company_id: one('res.company'), company_ids: set('res.company'), tz: selection() },
    'res.currency': { name: code, active: boolean },
    'res.country': { name: char, code },
    'res.country.state': { name: char, code: char, country_id: one('res.country') },
    'res.partner': {
      name: { ...char, label: 'Name' },
      type: selection('contact', 'invoice', 'delivery', 'other'),
      parent_id: one('res.partner', { label: 'Related Company' }),
      child_ids: many('res.partner', 'parent_id', { label: 'Contact' }),
      company_name: char,
      street: char,
      street2: char,
      zip: char,
      city: char,
      state_id: one('res.country.state', { label: 'State' }),
      country_id: one('res.country', { label: 'Country' }),
      phone: char,
      email: char,
      ref: char,
      company_id: one('res.company'),
      active: boolean,
    },
    'decimal.precision': { name: char, digits: integer },
    'ir.config_parameter': { key: char, value: text },
    'res.partner.category': { name: { ...char, required: true }, active: boolean },
    'ir.model.data': { module: char, name: code, model: char, res_id: { type: 'many2one_reference', indexed: true }, noupdate: boolean },
  }),
  labels: { 'res.partner': 'Contact' },
  rights: {
    'ir.model.data': [],
    'decimal.precision': [],
    'ir.config_parameter': [],
    'res.partner': ['create', 'read', 'write'],
  },
  methods: {
    'res.users': {
      context_get: {
        onRecords: false,
        parameters: [],
        run: (world) => ({ lang: 'en_US', tz: world.db.get('res.users', world.userId)?.['tz'] ?? false, uid: world.userId }),
      },
    },
    'ir.model.data': {
      check_object_reference: {
        onRecords: false,
        parameters: ['module', 'xml_id', 'raise_on_access_error'],
        required: ['module', 'xml_id'],
        run(world, { args }) {
          const externalId = `${String(args['module'])}.${String(args['xml_id'])}`;
          const record = world.db.recordOf(externalId);
          if (record === undefined) throw valueError(`External ID not found in the system: ${externalId}`);
          return [record.model, record.id];
        },
      },
    },
  },
  create: {
    'res.partner': (world, values) =>
      world.db.insert('res.partner', {
        active: true,
        type: 'contact',
        phone: false,
        email: false,
        ref: false,
        company_id: false,
        parent_id: false,
        ...values,
      }),
  },
};
