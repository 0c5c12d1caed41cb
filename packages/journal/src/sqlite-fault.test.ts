import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { translated } from './sqlite-fault.ts';

describe('what SQLite reports reaches the operator as words', () => {
  let folder: string;
  let database: DatabaseSync;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journal-fault-'));
    database = new DatabaseSync(join(folder, 'a.db'));
    database.exec('create table page (content blob)');
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  test('when the disk is full', () => {
    database.exec('pragma max_page_count = 2');
    expect(() => translated(() => database.exec('insert into page values (zeroblob(100000))'))).toThrow('The disk of the journal is full');
  });

  test('when another program holds the file', () => {
    const other = new DatabaseSync(join(folder, 'a.db'));
    other.exec('begin exclusive');
    expect(() => translated(() => database.exec('begin immediate'))).toThrow('Another program keeps the journal locked');
    other.close();
  });

  test('when the disk fails or turns read-only under it', () => {
    const reader = new DatabaseSync(join(folder, 'a.db'), { readOnly: true });
    expect(() => translated(() => reader.exec('insert into page values (1)'))).toThrow("The journal's disk fails");
    reader.close();
  });

  test('but not when it is our own mistake', () => {
    expect(() => translated(() => database.exec('insert into nowhere values (1)'))).toThrow('no such table');
  });
});
