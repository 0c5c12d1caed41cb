import { expect, test } from 'vitest';
import { z } from 'zod';
import { parsedBodies } from './parsed-bodies.ts';

const schema = z.object({ total: z.int() });

/** Reads texts as a journal does, and counts how often one was parsed. */
function reader() {
  const bodies = parsedBodies();
  let parses = 0;
  return {
    read: (name: string, text: string, by: z.ZodType<{ total: number }> = schema) =>
      bodies.of(name, text, by, () => {
        parses += 1;
        return by.parse(JSON.parse(text));
      }),
    parses: () => parses,
  };
}

test('a body is parsed once as long as its text stays the same', () => {
  const { read, parses } = reader();

  const bodies = [read('o1', '{"total":1}'), read('o1', '{"total":1}')];

  expect(bodies).toEqual([{ total: 1 }, { total: 1 }]);
  expect(parses()).toBe(1);
});

test('another text of the same record is another body', () => {
  const { read } = reader();
  read('o1', '{"total":1}');

  expect(read('o1', '{"total":2}')).toEqual({ total: 2 });
});

test('another schema reads the text anew', () => {
  const { read } = reader();
  read('o1', '{"total":1}');

  expect(read('o1', '{"total":1}', z.object({ total: z.int().transform((total) => -total) }))).toEqual({ total: -1 });
});

test('what several readers hold, none of them can change', () => {
  const { read } = reader();
  const body = read('o1', '{"total":1}');

  expect(() => {
    body.total = 2;
  }).toThrow(TypeError);
});

test('a body that does not fit is refused every time', () => {
  const { read, parses } = reader();
  const attempt = () => read('o1', '{"weight":1}');

  expect(attempt).toThrow(z.ZodError);
  expect(attempt).toThrow(z.ZodError);
  expect(parses()).toBe(2);
});

test('what nobody asked for the longest is forgotten when there is too much', () => {
  const { read, parses } = reader();
  const long = `{"total":1,"note":"${'x'.repeat(900_000)}"}`;
  read('o1', long);
  read('o2', long);
  read('o1', long);
  read('o3', long);
  const before = parses();

  read('o1', long);
  expect(parses()).toBe(before);
  read('o2', long);
  expect(parses()).toBe(before + 1);
});
