import type { OdooClient } from '../../client/client.ts';
import { odooFault } from '../../client/exceptions.ts';
import { everyVersion } from '../../models/curated/every-version.ts';
import { typedOdoo } from '../../models/typed-odoo.ts';
import { operationsOn, type OdooOperations } from '../../operations/odoo-operations.ts';
import type { Session } from '../../session/session.ts';

/** Operations of a client whose line is cut whenever it is about to write something with these words: what a crash at that point leaves behind can then be looked at. */
export function operationsUntil(session: Session, words: string): OdooOperations {
  const { client } = session;
  function unlessCut<T>(sent: readonly unknown[], send: () => Promise<T>): Promise<T> {
    if (!JSON.stringify(sent).includes(words)) return send();
    return Promise.reject(odooFault('unreachable', 'test', 'the line is cut', { retry: { kind: 'safely' } }));
  }
  const cut: OdooClient = {
    ...client,
    load: (...sent) => unlessCut(sent, () => client.load(...sent)),
    create: (...sent) => unlessCut(sent, () => client.create(...sent)),
    write: (...sent) => unlessCut(sent, () => client.write(...sent)),
    act: (...sent) => unlessCut(sent, () => client.act(...sent)),
  };
  return operationsOn(() => Promise.resolve({ ...session, client: cut, odoo: typedOdoo(cut, everyVersion) }));
}
