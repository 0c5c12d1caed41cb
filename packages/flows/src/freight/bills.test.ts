import { ConnectorFault, money, type Erp, type ErpBill } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { settle } from '../engine.ts';
import { createOperations } from '../operations/operations.ts';
import { asked, freight, openBooks, radInvoice, usLabel, keepLabels } from '../testing/freight-books.ts';
import { openScene, type SceneOptions } from '../testing/scene.ts';
import { draftBills } from './draft-bills.ts';
import { findInvoice } from './invoices.ts';

const label = (trackingNumber: string, minor: number) =>
  usLabel(trackingNumber, [], { carrier: 'Rad', price: money(minor, 'EUR'), boughtOn: '2026-11-16' });

/** An invoice of two parcels, one of which costs a toll more than was expected. */
const week = radInvoice('R1', '2026-11-20', [
  ['T1', 'Parcel', '4.50'],
  ['T2', 'Parcel', '5.00'],
  ['T2', 'Toll', '0.80'],
]);

async function billed(options: SceneOptions = {}) {
  const scene = await openScene({ settings: (given) => ({ ...given, freight }), ...options });
  const books = await openBooks(scene);
  await keepLabels(scene, [label('T1', 450), label('T2', 500)]);
  const operations = createOperations(scene.context);
  await operations.importInvoice(asked('import-1'), { layout: 'rad', text: week });
  const bill = (requestId: string, invoice = 'rad/7/R1', despiteProblems = false) =>
    operations.billInvoice(asked(requestId), { invoice, despiteProblems });
  const row = z.object({ id: z.int(), ref: z.string(), state: z.string(), amount_total: z.number(), move_type: z.string() });
  const fields = ['ref', 'state', 'amount_total', 'move_type'];
  const moves = () => books.searchRead('account.move', { domain: [['move_type', 'in', ['in_invoice', 'in_refund']]], fields }, row);
  const standing = (key = 'rad/7/R1') => scene.journal.read((tx) => findInvoice(tx, key));
  return { scene, books, operations, bill, moves, standing };
}

test('an invoice becomes the draft of a bill: what was expected, and what was not', async () => {
  const { scene, books, bill, moves, standing } = await billed();

  expect(await bill('request-1')).toMatchObject({ kind: 'done', key: 'freight/rad/7/R1', after: { state: 'billing' } });
  await settle(scene.engine, scene.clock);

  expect(await moves()).toMatchObject([{ ref: 'R1', state: 'draft', amount_total: 10.3, move_type: 'in_invoice' }]);
  const lines = await books.searchRead(
    'account.move.line',
    { domain: [['display_type', '=', 'product']], fields: ['name', 'price_unit', 'analytic_distribution'] },
    z.object({ id: z.int(), name: z.string(), price_unit: z.number(), analytic_distribution: z.unknown() }),
  );
  expect(lines.map(({ name, price_unit: price, analytic_distribution: by }) => [name, price, by !== false])).toEqual([
    ['Freight as expected', 9.5, true],
    ['Freight: accessorial not expected', 0.8, true],
  ]);
  expect(await standing()).toMatchObject({ state: 'billed', invoice: { bills: [{ currency: 'EUR', total: { minor: 1_030 } }] } });
  expect(await bill('request-2')).toMatchObject({ kind: 'refused', code: 'already-done' });
});

/** The same ERP, of which the first bill's answer is lost in some way after it was written. */
function losing(erp: Erp, how: (bill: ErpBill) => Promise<ErpBill>): Erp {
  const { vendorBills } = erp;
  let lost = false;
  return {
    ...erp,
    vendorBills: vendorBills && {
      ...vendorBills,
      async write(draft, memo) {
        const bill = await vendorBills.write(draft, memo);
        if (lost) return bill;
        lost = true;
        return how(bill);
      },
    },
  };
}

test('a bill whose answer is lost is written once', async () => {
  const { scene, bill, moves, standing } = await billed();
  const noAnswer = new ConnectorFault('timeout', {
    connector: 'odoo',
    operation: 'vendorBills.write',
    message: 'no answer',
    outcome: 'unknown',
    retry: { kind: 'safely' },
  });
  const engine = scene.restart({ erp: losing(scene.context.erp, () => Promise.reject(noAnswer)) });
  await bill('request-1');
  await settle(engine, scene.clock);
  expect((await moves()).map(({ ref }) => ref)).toEqual(['R1']);
  expect(await standing()).toMatchObject({ state: 'billed' });
});

test('a process that dies between the writing of a bill and its note leaves one bill, which the next process finds', async () => {
  const { scene, bill, moves, standing } = await billed();
  const written = Promise.withResolvers<void>();
  const dying = scene.restart({
    erp: losing(scene.context.erp, () => {
      written.resolve();
      return new Promise<ErpBill>(() => undefined);
    }),
  });
  await bill('request-1');
  void dying.work();
  await written.promise;
  expect(await standing()).toMatchObject({ state: 'billing' });

  const next = scene.restart(scene.connect());
  await next.recover();
  await settle(next, scene.clock);

  expect((await moves()).map(({ ref }) => ref)).toEqual(['R1']);
  expect(await standing()).toMatchObject({ state: 'billed', invoice: { bills: [{ total: { minor: 1_030 } }] } });
});

