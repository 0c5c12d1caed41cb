import { importRateBook, rateBookHeadSchema, type BadRow, type RateBookFiles, type Tariff } from '@quartermaster/parcels';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { CommandError, exitCodes, systemCode } from './exit.ts';

const pathSchema = z.string().min(1);

/** A tariff of the config whose rows stand in CSV files, named from the config's folder. */
const tariffFilesSchema = rateBookHeadSchema.extend({
  csv: z.strictObject({
    services: pathSchema,
    zones: pathSchema,
    rates: pathSchema,
    surcharges: pathSchema.optional(),
    fuel: pathSchema.optional(),
    weights: pathSchema.optional(),
  }),
});

const carriersSchema = z.looseObject({ carriers: z.array(z.unknown()) });
const carrierSchema = z.looseObject({ tariff: z.looseObject({ csv: z.unknown() }) });

/**
 * The JSON of a config with the tariffs that its carriers keep in CSV files in their places; JSON without any is as it was. Throws a `CommandError` that names every bad row of every file, or which fields of
 * such a tariff are wrong.
 */
export function withTariffFiles(json: unknown, directory: string, name: string): unknown {
  const config = carriersSchema.safeParse(json);
  if (!config.success) return json;
  const wrong: string[] = [];
  const carriers = config.data.carriers.map((carrier, at) => {
    const named = carrierSchema.safeParse(carrier);
    if (!named.success || named.data.tariff.csv === undefined) return carrier;
    const head = tariffFilesSchema.safeParse(named.data.tariff);
    if (head.success) {
      const tariff = tariffOf(head.data, directory, wrong);
      return tariff === null ? carrier : { ...named.data, tariff };
    }
    wrong.push(...head.error.issues.map(({ path, message }) => `carriers[${at}].tariff.${path.join('.')}: ${message}`));
    return carrier;
  });
  if (wrong.length > 0) {
    const lines = wrong.map((line) => `  ${line}`).join('\n');
    throw new CommandError(exitCodes.usage, `${name}: the tariffs are not right, and none of their rows is taken.\n${lines}`);
  }
  return { ...config.data, carriers };
}

function tariffOf({ csv, ...head }: z.infer<typeof tariffFilesSchema>, directory: string, wrong: string[]): Tariff | null {
  const before = wrong.length;
  const sheet = (file: string) => ({ file, text: textOf(file, directory, wrong) });
  const files: RateBookFiles = {
    services: sheet(csv.services),
    zones: sheet(csv.zones),
    rates: sheet(csv.rates),
    ...(csv.surcharges === undefined ? {} : { surcharges: sheet(csv.surcharges) }),
    ...(csv.fuel === undefined ? {} : { fuel: sheet(csv.fuel) }),
    ...(csv.weights === undefined ? {} : { weights: sheet(csv.weights) }),
  };
  if (wrong.length > before) return null;
  const book = importRateBook(head, files);
  if (book.kind === 'read') return book.tariff;
  wrong.push(...book.problems.map(badRowText));
  return null;
}

/** A bad row of a CSV file in words. */
export function badRowText({ file, row, field, reason }: BadRow): string {
  return `${file}, row ${row}, ${field}: ${reason}`;
}

/** UTF-8, or windows-1252 where the bytes are none: what office programs write. */
export function textOf(file: string, directory: string, wrong: string[]): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(resolve(directory, file));
  } catch (error) {
    wrong.push(`${file}: cannot be read (${systemCode(error)})`);
    return '';
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
