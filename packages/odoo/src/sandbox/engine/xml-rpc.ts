import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { PythonError } from './errors.ts';
import { serve, type Door } from './protocols.ts';
import type { World } from './world.ts';

/**
 * Answers `/xmlrpc/2/<service>`: always status 200, an exception as a fault. Its code tells refusals (2), a wrong login (3) and missing rights (4) from everything else (1), whose text is
 * a traceback. A method without a result has done its work and faults all the same, because Odoo does not let None be sent.
 */
export function xmlRpc(world: World, door: Door, request: { readonly service: string; readonly text: string }): Response {
  const body = respond(() => {
    const { method, params } = methodCall(request.text);
    const value = serve(world, door, { service: request.service, method, args: params });
    return `<params>\n<param>\n${written(value)}</param>\n</params>\n`;
  });
  const text =
    world.version === 19
      ? `<?xml version="1.0"?>\n<methodResponse>\n${body}\n</methodResponse>\n`
      : `<?xml version='1.0'?>\n<methodResponse>\n${body}</methodResponse>\n`;
  return new Response(text, { headers: { 'content-type': 'text/xml; charset=utf-8' } });
}

function respond(answer: () => string): string {
  try {
    return answer();
  } catch (error) {
    const name = error instanceof PythonError ? error.name : 'builtins.RuntimeError';
    const message = error instanceof Error ? error.message : String(error);
    const faultCode = codes[name] ?? 1;
    const faultString = faultCode === 1 ? tracebackOf(name, message) : message;
    return `<fault>\n${written({ faultCode, faultString })}</fault>\n`;
  }
}

const codes: Readonly<Record<string, number>> = {
  'odoo.exceptions.UserError': 2,
  'odoo.exceptions.ValidationError': 2,
  'odoo.exceptions.MissingError': 2,
  'odoo.exceptions.AccessDenied': 3,
  'odoo.exceptions.AccessError': 4,
};

function tracebackOf(name: string, message: string): string {
  const frames =
    '  File "/opt/odoo/odoo/http.py", line 1788, in _serve_db\n    return service_model.retrying(self._serve_ir_http, self.env)';
  return `Traceback (most recent call last):\n${frames}\n${name.replace(/^builtins\./, '')}: ${message}\n`;
}

/** A value as Python writes it. */
function written(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return `<value><boolean>${value ? 1 : 0}</boolean></value>\n`;
    case 'number':
      if (!Number.isInteger(value)) return `<value><double>${value}</double></value>\n`;
      if (Math.abs(value) > 2_147_483_647) throw new PythonError('builtins.OverflowError', 'int exceeds XML-RPC limits');
      return `<value><int>${value}</int></value>\n`;
    case 'string':
      return `<value><string>${escaped(value)}</string></value>\n`;
    case 'object':
      if (value === null) break;
      if (Array.isArray(value)) return `<value><array><data>\n${value.map(written).join('')}</data></array></value>\n`;
      return `<value><struct>\n${Object.entries(value).map(member).join('')}</struct></value>\n`;
    default:
      break;
  }
  throw new PythonError('builtins.TypeError', 'cannot marshal None unless allow_none is enabled');
}

function member([name, value]: [string, unknown]): string {
  return `<member>\n<name>${escaped(name)}</name>\n${written(value)}</member>\n`;
}

/** Control characters are left out, as Odoo does. */
function escaped(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are the characters that it leaves out
  const kept = text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/g, '');
  return kept.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  // Python reads numbered characters, such as the carriage return that clients write as &#xD;.
  htmlEntities: true,
});

/** An element in the parser's form: its name with its children, or a text. */
type Element = { readonly name: string; readonly children: readonly Element[]; readonly text: string };

const nodeSchema = z.record(z.string(), z.unknown());
const textSchema = z.looseObject({ '#text': z.string().optional() });

function elements(nodes: unknown): Element[] {
  return z
    .array(nodeSchema)
    .parse(nodes)
    .map((node) => {
      const { '#text': text } = textSchema.parse(node);
      if (text !== undefined) return { name: '#text', children: [], text };
      const name = Object.keys(node)[0] ?? '';
      const children = elements(node[name]);
      return { name, children, text: children.map((child) => child.text).join('') };
    });
}

function methodCall(text: string): { method: string; params: unknown[] } {
  const call = child(elements(parsed(text)), 'methodCall');
  const params = call.children.find(({ name }) => name === 'params')?.children ?? [];
  return {
    method: child(call.children, 'methodName').text.trim(),
    params: params.filter(({ name }) => name === 'param').map((param) => valueOf(child(param.children, 'value'))),
  };
}

function parsed(text: string): unknown {
  try {
    return parser.parse(text, true);
  } catch {
    throw new PythonError('xml.parsers.expat.ExpatError', 'not well-formed (invalid token): line 1, column 0');
  }
}

function child(nodes: readonly Element[], name: string): Element {
  const found = nodes.find((node) => node.name === name);
  if (found === undefined) throw new PythonError('xmlrpc.client.ResponseError', 'ResponseError()');
  return found;
}

/** The value of `<value>`; a text without a type is a string. */
function valueOf(value: Element): unknown {
  const typed = value.children.find(({ name }) => name !== '#text');
  if (typed === undefined) return value.text;
  switch (typed.name) {
    case 'string':
      return typed.text;
    case 'int':
    case 'i4':
    case 'i8':
    case 'double':
      return numberOf(typed.text);
    case 'boolean':
      return typed.text.trim() === '1';
    case 'nil':
      return null;
    case 'array':
      return child(typed.children, 'data').children.flatMap((each) => (each.name === 'value' ? [valueOf(each)] : []));
    case 'struct':
      return Object.fromEntries(
        typed.children.flatMap((each) =>
          each.name === 'member' ? [[child(each.children, 'name').text, valueOf(child(each.children, 'value'))] as const] : [],
        ),
      );
    default:
      // Bytes and times come as objects of their own, which no field takes.
      throw new PythonError('builtins.TypeError', `the sandbox takes no ${typed.name}`);
  }
}

function numberOf(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  throw new PythonError('builtins.ValueError', `invalid literal for int() with base 10: '${text}'`);
}
