import { instantSchema, type Instant } from '@quartermaster/domain';
import { readSheet } from '@quartermaster/parcels';
import { z } from 'zod';

/** A file in which somebody else's warehouse tells what it has. */
export type CountFile = { readonly name: string; readonly text: string; readonly modifiedAt: Instant };

const units = z.int().nonnegative();
export const countedSchema = z.object({
  sku: z.string(),
  sellable: units,
  qualityHold: units,
  damaged: units,
  returnPending: units,
  inbound: z.array(z.object({ units, expectedAt: instantSchema })),
  owner: z.string().nullable(),
});
/** What a file says of one SKU, of one owner; of all of the node's stock, so what it does not name is not there. */
export type Counted = z.infer<typeof countedSchema>;

export type ReadCount =
  | { readonly kind: 'read'; readonly countedAt: Instant; readonly rows: readonly Counted[] }
  /** One sentence for each bad row. None of the rows is taken: half a count would sell what is not there, or not sell what is. */
  | { readonly kind: 'unreadable'; readonly problems: readonly string[] };

const columns = {
  must: ['sku', 'sellable'],
  may: ['quality_hold', 'damaged', 'return_pending', 'inbound', 'inbound_at', 'owner', 'counted_at'],
};

/** Reads a count as CSV with a heading. Without `counted_at` it was counted when the file was written; of several moments the earliest counts. Pure. */
export function readCount({ name, text, modifiedAt }: CountFile): ReadCount {
  const sheet = readSheet({ file: name, text }, columns);
  const problems = sheet.problems.map(({ row, field, reason }) => `${name} line ${row}, ${field}: ${reason}`);
  const moments: Instant[] = [];
  const rows = sheet.rows.map(({ row, cell }): Counted => {
    const tell = (field: string, reason: string) => void problems.push(`${name} line ${row}, ${field}: ${reason}`);
    const whole = (field: string): number => {
      if (/^\d{1,9}$/.test(cell(field))) return Number(cell(field));
      if (cell(field) !== '' || field === 'sellable') tell(field, 'whole units of at least 0');
      return 0;
    };
    const moment = (field: string): Instant | null => {
      if (cell(field) === '') return null;
      const parsed = instantSchema.safeParse(cell(field));
      if (parsed.success) return parsed.data;
      tell(field, 'an instant such as 2026-11-20T14:30:00Z');
      return null;
    };
    if (cell('sku') === '') tell('sku', 'is empty');
    const coming = whole('inbound');
    const expectedAt = moment('inbound_at');
    if (coming > 0 && expectedAt === null) tell('inbound_at', 'says when what is inbound comes');
    const countedAt = moment('counted_at');
    if (countedAt !== null) moments.push(countedAt);
    return {
      sku: cell('sku'),
      sellable: whole('sellable'),
      qualityHold: whole('quality_hold'),
      damaged: whole('damaged'),
      returnPending: whole('return_pending'),
      inbound: coming > 0 && expectedAt !== null ? [{ units: coming, expectedAt }] : [],
      owner: cell('owner') === '' ? null : cell('owner'),
    };
  });
  return problems.length > 0 ? { kind: 'unreadable', problems } : { kind: 'read', countedAt: moments.sort()[0] ?? modifiedAt, rows };
}
