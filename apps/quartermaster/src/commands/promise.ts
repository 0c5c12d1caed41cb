import { systemClock } from '@quartermaster/connector-kit';
import { instantSchema } from '@quartermaster/domain';
import { holdsUntil, promiseQuestionSchema, promisesFor, type WayPromise } from '@quartermaster/flows';
import { durationText } from '@quartermaster/promise';
import { fieldPath, flowSettings, loadConfig } from '../config.ts';
import { serviceSkus } from '../connect.ts';
import { CommandError, exitCodes, type ExitCode } from '../exit.ts';
import { printJson, table, type Output } from '../output.ts';

type Given = {
  readonly config: string;
  readonly country: string;
  readonly postalCode?: string | undefined;
  readonly region?: string;
  readonly service?: string;
  readonly at?: string;
  readonly why: boolean;
  readonly json: boolean;
};

/** `qm promise COUNTRY POSTALCODE`: what each node may promise by each service, the earliest first. Reads the config alone; exit code 1 when nothing can be promised. */
export function promiseCommand(given: Given, output: Output): ExitCode {
  const { config, country, postalCode, region, service } = given;
  const question = promiseQuestionSchema.safeParse({ country, postalCode, region, service });
  if (!question.success)
    throw new CommandError(exitCodes.usage, question.error.issues.map(({ path, message }) => `${fieldPath(path)}: ${message}`).join('; '));
  const at = instantSchema.safeParse(given.at ?? systemClock.now());
  if (!at.success) throw new CommandError(exitCodes.usage, '--at: an instant such as 2026-11-20T14:30:00Z');
  const ways = promisesFor(flowSettings(loadConfig(config).config, serviceSkus), question.data, at.data);
  if (given.json) printJson(output, { at: at.data, holdsUntil: holdsUntil(ways), ways });
  else output.out(ways.length === 0 ? 'no service goes there\n' : promisesText(ways, given.why));
  return ways.some(({ windows }) => windows.length > 0) ? exitCodes.ok : exitCodes.no;
}

function promisesText(ways: readonly WayPromise[], isExplained: boolean): string {
  const rows = ways.map(({ node, service, windows: [first], confidence, why }) =>
    first === undefined
      ? [node, service, 'none', why[0] ?? '', '', '']
      : [
          node,
          service,
          first.deliveryDate,
          `order within ${durationText(first.leftMs)}`,
          first.orderBefore,
          confidence === null ? '-' : `${confidence} %`,
        ],
  );
  const heading = ['node', 'service', 'there on', 'for that', 'before', 'sure to'];
  const reasons = ways.flatMap(({ node, service, why }) => [`${node} by ${service}`, ...why.map((sentence) => `  ${sentence}`)]);
  return table([heading, ...rows]) + (isExplained ? `\n${reasons.join('\n')}\n` : '');
}
