import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { tablesOver } from './home.ts';
import { migrations } from './migrations.ts';
import { nodeSqliteDialect } from './node-sqlite-dialect.ts';
import { sqliteStatements } from './schema-words.ts';
import { sqliteStore } from './sqlite-store.ts';
import { statement } from './statement.ts';

type Named = { readonly name: string; readonly value: string };

const find = (values: (of: Named) => readonly unknown[]) =>
  statement({
    build: (db, _store, { name, value }: Named) => db.selectFrom('meta').select('name').where('name', '=', name).where('value', '=', value),
    values,
  });

function givenTables() {
  const database = new DatabaseSync(':memory:');
  for (const step of migrations.flat().flatMap(sqliteStatements)) database.exec(step);
  database.exec(`insert into meta values ('a', '1'), ('b', '2')`);
  return tablesOver(nodeSqliteDialect(database));
}

test('a statement is made once, and filled in with the values of each time', async () => {
  const findNamed = find(({ name, value }) => [name, value]);

  const found = await givenTables()
    .transaction()
    .execute(async (db) => [
      await findNamed(db, sqliteStore, { name: 'a', value: '1' }),
      await findNamed(db, sqliteStore, { name: 'b', value: '2' }),
      await findNamed(db, sqliteStore, { name: 'b', value: '1' }),
    ]);

  expect(found).toEqual([[{ name: 'a' }], [{ name: 'b' }], []]);
});

test('values that do not stand in the order of the text are refused at the first use', async () => {
  const confused = find(({ name, value }) => [value, name]);

  const attempt = givenTables()
    .transaction()
    .execute((db) => confused(db, sqliteStore, { name: 'a', value: '1' }));

  await expect(attempt).rejects.toThrow('do not stand in its order');
});
