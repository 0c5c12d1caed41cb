import { expect, test } from 'vitest';
import { rowsOf } from './csv.ts';

test('a quoted field keeps its commas, line breaks and doubled quotes, however the file is cut into pieces', async () => {
  const text = '\uFEFFcity,note\r\n"rio, brasil","first\nsecond ""line"""\r\nmaua,\r\n';

  const inPieces = rowsOf(Array.from(text));

  expect(await allOf(inPieces)).toEqual([
    ['city', 'note'],
    ['rio, brasil', 'first\nsecond "line"'],
    ['maua', ''],
  ]);
});

test('the last row needs no line end', async () => {
  expect(await allOf(rowsOf(['a,b\n1,2']))).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ]);
});

async function allOf<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}
