import { csvOrders } from './csv-orders.ts';
import { readTable } from './csv.ts';
import { textOfFile, type FileText } from './file-text.ts';
import { jsonOrders } from './json-orders.ts';
import { maxFileBytes } from './limits.ts';
import { unreadableFile, versionOf, type Candidate, type OrderFile, type OrderVersion } from './order-version.ts';

/** Reads a file of orders, by the ending of its name: `.json` or `.csv`. What cannot be read of it is told as such, beside the rest. */
export function readOrderFile(file: OrderFile, bytes: Uint8Array, how: FileText): OrderVersion[] {
  if (bytes.length > maxFileBytes) return [unreadableFile(file, `more than ${maxFileBytes} bytes`, '')];
  const text = textOfFile(bytes, how.encoding);
  if (text === null) return [unreadableFile(file, `not ${how.encoding}`, Buffer.from(bytes).toString('base64'))];
  try {
    const { candidates, brokenOff } = candidatesOf(file, text, how);
    const versions = candidates.map((candidate) => versionOf(candidate, file));
    return brokenOff === null ? versions : [...versions, unreadableFile(file, brokenOff, text)];
  } catch (error) {
    if (error instanceof RangeError) return [unreadableFile(file, error.message, text)];
    throw error;
  }
}

/** `brokenOff` says where and why the rest of the file cannot be read. */
function candidatesOf(
  file: OrderFile,
  text: string,
  how: FileText,
): { readonly candidates: Candidate[]; readonly brokenOff: string | null } {
  if (/\.json$/i.test(file.name)) return { candidates: jsonOrders(text), brokenOff: null };
  if (!/\.(?:csv|txt)$/i.test(file.name)) throw new RangeError('a name that ends neither in .json nor in .csv');
  const table = readTable(text, how.delimiter);
  return { candidates: csvOrders(table), brokenOff: table.brokenOff };
}
