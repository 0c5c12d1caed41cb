import type { ErpProbe } from '@quartermaster/domain';
import { sentenceOf, type Finding } from '../capabilities/finding.ts';
import { readCapabilities, type CapabilityOptions } from '../capabilities/read-capabilities.ts';
import type { Session } from '../session/session.ts';

/**
 * Who we are, and everything that stands in the way of working with these nodes (null: with those that are set up). A wrong address, database or login is no problem to list but a
 * fault.
 */
export async function probe(session: Session, options: CapabilityOptions): Promise<ErpProbe> {
  const { version, transport, user, findings } = await readCapabilities(session, options);
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
