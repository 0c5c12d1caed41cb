import { curatedOf } from '../../models/curated-of.ts';
import { typeError } from '../engine/errors.ts';
import { boolean, char, code, computed, selection } from '../engine/field.ts';
import type { Topic } from '../engine/topic.ts';
import type { World } from '../engine/world.ts';

/** Modules, languages, groups of users and switches of the company: what an administrator sets, and what everybody may look up. */
export const settings: Topic = {
  models: (version) => ({
    'ir.module.module': {
      name: code,
      state: selection('uninstallable', 'uninstalled', 'installed', 'to upgrade', 'to remove', 'to install'),
    },
    'res.lang': { name: char, code, active: boolean },
    'res.company': version < 19 ? { stock_move_sms_validation: boolean } : { stock_text_confirmation: boolean },
    'stock.warehouse': { reception_steps: computed('selection') },
  }),
  computed: {
    'stock.warehouse.reception_steps': () => 'one_step',
  },
  methods: {
    'res.users': {
      has_group: {
        onRecords: true,
        parameters: ['group_ext_id'],
        required: ['group_ext_id'],
        run(world, { ids, args }) {
          // Until Odoo 17 it is a method of the model, so ids would be taken for the group.
          if (world.version < 18 && ids.length > 0) throw typeError("Users.has_group() got multiple values for argument 'group_ext_id'");
          return groupsOf(world).has(String(args['group_ext_id']));
        },
      },
    },
  },
  install(world) {
    for (const name of modulesOf(world)) world.db.insert('ir.module.module', { name, state: 'installed' });
    world.db.insert('res.lang', { name: 'English (US)', code: 'en_US', active: true });
  },
};

/** Groups that every user of this database is in. */
function groupsOf(world: World): ReadonlySet<string> {
  const several = [...world.db.all('stock.warehouse')].length > 1;
  const features = several ? ['stock.group_stock_multi_locations', 'stock.group_stock_multi_warehouses'] : [];
  return new Set(['base.group_user', ...features]);
}

/** The modules without which the emulated fields would not be there. */
function modulesOf(world: World): readonly string[] {
  const found = new Set(['base', 'web', 'mail', 'stock_sms']);
  for (const [model, fields] of Object.entries(curatedOf(world.version) ?? {}))
    for (const [name, { modules = [] }] of Object.entries(fields)) {
      const [only] = modules;
      if (only !== undefined && modules.length === 1 && world.topics.models[model]?.[name] !== undefined) found.add(only);
    }
  // Some fields of it are emulated in any case.
  if (world.topics.models['stock.picking']?.['carrier_tracking_ref'] === undefined) for (const name of deliveryModules) found.delete(name);
  return [...found].sort();
}

const deliveryModules = ['delivery', 'stock_delivery'];
