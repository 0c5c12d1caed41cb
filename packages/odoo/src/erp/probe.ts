import type { ErpProbe, NodeId } from '@quartermaster/domain';
import { sentenceOf, type Finding } from '../capabilities/finding.ts';
import { readCapabilities } from '../capabilities/read-capabilities.ts';
import type { Comparable } from '../typegen/drift.ts';
import type { Session } from '../session/session.ts';

/**
 * Who we are, and everything that stands in the way of working with these nodes (null: with those that are set up). A wrong address, database or login is no problem to list but a
 * fault.
 */
export async function probe(session: Session, nodes: readonly NodeId[] | null, lock?: Comparable): Promise<ErpProbe> {
  const { version, transport, user, findings } = await readCapabilities(session, { nodes, ...(lock === undefined ? {} : { lock }) });
  const sentences = (wanted: (finding: Finding) => boolean) => findings.filter(wanted).map(sentenceOf);
  return {
    version: String(version),
    transport,
    user: user.login,
    problems: sentences(({ severity }) => severity === 'blocks'),
    unsafe: sentences(({ code, severity }) => code === 'drift' && severity === 'blocks'),
    notes: sentences(({ severity }) => severity !== 'blocks'),
  };
}
