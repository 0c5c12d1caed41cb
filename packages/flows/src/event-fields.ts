/**
 * What the fields of events may hold. Every kind but `words` is a closed form in which neither a sentence of a vendor nor a name, an address, a mail or a telephone number can stand; `words` are
 * sentences that this program or its connectors wrote, and are looked through before they leave.
 */
export type FieldValues = {
  /** Id of a connection, as the config gives it. */
  connection: string;
  /** Key of an order, an intent, a lease, a step: percent-encoded parts. */
  key: string;
  /** A code, a state, a kind, an id of a vendor's request: one word. */
  word: string;
  /** Name that the config gives to the owner of a token. */
  caller: string;
  /** A number without dimension; `Ms` and `Minor` in a field's name say of what it is. */
  number: number;
  instant: string;
  /** Address of a listener of ours. */
  address: string;
  /** A place in our source, such as `wave.ts:120:7`. */
  place: string;
  /** Numbers by word, such as a cost by its terms. */
  numbers: Readonly<Record<string, number>>;
  /** Words by connection, such as their modes. */
  modes: Readonly<Record<string, string>>;
  words: string;
};
export type FieldKind = keyof FieldValues;

/** What stands where something was that must not leave. */
export const masked = '•••';

const forms = {
  connection: /^[A-Za-z0-9][A-Za-z0-9-]{0,30}$/,
  key: /^[\w.~%!*'():;,=#+/-]{1,500}$/,
  word: /^[A-Za-z0-9][\w.:+/-]{0,80}$/,
  caller: /^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$/,
  instant: /^\d{4}-\d{2}-\d{2}T[\d:.]{5,20}Z$/,
  address: /^https?:\/\/[\w.[\]:-]{1,100}\/?$/,
  place: /^[\w.-]{1,100}:\d{1,7}(:\d{1,7})?$/,
} as const;

/** What of a value may leave: the value itself, or {@link masked} where it has not the form of its kind. `redact` takes known secrets out of a text. */
export function allowed(kind: FieldKind, value: unknown, redact: (text: string) => string): unknown {
  if (value === null) return null;
  switch (kind) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : masked;
    case 'numbers':
      return mapped(value, (each) => allowed('number', each, redact), redact);
    case 'modes':
      return mapped(value, (each) => allowed('word', each, redact), redact);
    case 'words':
      return typeof value === 'string' ? withoutPeople(redact(value)).slice(0, 500) : masked;
    case 'key':
    case 'connection':
    case 'word':
    case 'caller':
    case 'instant':
    case 'address':
    case 'place':
      return typeof value === 'string' && forms[kind].test(value) ? redact(value) : masked;
  }
}

function mapped(value: unknown, each: (value: unknown) => unknown, redact: (text: string) => string): unknown {
  if (typeof value !== 'object' || value === null) return masked;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [allowed('word', name, redact), each(one)]));
}

/** Takes out what looks like a mail address, a telephone number or a card's, and whatever is quoted: vendors quote what they were sent. */
function withoutPeople(text: string): string {
  return text
    .replaceAll(/[^\s@"']+@[^\s@"']+/g, masked)
    .replaceAll(/"[^"]*"/g, `"${masked}"`)
    .replaceAll(/\+?\d[\d\s()/.-]{6,}\d/g, masked);
}
