import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { isFault, money, type ErpBillDraft, type ErpVendorBills } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { odooErp } from '../../erp/erp.ts';
import type { Workbench } from './workbench.ts';

/** Bills of vendors that are drafted by the port, such as those of carriers. */
export function vendorBillsBehave(bench: () => Workbench): void {
  const bills = (): ErpVendorBills => {
    const port = bench().erp.vendorBills;
    if (port === null) throw new Error('the port writes no bills');
    return port;
  };
  const code = () => bench().unique('Q').replaceAll('-', '');

  async function account(type = 'expense'): Promise<string> {
    const made = code();
    await bench().client.create('account.account', [{ name: made, code: made, account_type: type }]);
    return made;
  }

  async function analytic(): Promise<{ readonly id: number; readonly name: string }> {
    const { client, unique } = bench();
    const name = unique('Node');
    const plans = () => client.searchRead('account.analytic.plan', { domain: [], fields: ['id'], limit: 1 }, z.object({ id: z.int() }));
    const [plan] = await plans().catch(async () => allowAnalytics().then(plans));
    const [id = 0] = await client.create('account.analytic.account', [{ name, plan_id: plan?.id ?? 0 }]);
    return { id, name };
  }

  /** Where Odoo's setting is off nobody sees analytic accounts. */
  async function allowAnalytics(): Promise<void> {
    const { client, administrator, session } = bench();
    const args = { module: 'analytic', xml_id: 'group_analytic_accounting' };
    const call = { model: 'ir.model.data', method: 'check_object_reference', args, repeat: 'always', timeout: 'read' } as const;
    const [, group] = await client.call(call, z.tuple([z.string(), z.int()]));
    const users = { domain: [['login', '=', administrator.login]], fields: ['id'] };
    const [user] = await client.searchRead('res.users', users, z.object({ id: z.int() }));
    await client.write('res.users', [user?.id ?? 0], { [session.vocabulary.userGroups]: [[4, group, 0]] });
  }

  async function vendor(): Promise<string> {
    const reference = bench().unique('CARRIER');
    await bench().client.create('res.partner', [{ name: reference, ref: reference }]);
    return reference;
  }

  async function draftOf(...minor: readonly number[]): Promise<ErpBillDraft> {
    const expense = await account();
    const lines = minor.map((each, index) => ({ label: `Freight ${index}`, account: expense, analytic: null, amount: money(each, 'EUR') }));
    const key = { carrier: 'ups', account: '0000A1', invoiceNumber: bench().unique('I'), currency: 'EUR' };
    const sum = minor.reduce((total, each) => total + each, 0);
    return { key, vendor: await vendor(), day: '2026-11-14', lines, total: money(sum, 'EUR') };
  }

  const write = (draft: ErpBillDraft) => bills().write(draft, intentMemo('b'));
  const faultOf = (call: Promise<unknown>) =>
    call.then(
      () => null,
      (error: unknown) => (isFault(error) ? error : null),
    );

  test('a bill is drafted once, with its number, day, vendor and lines, and is never posted', async () => {
    const { operations, client } = bench();
    const place = await analytic();
    const plain = await draftOf(1_830, 540, 800);
    const [first, ...others] = plain.lines;
    const draft = { ...plain, lines: [...(first === undefined ? [] : [{ ...first, analytic: place.name }]), ...others] };

    const bill = await write(draft);
    const again = await write(draft);

    expect(bill).toEqual({ ref: bill.ref, name: null, state: 'draft', total: money(3_170, 'EUR') });
    expect(again).toEqual(bill);
    const invoice = await operations.invoices.read(Number(bill.ref));
    expect(invoice).toMatchObject({ kind: 'bill', state: 'draft', date: '2026-11-14', reference: draft.key.invoiceNumber, tax: '0' });
    expect(invoice.lines.map(({ label, untaxed, taxes }) => [label, untaxed, taxes])).toEqual([
      ['Freight 0', '18.3', []],
      ['Freight 1', '5.4', []],
      ['Freight 2', '8', []],
    ]);
    const ids = invoice.lines.map(({ id }) => id);
    const lines = await client.searchRead(
      'account.move.line',
      { domain: [['id', 'in', ids]], fields: ['account_id', 'analytic_distribution'] },
      z.object({ id: z.int(), analytic_distribution: z.unknown() }),
    );
    const told = lines.map(({ analytic_distribution: by }) => (typeof by === 'string' ? z.json().parse(JSON.parse(by)) : by));
    expect(told.toSorted((a, b) => Number(b !== false) - Number(a !== false))).toEqual([{ [String(place.id)]: 100 }, false, false]);
  });

  test('a bill is found by the invoice that it stands for, and only by that', async () => {
    const draft = await draftOf(100);
    await expect(bills().find(draft.key)).resolves.toBeNull();
    const bill = await write(draft);
    await expect(bills().find(draft.key)).resolves.toEqual(bill);
    await expect(bills().find({ ...draft.key, account: '0000A2' })).resolves.toBeNull();
  });

  test('two who write the same bill at once make one', async () => {
    const draft = await draftOf(100, 200);
    const others = [1, 2, 3].map(() => odooErp({ connection: 'odoo', ...bench().administrator }).vendorBills);
    const outcomes = await Promise.allSettled(others.map(async (each) => each?.write(draft, intentMemo('b'))));
    const bill = await write(draft);
    const moves = await bench().odoo.searchRead('account.move', [['ref', '=', draft.key.invoiceNumber]], ['amount_total']);
    expect(moves.map(({ id }) => String(id))).toEqual([bill.ref]);
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
  });

  test('what the vendor gives back is a credit note', async () => {
    const draft = await draftOf(-540, 40);
    const bill = await write(draft);
    expect(bill.total).toEqual(money(-500, 'EUR'));
    const invoice = await bench().operations.invoices.read(Number(bill.ref));
    expect(invoice).toMatchObject({ kind: 'vendor-credit-note', total: '5' });
  });

  test('a bill whose lines do not come to its total is refused before anything is written', async () => {
    const draft = { ...(await draftOf(100)), total: money(101, 'EUR') };
    expect(await faultOf(write(draft))).toMatchObject({ code: 'refused', facts: { outcome: 'not-applied' } });
    await expect(bills().find(draft.key)).resolves.toBeNull();
  });

  test('a vendor, an account and a place that Odoo does not have are named, and nothing is written', async () => {
    const draft = await draftOf(100);
    const [line] = draft.lines;
    if (line === undefined) throw new Error('no line');
    const wrong: readonly (readonly [string, ErpBillDraft])[] = [
      ['no vendor with the reference NOBODY', { ...draft, vendor: 'NOBODY' }],
      ['no account 99NONE', { ...draft, lines: [{ ...line, account: '99NONE' }] }],
      ['no analytic account Nowhere', { ...draft, lines: [{ ...line, analytic: 'Nowhere' }] }],
      [
        'no active currency XTS',
        { ...draft, key: { ...draft.key, currency: 'XTS' }, lines: [{ ...line, amount: money(100, 'XTS') }], total: money(100, 'XTS') },
      ],
    ];
    for (const [says, given] of wrong) {
      const fault = await faultOf(write(given));
      expect([fault?.code, fault?.message.includes(says) === true ? says : fault?.message]).toEqual(['refused', says]);
      await expect(bills().find(given.key)).resolves.toBeNull();
    }
  });

  test('two vendors of one reference are one too many', async () => {
    const draft = await draftOf(100);
    await bench().client.create('res.partner', [{ name: 'Another', ref: draft.vendor }]);
    expect((await faultOf(write(draft)))?.message).toContain('several partners');
  });

  test('an account of what is owed takes no line of a bill, and nothing is kept', async () => {
    const payable = await account('liability_payable');
    const draft = await draftOf(100);
    const wrong = { ...draft, lines: draft.lines.map((line) => ({ ...line, account: payable })) };
    expect(await faultOf(write(wrong))).toMatchObject({ code: 'refused' });
    await expect(bills().find(draft.key)).resolves.toBeNull();
  });

  test('a bill that somebody changed is a conflict that a person must look at', async () => {
    const draft = await draftOf(100);
    await write(draft);
    const lines = draft.lines.map((line) => ({ ...line, amount: money(101, 'EUR') }));
    expect(await faultOf(write({ ...draft, lines, total: money(101, 'EUR') }))).toMatchObject({
      code: 'conflict',
      facts: { outcome: 'not-applied' },
    });
  });

  test('who may not bill is told which right is missing', async () => {
    const draft = await draftOf(100);
    const { salesperson } = bench();
    const limited = odooErp({ connection: 'odoo', ...salesperson }).vendorBills;
    const fault = await faultOf(limited?.write(draft, intentMemo('b')) ?? Promise.resolve());
    expect([fault?.code, fault?.facts.advice]).toEqual([
      'forbidden',
      'Give the integration user the right "Accounting: Invoicing" in Odoo.',
    ]);
  });
}
