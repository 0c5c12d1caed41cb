import { odooFault } from './exceptions.ts';
import type { OdooCall } from './client.ts';

/** What a protocol can carry. XML has fewer characters than JSON, and XML-RPC fewer numbers. */
type Carrier = 'json' | 'xml';

/**
 * Throws `invalid-request`, naming the argument, for a value that would arrive as another one or break the request: JSON turns NaN into null and a Date into a text that Odoo does
 * not read, and leaves an undefined member out; XML-RPC has whole numbers of 32 bits, and XML no control characters.
 */
export function refuseUnsendable(call: Pick<OdooCall, 'model' | 'method' | 'args' | 'context' | 'ids'>, carrier: Carrier): void {
  for (const [name, value] of [['ids', call.ids], ...Object.entries(call.args ?? {}), ['context', call.context]] as const) {
    if (value === undefined && (name === 'ids' || name === 'context')) continue;
    const found = unsendable(value, carrier);
    if (found === undefined) continue;
    const operation = `${call.model}.${call.method}`;
    throw odooFault('invalid-request', operation, `${[name, ...found.path.reverse()].join('.')} ${found.why}`, {
      advice: 'Correct the value: it was not sent.',
    });
  }
}

/** The path of the first such value, from the inside out. */
type Found = { readonly path: (string | number)[]; readonly why: string };

function unsendable(value: unknown, carrier: Carrier): Found | undefined {
  switch (typeof value) {
    case 'boolean':
      return undefined;
    case 'string':
      return carrier === 'xml' && noXml.test(value) ? { path: [], why: 'has a character that XML cannot carry' } : undefined;
    case 'number':
      return wrongNumber(value, carrier);
    case 'object':
      return value === null ? undefined : unsendableWithin(value, carrier);
    default:
      return { path: [], why: value === undefined ? 'is undefined' : `is a ${typeof value}` };
  }
}

function wrongNumber(value: number, carrier: Carrier): Found | undefined {
  if (!Number.isFinite(value)) return { path: [], why: `is ${value}, which is no number for Odoo` };
  if (carrier === 'xml' && Number.isInteger(value) && Math.abs(value) > largestXmlRpcInteger)
    return { path: [], why: 'is a whole number of more than 32 bits, which XML-RPC cannot carry' };
  return undefined;
}

function unsendableWithin(value: object, carrier: Carrier): Found | undefined {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const found = unsendable(value[index], carrier);
      if (found !== undefined) return within(found, index);
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return { path: [], why: `is a ${value.constructor.name} and no plain value` };
  for (const [key, inner] of Object.entries(value)) {
    const found = unsendable(inner, carrier) ?? (carrier === 'xml' ? unsendable(key, carrier) : undefined);
    if (found !== undefined) return within(found, key);
  }
  return undefined;
}

function within(found: Found, step: string | number): Found {
  found.path.push(step);
  return found;
}

/** Python's XML-RPC takes no more. */
const largestXmlRpcInteger = 2_147_483_647;

/** Control characters, halves of surrogate pairs, and the two that Unicode keeps out of texts. */
// oxlint-disable-next-line no-control-regex -- these are the characters that it looks for
const noXml = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u;