test('a bill that the ERP refuses waits for a person, and goes once the reason is mended', async () => {
  const { scene, books, operations, bill, moves } = await billed();
  const [vendor] = await books.searchRead('res.partner', { domain: [['ref', '=', 'RAD']], fields: ['id'] }, z.object({ id: z.int() }));
  await books.write('res.partner', [vendor?.id ?? 0], { ref: 'OTHER' });
  await bill('request-1');
  await settle(scene.engine, scene.clock);

  const [exception] = await scene.openExceptions();
  expect(exception).toMatchObject({ code: 'write-bill-failed', subjectKey: 'freight/rad/7/R1', reason: expect.stringContaining('RAD') });
  expect(await moves()).toEqual([]);
  await books.write('res.partner', [vendor?.id ?? 0], { ref: 'RAD' });
  const answer = await operations.retryException(asked('request-2'), { exception: exception?.id ?? 0, provedAbsent: false });
  await settle(scene.engine, scene.clock);
  expect([answer.kind, (await moves()).map(({ ref }) => ref), await scene.openExceptions()]).toEqual(['done', ['R1'], []]);
});

test('bills one after the other clear each label once and come to what the carrier was owed, also when one is asked for anew', async () => {
  const { scene, operations, bill, books, moves } = await billed();
  await operations.importInvoice(asked('import-2'), {
    layout: 'rad',
    text: radInvoice('R2', '2026-11-21', [
      ['T1', 'Toll', '0.40'],
      ['T2', 'Credit', '-0.80'],
    ]),
  });
  await books.write('res.partner', await idsOf('RAD'), { ref: 'OTHER' });
  await bill('request-1');
  await settle(scene.engine, scene.clock);
  await books.write('res.partner', await idsOf('OTHER'), { ref: 'RAD' });
  await bill('request-2', 'rad/7/R2');
  await bill('request-3');
  await settle(scene.engine, scene.clock);
  expect(
    (await moves()).map((move) => `${move.ref} ${move.move_type} ${move.amount_total}`).toSorted((a, b) => a.localeCompare(b)),
  ).toEqual(['R1 in_invoice 10.3', 'R2 in_refund 0.4']);
  expect(await scene.openExceptions()).toEqual([]);

  async function idsOf(reference: string): Promise<number[]> {
    const found = await books.searchRead('res.partner', { domain: [['ref', '=', reference]], fields: ['id'] }, z.object({ id: z.int() }));
    return found.map(({ id }) => id);
  }
});

test('an invoice whose lines do not come to what it declares is billed only when that is said', async () => {
  const { scene, operations, bill, moves } = await billed();
  const text = radInvoice('R3', '2026-11-21', [['T1', 'Toll', '0.40']]).replace('2026-11-21,0.40', '2026-11-21,0.90');
  await operations.importInvoice(asked('import-3'), { layout: 'rad', text });
  expect(await bill('request-1', 'rad/7/R3')).toMatchObject({ kind: 'refused', code: 'impossible' });
  expect(await bill('request-2', 'rad/7/R3', true)).toMatchObject({ kind: 'done' });
  await settle(scene.engine, scene.clock);
  expect((await moves()).map(({ ref }) => ref)).toEqual(['R3']);
});

test('lines that come in after the bill was asked for are told to a person, and are in no bill', async () => {
  const { scene, operations, bill } = await billed();
  await bill('request-1');
  await settle(scene.engine, scene.clock);
  await operations.importInvoice(asked('import-2'), { layout: 'rad', text: `${week}R1,2026-11-20,10.30,T1,Toll,0.40\n` });
  expect((await scene.openExceptions()).map(({ code, subjectKey }) => [code, subjectKey])).toEqual([
    ['freight-lines-after-bill', 'freight/rad/7/R1'],
  ]);
});

test('the same request asks once, an operator asks for no bill, and an unknown invoice is told', async () => {
  const { scene, operations, bill } = await billed();
  expect(
    await operations.billInvoice(asked('request-0', { role: 'operator' }), { invoice: 'rad/7/R1', despiteProblems: false }),
  ).toMatchObject({
    code: 'not-allowed',
  });
  expect([await bill('request-1'), await bill('request-1')]).toMatchObject([{ replayed: false }, { replayed: true }]);
  expect(await bill('request-2')).toMatchObject({ kind: 'refused', code: 'already-done' });
  expect(await bill('request-3', 'rad/7/R9')).toMatchObject({ kind: 'refused', code: 'not-found' });
  expect((await scene.intents('freight/rad/7/R1')).map(({ key, safety }) => [key, safety])).toEqual([
    ['freight/rad/7/R1/bill/EUR/1', 'claim'],
  ]);
});

test('a dry run shows the bill and changes nothing', async () => {
  const { scene, standing } = await billed();
  const before = await standing();
  const drafted = await draftBills(scene.journal, freight, 'rad/7/R1');
  expect(drafted.kind === 'drafted' && drafted.drafts.map(({ draft }) => [draft.vendor, draft.day, draft.total.minor])).toEqual([
    ['RAD', '2026-11-20', 1_030],
  ]);
  expect(await standing()).toEqual(before);
});

test('on an ERP that is only observed the bill waits', async () => {
  const { scene, bill, moves } = await billed({
    settings: (given) => ({ ...given, freight, erp: { ...given.erp, mode: 'observe' } }),
  });
  await bill('request-1');
  await scene.engine.work();
  expect(await moves()).toEqual([]);
});
