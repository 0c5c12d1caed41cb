import { expect, test } from 'vitest';
import { createOperations } from '../operations/operations.ts';
import { asked, freight, keepLabels, radInvoice, sampleInvoice, sampleLabels, whyNoSamples } from '../testing/freight-books.ts';
import { openScene } from '../testing/scene.ts';
import { auditOfJournal, disputesOfJournal } from './audit-journal.ts';
import { importedSchema } from './import-invoice.ts';
import { listInvoices, readLines } from './invoices.ts';

const days = { from: '2026-10-01', to: '2026-10-31' };
const ups = sampleInvoice('ups');
const fedex = sampleInvoice('fedex');

async function freightScene() {
  const scene = await openScene({ settings: (given) => ({ ...given, freight }) });
  const operations = createOperations(scene.context);
  let requests = 0;
  const load = async (layout: string, text: string) => {
    const outcome = await operations.importInvoice(asked(`request-${(requests += 1)}`), { layout, text });
    if (outcome.kind === 'refused') throw new Error(outcome.message);
    return importedSchema.parse(outcome.after);
  };
  return { scene, operations, load };
}

test.skipIf(ups === null || fedex === null)(
  `the lines of the synthetic files come to their headers to the cent, and the same file again changes nothing${ups === null ? ` (${whyNoSamples})` : ''}`,
  async () => {
    const { scene, load } = await freightScene();
    const first = [await load('ups', ups ?? ''), await load('fedex', fedex ?? '')];
    const before = await listInvoices(scene.journal);
    const again = [await load('ups', ups ?? ''), await load('fedex', fedex ?? '')];

    const sums = first.flatMap(({ invoices }) => invoices.map((each) => [each.declared?.minor, each.summed.minor, each.verdict]));
    expect(sums).toEqual([
      [7_071, 7_071, 'agrees'],
      [2_944, 2_944, 'agrees'],
    ]);
    expect(first.map(({ added }) => added)).toEqual([9, 6]);
    expect(again.map(({ added, invoices }) => [added, invoices.map(({ alreadyKnown }) => alreadyKnown)])).toEqual([
      [0, [9]],
      [0, [6]],
    ]);
    expect(await listInvoices(scene.journal)).toEqual(before);
  },
);

test.skipIf(ups === null || fedex === null)('every planted difference of the synthetic files is found in its class', async () => {
  const { scene, load } = await freightScene();
  await keepLabels(scene, sampleLabels);
  await load('ups', ups ?? '');
  await load('fedex', fedex ?? '');

  const { variances, invoices } = await auditOfJournal(scene.journal, freight, days);
  const told = variances.toSorted((a, b) => (a.trackingNumber ?? '').localeCompare(b.trackingNumber ?? ''));
  expect(told.map((each) => [each.trackingNumber, each.class, each.amount.minor, each.verdict])).toEqual([
    [null, 'service-fee', 3_000, 'accepted'],
    ['1Z9999990300000022', 'weight-dimension', 631, 'disputed'],
    ['1Z9999990300000033', 'address-correction', 2_350, 'disputed'],
    ['1Z9999990300000044', 'credit', -2_080, 'accepted'],
    ['794600000011', 'residential', 595, 'disputed'],
    ['794600000022', 'accessorial-not-expected', 2_950, 'disputed'],
    ['794600000033', 'credit', -1_912, 'accepted'],
  ]);
  expect(invoices.map(({ verdict }) => verdict)).toEqual(['agrees', 'agrees']);
  const disputes = await disputesOfJournal(scene.journal, freight, { ...days, today: '2026-11-23' });
  expect(disputes.map(({ deadline, daysLeft, amount }) => [deadline, daysLeft, amount.minor])).toEqual([
    ['2027-04-08', 136, 2_350],
    ['2027-04-08', 136, 631],
    ['2027-04-11', 139, 2_950],
    ['2027-04-11', 139, 595],
  ]);
});

test('what is of a label that was bought before the days is no stranger to them', async () => {
  const { scene, load } = await freightScene();
  await keepLabels(scene, sampleLabels);
  await load('rad', radInvoice('R1', '2026-10-29', [['794600000033', 'Toll', '0.50']]));
  const { variances } = await auditOfJournal(scene.journal, freight, { from: '2026-10-28', to: '2026-10-30' });
  expect(variances.map(({ class: varianceClass }) => varianceClass)).toEqual(['currency']);
});

test('an import is in the audit trail, with who, why and what came of it, and not with the file', async () => {
  const { scene, load } = await freightScene();
  await load('rad', radInvoice('R1', '2026-11-20', [['T1', 'Parcel', '4.50']]));
  const [row] = await scene.journal.read((tx) => tx.audit.list({ key: 'freight/rad', limit: 10 }));
  expect(row).toMatchObject({
    actor: 'fay',
    event: 'operation.freight-import',
    detail: { role: 'supervisor', reason: 'the invoice of the week', given: { layout: 'rad' }, after: { added: 1 } },
  });
  expect(JSON.stringify(row)).not.toContain('Parcel');
});

test('bad rows are named with row and field, without what stands in them, and the others are kept', async () => {
  const { load } = await freightScene();
  const file = radInvoice('R1', '2026-11-20', [
    ['T1', 'Parcel', '4.50'],
    ['T2', 'Parcel', '1.00'],
  ]).replace('Parcel,1.00', 'Parcel,Jo Example');
  const { problems, invoices, added } = await load('rad', file);
  expect(problems).toEqual([{ row: 3, field: 'amount', reason: 'not a number', outcome: 'left-out' }]);
  expect([added, invoices.map(({ verdict }) => verdict)]).toEqual([1, ['differs']]);
});

test('names and streets of receivers are kept nowhere', async () => {
  const file = ups?.split('\n').map((row) => row.split(','));
  if (file === undefined) return;
  const { scene, load } = await freightScene();
  // Receiver and reference columns of UPS are filled with a person.
  const rows = file.map((cells) =>
    cells
      .map((cell, index) => (cell === '' && index > 60 && index < 80 ? 'Jo Example' : cell === 'S00042' ? 'Jo Example' : cell))
      .join(','),
  );
  await load('ups', rows.join('\n'));
  const [first] = await listInvoices(scene.journal);
  if (first === undefined) throw new Error('nothing was imported');
  const kept = JSON.stringify([await readLines(scene.journal, first.invoice), await listInvoices(scene.journal)]);
  expect(kept.toLowerCase()).not.toContain('example');
  const trail = await scene.journal.read((tx) => tx.audit.list({ limit: 1_000 }));
  expect(JSON.stringify(trail).toLowerCase()).not.toContain('jo example');
});

test('a layout that nobody described is refused, and a viewer imports nothing', async () => {
  const { operations } = await freightScene();
  const file = { layout: 'gls', text: 'a,b\n' };
  expect(await operations.importInvoice(asked('request-1'), file)).toMatchObject({ kind: 'refused', code: 'not-found' });
  expect(await operations.importInvoice(asked('request-2', { role: 'viewer' }), file)).toMatchObject({ code: 'not-allowed' });
});
