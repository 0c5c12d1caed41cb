import { expect, test } from 'vitest';
import { compactModel, compactShipments } from './compact-model.ts';
import { exampleProblem } from './example-problem.ts';
import { lpText, mpsText } from './model-text.ts';
import type { NamedProgram } from './model-names.ts';

const rowWithTwoLimits: NamedProgram = {
  program: {
    columns: [
      { cost: 2, lower: 0, upper: 3, integer: true },
      { cost: -0.5, lower: -Infinity, upper: Infinity, integer: false },
      { cost: 0, lower: 0, upper: Infinity, integer: false },
    ],
    rows: [
      {
        lower: 1,
        upper: 4,
        entries: [
          [0, 1],
          [1, -2],
          [0, 1],
        ],
      },
      { lower: 0, upper: 0, entries: [[2, 1]] },
      { lower: -Infinity, upper: Infinity, entries: [[2, 1]] },
    ],
  },
  columnNames: ['x', 'y', 'z'],
  rowNames: ['first', 'second', 'third'],
  legend: [['x', 'the first']],
};

test('LP text has the legend, the costs, each limit of a row, bounds and integers', () => {
  expect(lpText(rowWithTwoLimits)).toBe(`\\ x: the first
Minimize
 cost: + 2 x - 0.5 y
Subject To
 first_low: + 2 x - 2 y >= 1
 first_high: + 2 x - 2 y <= 4
 second: + 1 z = 0
Bounds
 0 <= x <= 3
 y free
 0 <= z
Generals
 x
End
`);
});

test('MPS text has the same, column by column', () => {
  expect(mpsText(rowWithTwoLimits)).toBe(`* x: the first
NAME sourcing
ROWS
 N cost
 G first_low
 L first_high
 E second
COLUMNS
 M0 'MARKER' 'INTORG'
 x cost 2
 x first_low 2
 x first_high 2
 M4 'MARKER' 'INTEND'
 y cost -0.5
 y first_low -2
 y first_high -2
 z second 1
RHS
 RHS first_low 1
 RHS first_high 4
BOUNDS
 LO BND x 0
 UP BND x 3
 FR BND y
 LO BND z 0
 PL BND z
ENDATA
`);
});

test('whatever an id is made of, it stands in the legend alone and on one line', () => {
  const model = compactModel(exampleProblem((raw) => (raw.orders[0]!['id'] = 'End\n<= 3 | \\ x')));
  expect(model.legend).toContainEqual(['o0', 'order "End\\n<= 3 | \\\\ x"']);
  expect(lpText(model)).not.toContain('End\n<=');
  expect([...model.columnNames, ...model.rowNames].filter((name) => !/^[a-z]+(_[a-z]\d+)+$/.test(name))).toEqual([]);
});

test('no line of the text is longer than old readers take', () => {
  const texts = [lpText(compactModel(exampleProblem())), mpsText(compactModel(exampleProblem()))];
  expect(Math.max(...texts.flatMap((text) => text.split('\n').map((line) => line.length)))).toBeLessThan(256);
});

test('the values of a solution are read back as shipments', () => {
  const model = compactModel(exampleProblem());
  const values = model.columnNames.map((name) =>
    ['ship_o1_n0_v0_c0', 'line_o1_n0_v0_c0_i0', 'line_o1_n0_v0_c0_i1'].includes(name) ? 1 : 0,
  );
  expect(compactShipments(model, values)).toEqual([{ order: 'A2', node: 'vienna', service: 'ground', lines: [0, 1] }]);
});
