import { epochMs } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { connectOdoo } from '../../client/client.ts';
import { fromTheBeginning, type ChangeCursor } from '../../reads/change-cursor.ts';
import { changesSince, serverTime, startingNow } from '../../reads/changes-since.ts';
import { sweep } from '../../reads/sweep.ts';
import type { Workbench } from './workbench.ts';

export function readsBehave(bench: () => Workbench): void {
  /** Tags of partners are small records that nothing depends on. Gives their ids. */
  async function records(count: number, mark: string): Promise<number[]> {
    const values = Array.from({ length: count }, (_, index) => ({ name: `${mark} ${index}` }));
    const ids: number[] = [];
    for (let at = 0; at < count; at += 1_000)
      ids.push(...(await bench().odoo.create('res.partner.category', values.slice(at, at + 1_000))));
    return ids;
  }

  describe('paging', () => {
    // A real Odoo is asked for as many as the issue wants.
    test('gives every record that was there once, while another client changes, adds and deletes some', async () => {
      const { odoo, client, administrator, unique } = bench();
      const other = await connectOdoo(administrator);
      const count = administrator.fetch === undefined ? 20_000 : 2_000;
      const mark = unique('Paged');
      const there = await records(count, mark);
      const doomed = new Set(there.filter((_, index) => index % 100 === 99));
      const writing = { stopped: false };
      // On a real Odoo truly at the same time; the sandbox serves one request after the other, in turns.
      const meanwhile = async () => {
        const victims = [...doomed];
        for (let at = 0; !writing.stopped; at++) {
          const some = there
            .slice((at * 37) % count)
            .slice(0, 50)
            .filter((id) => !doomed.has(id));
          await other.write('res.partner.category', some, { name: `${mark} changed ${at}` });
          await other.create('res.partner.category', [{ name: `${mark} added ${at}` }]);
          const victim = victims.pop();
          if (victim !== undefined)
            await other.call(
              { model: 'res.partner.category', method: 'unlink', ids: [victim], repeat: 'always', timeout: 'write' },
              z.unknown(),
            );
        }
        return doomed.size - victims.length;
      };
      const writer = meanwhile();
      const seen: number[] = [];
      let changed = 0;
      for await (const page of odoo.pages('res.partner.category', [['name', 'like', mark]], ['name'], { pageSize: count / 20 })) {
        seen.push(...page.map((row) => row.id));
        changed += page.filter((row) => row.name.includes('changed') || row.name.includes('added')).length;
      }
      writing.stopped = true;
      const deleted = await writer;
      const found = new Set(seen);
      expect(found.size).toBe(seen.length);
      expect(there.filter((id) => !found.has(id) && !doomed.has(id))).toEqual([]);
      // Or the test has shown nothing.
      expect([changed, deleted].every((happened) => happened > 0)).toBe(true);
      await client.call(
        {
          model: 'res.partner.category',
          method: 'unlink',
          ids: (await odoo.searchRead('res.partner.category', [['name', 'like', mark]], [])).map(({ id }) => id),
          repeat: 'always',
          timeout: 'write',
        },
        z.unknown(),
      );
    }, 600_000);

    test('ends at once when it is called off', async () => {
      const { odoo, unique } = bench();
      const mark = unique('Aborted');
      await records(12, mark);
      const stop = new AbortController();
      const read = async () => {
        for await (const _page of odoo.pages('res.partner.category', [['name', 'like', mark]], [], { pageSize: 5, signal: stop.signal }))
          stop.abort(new Error('the operator went home'));
      };
      await expect(read()).rejects.toThrow('the operator went home');
    });
  });

  test('records are read by a key in batches, archived ones where wanted', async () => {
    const { odoo, client, product } = bench();
    const [lamp, desk] = [await product(), await product()];
    await client.write('product.product', [desk.id], { active: false });
    const skus = [lamp.sku, desk.sku, ...Array.from({ length: 6_000 }, (_, index) => `NO-${index}`)];
    await expect(odoo.readBy('product.product', 'default_code', skus, ['default_code'])).resolves.toMatchObject([{ id: lamp.id }]);
    await expect(odoo.readBy('product.product', 'default_code', skus, ['active'], { archived: true })).resolves.toEqual([
      { id: lamp.id, active: true },
      { id: desk.id, active: false },
    ]);
  });

  describe('changes', () => {
    const poll = async (mark: string, start: ChangeCursor, overlapMs?: number) => {
      const names: string[] = [];
      let cursor = start;
      const options = { pageSize: 2, ...(overlapMs === undefined ? {} : { overlapMs }) };
      const changes = changesSince(bench().odoo, 'res.partner', start, [['name', 'like', mark]], ['name', 'active'], options);
      for await (const page of changes) {
        names.push(...page.rows.map((row) => `${(row.name ?? '').slice(mark.length)}${row.active ? '' : ' archived'}`));
        cursor = JSON.parse(JSON.stringify(page.cursor));
      }
      return { names, cursor };
    };
    const lists = (mark: string, names: readonly string[]) =>
      bench().odoo.create(
        'res.partner',
        names.map((name) => ({ name: `${mark}${name}` })),
      );

    test('are given once, the same second or not, and archiving is one', async () => {
      const { client, unique } = bench();
      const mark = unique('Changes');
      const [a = 0, b = 0] = await lists(mark, ['a', 'b', 'c']);
      const first = await poll(mark, fromTheBeginning);
      expect(first.names).toEqual(['a', 'b', 'c']);
      const second = await poll(mark, first.cursor);
      expect(second.names).toEqual([]);
      await client.write('res.partner', [b], { name: `${mark}B` });
      const third = await poll(mark, second.cursor);
      await client.write('res.partner', [b], { name: `${mark}BB` });
      await client.write('res.partner', [a], { active: false });
      const fourth = await poll(mark, third.cursor);
      await lists(mark, ['d']);
      const fifth = await poll(mark, fourth.cursor);
      expect([third.names, fourth.names, fifth.names]).toEqual([['B'], ['a archived', 'BB'], ['d']]);
      await expect(poll(mark, fifth.cursor)).resolves.toMatchObject({ names: [] });
    });

    test('from now on are those that come after, also of an empty table', async () => {
      const { odoo, unique } = bench();
      const mark = unique('Now');
      const now = () => startingNow(odoo, 'res.partner', [['name', 'like', mark]], ['name', 'active']);
      const atNothing = await now();
      await lists(mark, ['a']);
      expect((await poll(mark, atNothing)).names).toEqual(['a']);
      const later = await now();
      await lists(mark, ['b']);
      expect((await poll(mark, later)).names).toEqual(['b']);
    });

    test('go on where a poll was broken off', async () => {
      const mark = bench().unique('Broken');
      await lists(mark, ['a', 'b', 'c']);
      const changes = changesSince(bench().odoo, 'res.partner', fromTheBeginning, [['name', 'like', mark]], ['name', 'active'], {
        pageSize: 2,
      });
      const { value } = await changes.next();
      await changes.return();
      expect(value?.rows.length).toBe(2);
      await expect(poll(mark, value?.cursor ?? fromTheBeginning)).resolves.toMatchObject({ names: ['c'] });
    });

    test('know the time by the server, for a table where nothing happens', async () => {
      const { client, session } = bench();
      const time = await serverTime(client);
      expect(Math.abs(epochMs(time ?? '1970-01-01T00:00:00.000Z') - epochMs(session.clock.now()))).toBeLessThan(60_000);
    });
  });

  test('a sweep tells which records are gone, and goes on where it stopped', async () => {
    const { client, unique } = bench();
    const ids = await records(6, unique('Swept'));
    const gone = ids.filter((_, index) => index % 2 === 0);
    await client.call({ model: 'res.partner.category', method: 'unlink', ids: gone, repeat: 'always', timeout: 'write' }, z.unknown());
    const swept = async (known: Parameters<typeof sweep>[2], after?: number) => {
      const found: number[] = [];
      for await (const part of sweep(client, 'res.partner.category', known, after === undefined ? {} : { after })) found.push(...part.gone);
      return found;
    };
    await expect(swept(ids)).resolves.toEqual(gone);
    await expect(swept(ids, ids[2])).resolves.toEqual([ids[4]]);
    const inParts = async function* () {
      yield ids.slice(0, 4);
      yield await Promise.resolve(ids.slice(4));
    };
    await expect(swept(inParts())).resolves.toEqual(gone);
  });
}
