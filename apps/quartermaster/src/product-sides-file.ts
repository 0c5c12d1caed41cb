import { importProductSides } from '@quartermaster/parcels';
import { z } from 'zod';
import { CommandError, exitCodes } from './exit.ts';
import { badRowText, textOf } from './tariff-files.ts';

const namedSchema = z.looseObject({ productSides: z.string().min(1) });

/** The JSON of a config with the sides of products that stand in a CSV file in their place; JSON without such a file is as it was. Throws a `CommandError` that names every bad row. */
export function withProductSides(json: unknown, directory: string, name: string): unknown {
  const config = namedSchema.safeParse(json);
  if (!config.success) return json;
  const file = config.data.productSides;
  const wrong: string[] = [];
  const text = textOf(file, directory, wrong);
  const read = wrong.length > 0 ? null : importProductSides({ file, text });
  if (read?.kind === 'read') return { ...config.data, productSides: read.products };
  const lines = [...wrong, ...(read?.problems ?? []).map(badRowText)].map((line) => `  ${line}`).join('\n');
  throw new CommandError(exitCodes.usage, `${name}: the sides of the products are not right, and none of the rows is taken.\n${lines}`);
}
