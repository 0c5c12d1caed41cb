/** A `data` element of DHL's tracking: its own `name`, and its attributes. */
export type XmlElement = { readonly name: string; readonly attributes: Readonly<Record<string, string>> };

/** The `data` elements of an answer, in their order. DHL's tracking says everything in attributes: how elements lie in one another follows from their names. */
export function readElements(xml: string): XmlElement[] {
  return [...xml.matchAll(/<data\s((?:[^<>"]|"[^"]*")*)>/g)].map(([, inner = '']) => {
    const attributes = Object.fromEntries(
      [...inner.matchAll(/([\w:-]+)\s*=\s*"([^"]*)"/g)].map(([, name = '', value = '']) => [name, plainText(value)]),
    );
    return { name: attributes['name'] ?? '', attributes };
  });
}

/** A text as it stands in an attribute. */
export function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function plainText(text: string): string {
  return text
    .replaceAll(/&#x([0-9a-f]{1,6});/gi, (_, code: string) => character(Number.parseInt(code, 16)))
    .replaceAll(/&#(\d{1,7});/g, (_, code: string) => character(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
