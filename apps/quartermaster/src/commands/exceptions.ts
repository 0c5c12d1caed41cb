import { exceptionPolicySchema, exceptionQueue, type ExceptionPolicy, type QueuedException } from '@quartermaster/flows';
import { systemClock } from '@quartermaster/connector-kit';
import type { JournalReader } from '@quartermaster/journal';
import { exitCodes, type ExitCode } from '../exit.ts';
import { printJson, table, type Output } from '../output.ts';
import { policyText } from './explain.ts';
import { heldSettings, readJournal, type WhichJournal } from './journal-reading.ts';

type Asked = WhichJournal & {
  readonly all: boolean;
  readonly json: boolean;
  readonly owner?: string;
  readonly code?: string;
  readonly overdue?: boolean;
};

/** `qm exceptions`: what waits for a person, with its owner, its clock and what to do next. */
export async function exceptionsCommand(given: Asked, output: Output): Promise<ExitCode> {
  const { all, json, owner, code, overdue } = given;
  await using journal = await readJournal(given);
  const clock = { policy: await policyOf(journal, given), now: systemClock.now() };
  const query = { open: all ? undefined : true, owner, code, overdue, limit: 10_000 };
  const queue = await journal.read((tx) => exceptionQueue(tx, query, clock));
  if (json) printJson(output, queue);
  else if (queue.length === 0) output.out('Nothing waits for a person.\n');
  else output.out(queueText(queue));
  return exitCodes.ok;
}

/** A demo's journal has no config: its clocks are the standard ones. */
async function policyOf(journal: JournalReader, { config, store }: WhichJournal): Promise<ExceptionPolicy> {
  return store === undefined ? (await heldSettings(journal, config)).exceptions : exceptionPolicySchema.parse({});
}

function queueText(queue: readonly QueuedException[]): string {
  const rows = queue.map((each) => [
    String(each.id),
    ageInWords(each.ageMinutes),
    clockInWords(each),
    each.code,
    each.owner,
    each.subjectKey,
    each.policy === null ? '-' : policyText(each.policy),
    each.reason,
  ]);
  const codes = new Map(queue.map(({ code, meaning }) => [code, meaning ?? '']));
  const next = queue.flatMap((each) => (each.next === null ? [] : [[String(each.id), each.next]]));
  return [
    table([['id', 'age', 'due', 'code', 'owner', 'about', 'policy', 'reason'], ...rows]),
    table([...codes].sort(([one], [other]) => (one < other ? -1 : 1)).map(([code, meaning]) => [code, meaning])),
    ...(next.length === 0 ? [] : [table([['id', 'next'], ...next])]),
  ].join('\n');
}

function clockInWords({ dueAt, overdue, snoozedUntil }: QueuedException): string {
  if (dueAt === null) return 'settled';
  if (snoozedUntil !== null) return `snoozed until ${snoozedUntil.slice(0, 16)}`;
  return overdue ? `overdue since ${dueAt.slice(0, 16)}` : dueAt.slice(0, 16);
}

/** `3 d 4 h`, `2 h 5 min`, `7 min`. */
export function ageInWords(minutes: number): string {
  const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60), minutes % 60];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${rest} min` : `${rest} min`;
}
