import { isFault } from '@quartermaster/domain';
import { z } from 'zod';
import { odooFault } from '../client/exceptions.ts';
import { partsOfXid } from './external-id.ts';
import type { Session } from './session.ts';

/**
 * Id of the record of a model that holds an external id, or null, without writing anything. Only people who manage access rights may read the table of external ids; everybody may ask for one of them by
 * `check_object_reference`, which raises a ValueError for one that is not there (and so leaves a traceback in the server's log: the table is the quieter way). A repeated import must
 * not be used for this: Odoo 17 writes a posted document over in silence. Throws `forbidden` for a record that is there but that the user may not see.
 */
export async function recordNamed(session: Session, model: string, externalId: string): Promise<number | null> {
  const { client } = session;
  const [module, name] = partsOfXid(externalId);
  if (session.mayReadExternalIds) {
    const domain = [
      ['module', '=', module],
      ['name', '=', name],
      ['model', '=', model],
    ];
    const [row] = await client.searchRead('ir.model.data', { domain, fields: ['res_id'] }, z.object({ res_id: z.int() }));
    return row?.res_id ?? null;
  }
  const args = { module, xml_id: name };
  const call = { model: 'ir.model.data', method: 'check_object_reference', args, repeat: 'always', timeout: 'read' } as const;
  try {
    const [, id] = await client.call(call, z.tuple([z.string(), z.union([z.int(), z.literal(false)])]));
    if (id !== false) return id;
  } catch (error) {
    if (isFault(error) && error.facts.vendorCode === 'builtins.ValueError') return null;
    throw error;
  }
  throw odooFault('forbidden', `${model}.read`, 'the record is there, but this user may not see it', {
    advice: "Give the user the record's company and the right to read it.",
  });
}
