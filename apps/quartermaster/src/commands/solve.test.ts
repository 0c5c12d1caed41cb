import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../exit.ts';
import { qm } from '../testing/command-line.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quartermaster-solving-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('solving and verifying', () => {
  const problem = {
    format: 'quartermaster/sourcing-problem@1',
    name: 'two orders, one unit',
    currency: 'EUR',
    decisionMinute: 600,
    skus: [{ id: 'S', weightKg: 1, volumeL: 1 }],
    nodes: [node('N1', { S: 1 }), node('N2', { S: 1 })],
    services: [
      {
        id: 'ground',
        lanes: [
          { from: 'N1', to: 'Z', base: 4, perKg: 1, transitDays: 1 },
          { from: 'N2', to: 'Z', base: 6, perKg: 1, transitDays: 1 },
        ],
      },
    ],
    orders: [order('O1'), order('O2')],
  };
  const anyPlan = { format: 'quartermaster/sourcing-plan@1', shipments: [] };

  test('a problem is solved to a proven optimum, and the written plan verifies', async () => {
    writeFileSync(at('problem.json'), JSON.stringify(problem));

    const solved = await qm('solve', at('problem.json'), '--out', at('plan.json'));
    const verified = await qm('verify', at('problem.json'), at('plan.json'));

    expect(solved).toMatchObject({
      code: exitCodes.ok,
      out: expect.stringMatching(/^orders 2 {2}cost 12\.00 EUR {2}bound 12\.00 {2}gap 0\.000 %/),
    });
    expect(verified).toMatchObject({ code: exitCodes.ok, out: expect.stringMatching(/^feasible {2}cost 12\.00 EUR/) });
  });

  test('a plan is explained: what it costs, what the usual rules cost, what was scarce', async () => {
    writeFileSync(at('problem.json'), JSON.stringify(problem));
    await qm('solve', at('problem.json'), '--out', at('plan.json'));

    const { code, out } = await qm('explain', at('problem.json'), at('plan.json'));

    expect(code).toBe(exitCodes.ok);
    expect(out).toContain('cost 12.00 EUR: shipping 12.00');
    expect(out).toContain('the rule nearest-first costs 12.00');
    expect(out).toContain('scarce: S at N1, 1 of 1 used');
  });

  test('an order of a plan is explained: every way, its cost, and who holds what it lacks', async () => {
    writeFileSync(at('problem.json'), JSON.stringify(problem));
    await qm('solve', at('problem.json'), '--out', at('plan.json'));

    const { out } = await qm('explain', at('problem.json'), at('plan.json'), '--order', 'O2');

    expect(out).toMatch(/^ships from N\d by ground, line 1, arrives on day \d$/m);
    expect(out).toMatch(/^N\d by ground: .*missing: S at N\d, held by O1$/m);
  });

  test('an order that the problem does not have is not explained', async () => {
    expect(await qm('explain', at('problem.json'), at('plan.json'), '--order', 'nobody')).toMatchObject({ code: exitCodes.no });
  });

  test.each([
    ['lp', /^Minimize$/m],
    ['mps', /^ENDATA$/m],
  ])('the textbook model is written as %s', async (ending, mark) => {
    writeFileSync(at('problem.json'), JSON.stringify(problem));

    await qm('solve', at('problem.json'), '--export', at(`model.${ending}`));

    expect(readFileSync(at(`model.${ending}`), 'utf8')).toMatch(mark);
  });

  test('a model in a format that nobody reads is refused', async () => {
    expect((await qm('solve', at('problem.json'), '--export', at('model.txt'))).code).toBe(exitCodes.usage);
  });

  test.each(['highs', 'glpk', 'none'])('the engine can be chosen: %s', async (name) => {
    writeFileSync(at('problem.json'), JSON.stringify(problem));

    const { code, out } = await qm('solve', at('problem.json'), '--engine', name, '--json');

    expect({ code, ...JSON.parse(out) }).toMatchObject({ code: exitCodes.ok, gap: 0, method: 'exact' });
  });

  test('a plan that ships what is not there does not verify', async () => {
    writeFileSync(at('problem.json'), JSON.stringify(problem));
    const shipments = ['O1', 'O2'].map((each) => ({ order: each, node: 'N1', service: 'ground', lines: [0] }));
    writeFileSync(at('greedy.json'), JSON.stringify({ format: 'quartermaster/sourcing-plan@1', shipments }));

    const { code, out } = await qm('verify', at('problem.json'), at('greedy.json'));

    expect(code).toBe(exitCodes.no);
    expect(out).toContain('NOT feasible');
  });

  test('a problem with a wrong field is refused with the path of the field', async () => {
    writeFileSync(at('bad.json'), JSON.stringify({ ...problem, orders: [{ ...order('O1'), zone: 3 }] }));

    expect(await qm('solve', at('bad.json'))).toMatchObject({ code: exitCodes.usage, err: expect.stringContaining('orders[0].zone') });
  });

  const whole = gzipSync(JSON.stringify(problem));

  test.each<[string, Uint8Array | string, string]>([
    ['is empty', '', 'not JSON'],
    ['is no JSON', 'orders: 3', 'not JSON'],
    ['breaks off', JSON.stringify(problem).slice(0, 200), 'not JSON'],
    ['is a compressed file that breaks off', whole.subarray(0, whole.length - 20), 'unexpected end of file'],
    ['only begins like a compressed file', Uint8Array.of(0x1f, 0x8b, 1, 2, 3), 'not JSON'],
    ['is no text', Uint8Array.of(0, 255, 254, 128), 'not JSON'],
    ['holds something else', '[1, 2]', '(the whole input)'],
    ['holds a plan', JSON.stringify(anyPlan), 'format: '],
    ['holds a number without end', JSON.stringify(problem).replace('"decisionMinute":600', '"decisionMinute":1e999'), 'decisionMinute: '],
  ])('a problem file that %s is a usage error of solve and verify, told in words', async (_, bytes, message) => {
    writeFileSync(at('odd.json'), bytes);
    writeFileSync(at('some-plan.json'), JSON.stringify(anyPlan));

    for (const told of [await qm('solve', at('odd.json')), await qm('verify', at('odd.json'), at('some-plan.json'))]) {
      expect(told).toMatchObject({ code: exitCodes.usage, out: '', err: expect.stringContaining(message) });
      expect(told.err).not.toContain('    at ');
    }
  });

  test.each<[string, string, string]>([
    ['is a problem', JSON.stringify(problem), 'format: '],
    ['has a negative price', JSON.stringify({ ...anyPlan, certificate: { laborPrices: { N1: -1 } } }), 'certificate.laborPrices.N1: '],
  ])('a plan file that %s is a usage error, told with the path', async (_, text, message) => {
    writeFileSync(at('problem.json'), JSON.stringify(problem));
    writeFileSync(at('odd-plan.json'), text);

    expect(await qm('verify', at('problem.json'), at('odd-plan.json'))).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining(message),
    });
  });

  test.each([
    ['solve', 'at:nowhere.json'],
    ['solve', 'at:.'],
    ['verify', 'at:nowhere.json', 'at:nowhere.json'],
  ])('%s of what is not there, or is a folder, is a usage error', async (...args) => {
    expect(await qm(...args.map((each) => each.replace(/^at:/, `${folder}/`)))).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining('cannot be read'),
    });
  });

  test('a plan that cannot be written is a usage error', async () => {
    writeFileSync(at('problem.json'), JSON.stringify(problem));

    expect(await qm('solve', at('problem.json'), '--out', at('no/such/folder/plan.json'))).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining('cannot be written'),
    });
  });

  test.each<[string, Uint8Array | string]>([
    ['compressed', whole],
    ['with the byte order mark of some editors', `\uFEFF${JSON.stringify(problem)}`],
  ])('a problem file may be %s', async (_, bytes) => {
    writeFileSync(at('fine.json'), bytes);

    expect(await qm('solve', at('fine.json'))).toMatchObject({ code: exitCodes.ok });
  });

  test('a batch without orders gives an empty plan that verifies', async () => {
    writeFileSync(at('empty.json'), JSON.stringify({ ...problem, orders: [] }));

    const solved = await qm('solve', at('empty.json'), '--out', at('empty-plan.json'));

    expect(solved).toMatchObject({ code: exitCodes.ok, out: expect.stringMatching(/^orders 0 {2}cost 0\.00 EUR/) });
    expect((await qm('verify', at('empty.json'), at('empty-plan.json'))).code).toBe(exitCodes.ok);
  });

  test('with --json an error is JSON, too', async () => {
    const { code, out } = await qm('solve', at('not-there.json'), '--json');

    expect(code).toBe(exitCodes.usage);
    expect(JSON.parse(out)).toMatchObject({ exitCode: exitCodes.usage, error: expect.stringContaining('cannot be read') });
  });
});

function at(...parts: string[]): string {
  return join(folder, ...parts);
}

function node(id: string, stock: Record<string, number>) {
  const labor = { minutesPerShipment: 0, minutesPerLine: 0, minutesPerUnit: 0, tiers: [{ minutes: null, costPerMinute: 0 }] };
  return { id, kind: 'warehouse', zone: id, cutoffMinute: 900, stock, labor };
}

function order(id: string) {
  const lines = [{ sku: 'S', units: 1, unfilledCostPerUnit: 50 }];
  return { id, channel: 'shop', zone: 'Z', promiseDay: 3, lateCostPerDay: 1, splitCost: 1, lines };
}
