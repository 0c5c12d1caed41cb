import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteTurns, type SqliteTurns } from './sqlite-turns.ts';

/** A database that counts its commits. */
class CountingDatabase extends DatabaseSync {
  commits = 0;
  override exec(sql: string): void {
    if (sql === 'commit') this.commits += 1;
    super.exec(sql);
  }
}

describe('transactions that are begun at once', () => {
  let database: CountingDatabase;
  let turns: SqliteTurns;
  beforeEach(() => {
    database = new CountingDatabase(':memory:');
    database.exec('pragma foreign_keys = on; create table parent (id integer primary key)');
    database.exec('create table child (id integer primary key, parent integer references parent deferrable initially deferred)');
    turns = sqliteTurns(database, { commitTogether: true });
  });
  afterEach(() => database.close());

  const write = async (sql: string): Promise<void> => {
    await turns.begin('write');
    try {
      database.exec(sql);
    } catch (error) {
      turns.rollback();
      throw error;
    }
    await turns.commit();
  };
  const parents = () => database.prepare('select id from parent order by id').all();
  const add = (id: number) => write(`insert into parent values (${id})`);

  test('share one commit', async () => {
    await Promise.all([add(1), add(2), add(3)]);
    expect(database.commits).toBe(1);
    expect(parents()).toMatchObject([{ id: 1 }, { id: 2 }, { id: 3 }]);
  });

  test('let somebody pass who is waited for outside, and he is on the disk before the others have had their turn', async () => {
    const done: number[] = [];
    const noting = (id: number) => add(id).then(() => done.push(id));
    await turns.begin('write');
    const others = [noting(1), noting(2)];
    const hurried = [turns.ahead(() => noting(3)), turns.ahead(() => noting(4))];
    await turns.commit();
    await Promise.all(hurried);
    expect(done).toEqual([3, 4]);
    expect(database.commits).toBe(1);
    await Promise.all(others);
    expect(done).toEqual([3, 4, 1, 2]);
    expect(database.commits).toBe(2);
  });

  test('are committed in parts when there are many', async () => {
    await Promise.all(Array.from({ length: 80 }, (_, id) => add(id)));
    expect(database.commits).toBe(2);
  });

  test('wait for those who come a little later, once commits follow one another', async () => {
    turns = sqliteTurns(database, { commitTogether: true, waitMs: 60_000, now: () => 0 });
    await add(1);
    const second = add(2);
    // By now it would have been committed alone.
    for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const third = add(3);
    await turns.begin('read');
    await Promise.all([second, third]);
    expect(database.commits).toBe(2);
    await turns.commit();
  });

  test('commit one by one where there is nothing to gain', async () => {
    turns = sqliteTurns(database, { commitTogether: false });
    await Promise.all([add(1), add(2)]);
    expect(database.commits).toBe(2);
  });

  test('do not lose what the others wrote when one of them fails', async () => {
    const [, failed] = await Promise.allSettled([add(1), add(1), add(2)]);
    expect(failed.status).toBe('rejected');
    expect(parents()).toMatchObject([{ id: 1 }, { id: 2 }]);
  });

  test('are all not kept, and all told so, when their commit fails', async () => {
    const ended = await Promise.allSettled([add(1), write('insert into child values (1, 99)'), add(2)]);
    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(parents()).toEqual([]);
  });

  test('let the next ones go on after a commit that failed', async () => {
    await expect(write('insert into child values (1, 99)')).rejects.toThrow('FOREIGN KEY');
    await add(1);
    expect(parents()).toMatchObject([{ id: 1 }]);
  });

  test('are on the disk before somebody who came after them reads', async () => {
    const added = add(1);
    await turns.begin('read');
    expect(database.commits).toBe(1);
    await turns.commit();
    await added;
  });

  test('let what wants to be alone run between them', async () => {
    const order: string[] = [];
    await Promise.all([
      add(1).then(() => order.push('first')),
      turns.alone(() => order.push(database.isTransaction ? 'not alone' : 'alone')),
      add(2).then(() => order.push('second')),
    ]);
    expect(order.filter((each) => each === 'alone')).toEqual(['alone']);
    expect(parents()).toMatchObject([{ id: 1 }, { id: 2 }]);
  });
});
