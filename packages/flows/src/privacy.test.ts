import { randomFaults } from '@quartermaster/connector-kit/sandbox';
import { openJournal } from '@quartermaster/journal';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { withEasyPost } from './testing/givens.ts';
import { masterKey, openScene } from './testing/scene.ts';

const people = [
  {
    name: 'Zebulon Quackenbush',
    address1: 'Wunderlichgasse 77',
    address2: 'Hinterhaus Vierzig',
    zip: '10999',
    city: 'Köpenickhausen',
    phone: '+49 30 7788990',
    countryCode: 'DE',
  },
  { name: 'Philomena Throckmorton', address1: 'Zwetschgenallee 5', zip: '20457', city: 'Finkenwerderort', countryCode: 'DE' },
  { name: 'Bartholomew Featherstone', address1: 'Postfach 998877', zip: 'X', city: 'Nirgendwoburg', countryCode: 'DE' },
];
const email = 'zebulon.quackenbush@example.org';
const traces = [
  ...people.flatMap(({ name, address1, address2, city, phone }) => [
    ...name.split(' '),
    address1,
    ...(address2 === undefined ? [] : [address2]),
    city,
    ...(phone === undefined ? [] : [phone]),
  ]),
  '10999',
  '20457',
  email,
];

test('names, streets, places and numbers of people stand in no file of the journal, in no log line and in no decision in plain text', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flows-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'journal.db');
  const faults = Object.fromEntries(
    ['odoo', 'easypost', 'shop'].map((name, index) => [name, randomFaults({ share: 0.2, seed: 40 + index })]),
  );
  const scene = await openScene({ journal: path, settings: withEasyPost, faults });
  const [first, second, third] = people;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three people order');
  scene.order({ address: first, email, customerId: 1 });
  scene.order({ address: second, lines: [{ sku: 'LAMP', quantity: 1 }] });
  scene.order({ address: third });
  scene.order({ address: second, lines: [{ sku: 'MUG', quantity: 1 }] });
  scene.shops['shop']?.cancelOrder('#1004');
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  scene.shops['shop']?.changeAddress('#1002', { ...second, address1: 'Wunderlichgasse 77' });
  await scene.at('2026-11-23T13:00:00.000Z', 'wave');
  const files = () =>
    readdirSync(folder)
      .map((name) => readFileSync(join(folder, name)).toString('latin1'))
      .join('\n');
  const open = files();
  const decisions = await scene.journal.read(async (tx) =>
    Promise.all((await tx.decisions.list({ limit: 100 })).map(({ id }) => tx.decisions.get(id))),
  );
  const ids = (await scene.cases()).map(({ order }) => order);
  await scene.journal.close();

  const told = [open, files(), JSON.stringify(decisions), JSON.stringify(scene.events)];

  const found = traces.filter((trace) =>
    told.some((text) => text.includes(trace) || text.includes(Buffer.from(trace, 'utf8').toString('latin1'))),
  );
  expect(found).toEqual([]);
  // Of each wave what was decided, and what was read for it.
  expect(decisions.filter((each) => each?.kind === 'wave')).toHaveLength(2);
  expect(decisions.filter((each) => each?.kind === 'wave-facts')).toHaveLength(2);
  // What is no secret stands there to be read, and the people are there for who has the key.
  expect(open).toContain('order.received');
  await using journal = await openJournal({ path, masterKey, clock: scene.clock });
  const person = ids.find(({ name }) => name === '#1001');
  expect(await journal.read((tx) => tx.vault.get(person?.subject ?? '', `person/${person?.id}`))).toContain('Zebulon Quackenbush');
});
