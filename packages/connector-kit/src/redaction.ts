import type { Address } from '@quartermaster/domain';

/**
 * Makes a function that blanks out secrets in any text, also where they are percent-encoded, form-encoded, escaped in JSON, or in base64 with something before them (as in Basic
 * authentication). Secrets shorter than four characters are left alone: they would blank out half the text. What to look for is reckoned at the first text: most redactors never see one.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  let distinct: readonly string[] | undefined;
  return (text) => (distinct ??= formsOf(secrets)).reduce((left, form) => left.replaceAll(form, '•••'), text);
}

/** The same for texts about people: secrets, and all that these addresses say of who lives there and in which street, also in capitals, as carriers write it. */
export function personalRedactor(secrets: readonly string[], addresses: readonly Address[]): (text: string) => string {
  const personal = addresses.flatMap(({ name, company, lines, postalCode, phone, email }) =>
    [name, company, ...lines, postalCode, phone, email].filter((text) => text !== null).map((text) => text.trim()),
  );
  return redactor([...secrets, ...personal, ...personal.map((text) => text.toUpperCase())]);
}

/** Everything that the secrets may look like, the longest first. */
function formsOf(secrets: readonly string[]): string[] {
  const forms = secrets
    .flatMap((secret) => [secret.toWellFormed(), secret.toWellFormed().trim()])
    .filter((secret) => secret.length >= shortestForm)
    .flatMap((secret) => [secret, ...textForms(secret), ...base64Forms(secret)])
    .filter((form) => form.length >= shortestForm)
    .sort((a, b) => b.length - a.length);
  return [...new Set(forms)];
}

const shortestForm = 4;

function textForms(secret: string): string[] {
  const percent = encodeURIComponent(secret);
  const form = new URLSearchParams({ '': secret }).toString().slice(1);
  const lowerCase = [percent, form].map((text) => text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  return [percent, form, ...lowerCase, JSON.stringify(secret).slice(1, -1)];
}

/**
 * What a secret looks like inside base64, by the number of bytes before it modulo three: only the characters that it decides alone, the ones at its edges are its neighbours' too.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const inner = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
