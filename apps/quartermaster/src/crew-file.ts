import { readCrewFile } from '@quartermaster/fulfilment';
import { z } from 'zod';
import { CommandError, exitCodes } from './exit.ts';
import { textOf } from './tariff-files.ts';

const namedSchema = z.looseObject({ crewDates: z.string().min(1) });

/** The JSON of a config with the shifts of single dates that stand in a CSV file in their place; JSON without such a file is as it was. Throws a `CommandError` that names every bad row. */
export function withCrewFile(json: unknown, directory: string, name: string): unknown {
  const config = namedSchema.safeParse(json);
  if (!config.success) return json;
  const file = config.data.crewDates;
  const wrong: string[] = [];
  const text = textOf(file, directory, wrong);
  const read = wrong.length > 0 ? null : readCrewFile(text);
  if (read?.kind === 'read') return { ...config.data, crewDates: read.crew };
  const problems = [...wrong, ...(read?.problems ?? []).map(({ row, why }) => `${file}, row ${row}: ${why}`)];
  const lines = problems.map((line) => `  ${line}`).join('\n');
  throw new CommandError(exitCodes.usage, `${name}: the shifts of the crews are not right, and none of the rows is taken.\n${lines}`);
}
