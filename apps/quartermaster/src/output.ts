/** Where a command writes: results to `out`, progress and complaints to `err`. */
export type Output = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether `err` is a terminal that a line can be rewritten on. */
  readonly live: boolean;
};

/** What was written in this turn of the event loop goes out together: a daemon tells several things at once, and each write is a call of the system. */
function together(stream: NodeJS.WriteStream): (text: string) => void {
  let corked = false;
  return (text) => {
    if (!corked) {
      corked = true;
      stream.cork();
      setImmediate(() => {
        corked = false;
        stream.uncork();
      });
    }
    stream.write(text);
  };
}

export const processOutput: Output = {
  out: together(process.stdout),
  err: (text) => void process.stderr.write(text),
  live: process.stderr.isTTY,
};

export function printJson(output: Output, value: unknown): void {
  output.out(`${JSON.stringify(value)}\n`);
}

/** Aligns rows into columns: text to the left, numbers (right-aligned columns) to the right. */
export function table(rows: readonly (readonly string[])[], rightAligned: ReadonlySet<number> = new Set()): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (rightAligned.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ');
  return `${rows.map((row) => line(row).trimEnd()).join('\n')}\n`;
}
