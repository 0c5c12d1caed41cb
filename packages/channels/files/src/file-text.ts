/** How the partner's files are written. `delimiter` parts the cells of a row of CSV. */
export type FileText = { readonly encoding: FileEncoding; readonly delimiter: FileDelimiter };

export const fileEncodings = ['utf-8', 'windows-1252', 'utf-16le'] as const;
export type FileEncoding = (typeof fileEncodings)[number];

export type FileDelimiter = ',' | ';' | '\t' | '|';

/** The text of a file, without a byte order mark. Null where the bytes are none of this encoding: read as another one, names would be wrong without anybody knowing. */
export function textOfFile(bytes: Uint8Array, encoding: FileEncoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Rows as CSV (RFC 4180): cells that need it in quotes, lines end in CR LF. */
export function csvText(rows: readonly (readonly string[])[], delimiter: FileDelimiter): string {
  const cell = (value: string) => (/["\r\n]|^\s|\s$/.test(value) || value.includes(delimiter) ? `"${value.replaceAll('"', '""')}"` : value);
  return rows.map((row) => `${row.map(cell).join(delimiter)}\r\n`).join('');
}
