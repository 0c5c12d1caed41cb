import { isFault } from '@quartermaster/domain';
import { JournalError, openJournal } from '@quartermaster/journal';
import { systemClock } from '@quartermaster/connector-kit';
import { loadConfig, type Config, type LoadedConfig } from '../config.ts';
import { connect, secretsOf, type Connections } from '../connect.ts';
import { CommandError, exitCodes, type ExitCode } from '../exit.ts';
import { journalOf } from '../journal-place.ts';
import { printJson, type Output } from '../output.ts';
import { nodesFinding, type Finding } from './node-findings.ts';

/** `qm doctor`: looks at the journal and at each connection of a config, and says what to do. Changes nothing outside. */
export async function doctorCommand(given: { readonly config: string; readonly json: boolean }, output: Output): Promise<ExitCode> {
  const loaded = loadConfig(given.config);
  const findings: Finding[] = [await journalFinding(loaded)];
  const connections = connect(loaded.config, secretsOf(loaded), { clock: systemClock, random: Math.random });
  findings.push(nodesFinding(loaded.config), await erpFinding(loaded.config, connections));
  for (const [connection, port] of [...connections.channels, ...connections.carriers]) {
    findings.push(
      await probed(connection, async () => {
        const { account, problems } = await port.probe();
        return { facts: account, problems, notes: [] };
      }),
    );
  }
  const problems = findings.flatMap((finding) => finding.problems);
  if (given.json) printJson(output, { healthy: problems.length === 0, findings });
  else {
    for (const { subject, facts, problems: found, notes } of findings) {
      output.out(`${found.length === 0 ? 'ok     ' : 'PROBLEM'}  ${subject}: ${facts}\n`);
      for (const problem of found) output.out(`           ${problem}\n`);
      for (const note of notes) output.out(`     note  ${note}\n`);
    }
    output.out(problems.length === 0 ? 'All is well.\n' : `${problems.length} ${problems.length === 1 ? 'thing' : 'things'} to do.\n`);
  }
  return problems.length === 0 ? exitCodes.ok : exitCodes.no;
}

async function journalFinding(loaded: LoadedConfig): Promise<Finding> {
  const { name, place, masterKey } = journalOf(loaded);
  try {
    const journal = await openJournal({ ...place(), masterKey: masterKey(), clock: systemClock });
    await journal.close();
    return { subject: 'journal', facts: name, problems: [], notes: [] };
  } catch (error) {
    if (!(error instanceof CommandError) && !(error instanceof JournalError)) throw error;
    return { subject: 'journal', facts: name, problems: [error.message], notes: [] };
  }
}

async function erpFinding(config: Config, { erp }: Connections): Promise<Finding> {
  return probed(erp.connection, async () => {
    const probe = await erp.probe({ data: true });
    const known = new Set((await erp.nodes()).map((node) => node.id));
    const missing = config.nodes
      .filter((node) => !known.has(node.id))
      .map((node) => `The node ${node.id} of the config is no warehouse code there.`);
    return {
      facts: `Odoo ${probe.version} as ${probe.user} by ${probe.transport}`,
      problems: [...probe.problems, ...missing],
      notes: probe.notes,
    };
  });
}

async function probed(subject: string, probe: () => Promise<Omit<Finding, 'subject'>>): Promise<Finding> {
  try {
    return { subject, ...(await probe()) };
  } catch (error) {
    if (!isFault(error)) throw error;
    return {
      subject,
      facts: 'does not answer as it should',
      problems: [`${error.message}. ${error.facts.advice ?? ''}`.trim()],
      notes: [],
    };
  }
}
