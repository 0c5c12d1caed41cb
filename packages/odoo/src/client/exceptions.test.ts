import { describe, expect, test } from 'vitest';
import { faultOfException, quoted } from './exceptions.ts';

describe('an exception of the server says that the call had no effect, and', () => {
  test.each([
    ['odoo.exceptions.UserError', 'Nothing to check the availability for.', 'refused', 'never'],
    ['odoo.exceptions.UserError', "Object no.model doesn't exist", 'unsupported', 'never'],
    ['odoo.exceptions.ValidationError', 'Missing required value for the field', 'invalid-request', 'never'],
    ['odoo.exceptions.ValidationError', 'duplicate key value violates unique constraint "x"', 'conflict', 'safely'],
    ['odoo.exceptions.MissingError', 'Record does not exist or has been deleted.', 'not-found', 'never'],
    ['odoo.exceptions.AccessError', 'You are not allowed to access', 'forbidden', 'never'],
    ['odoo.exceptions.AccessDenied', 'Access Denied', 'unauthorized', 'never'],
    ['werkzeug.exceptions.Unauthorized', 'Invalid apikey', 'unauthorized', 'never'],
    ['werkzeug.exceptions.NotFound', "the model 'no.model' does not exist", 'unsupported', 'never'],
    ['builtins.AttributeError', "The method 'sale.order.nomethod' does not exist", 'unsupported', 'never'],
    ['builtins.ValueError', "Invalid field 'nofield' on 'sale.order'", 'invalid-request', 'never'],
    ['psycopg2.errors.SerializationFailure', 'could not serialize access due to concurrent update', 'conflict', 'safely'],
    ['psycopg2.OperationalError', 'FATAL:  database "nodb" does not exist', 'misconfigured', 'never'],
    ['builtins.KeyError', 'stock.picking.website_id', 'server-error', 'safely'],
  ])('%s (%s) is %s and may be made again %s', (name, message, code, retry) => {
    const fault = faultOfException({ name, message }, 'sale.order.load');
    expect(fault.toJSON()).toMatchObject({ code, outcome: 'not-applied', retry: { kind: retry }, vendorCode: name });
  });
});

test('a text for people names no path of the server and no row of its database', () => {
  const text = 'Cannot read /opt/odoo/addons/sale/models/order.py\nDETAIL:  Key (email)=(jo@example.com) already exists.';
  expect(quoted(text)).toBe('Cannot read …');
});

test('texts of the database driver are not passed on, because they may hold rows', () => {
  const fault = faultOfException({ name: 'psycopg2.errors.DataError', message: 'bad row: jo@example.com' }, 'res.partner.load');
  expect(JSON.stringify(fault)).not.toContain('jo@example.com');
});

test.each([
  ['The delivery WH/OUT/00012 is done already.', 'The delivery WH/OUT/00012 is done already.'],
  ['Sold by kg/m and pcs/box', 'Sold by kg/m and pcs/box'],
  ['see C:\\Odoo\\server\\odoo.conf', 'see …'],
  ['error in odoo/addons/sale/models/order.py, line 5', 'error in …, line 5'],
  ['cannot reach postgresql://odoo:secret@db/shop now', 'cannot reach … now'],
  ['no connection: host=db.internal user=odoo password=secret', 'no connection: … … …'],
  ['It failed. Traceback (most recent call last):\n  File "x"', 'It failed.'],
])('of %j people see %j', (text, seen) => {
  expect(quoted(text)).toBe(seen);
});
