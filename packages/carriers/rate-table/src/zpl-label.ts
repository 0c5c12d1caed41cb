import { localDate, type LabelRequest } from '@quartermaster/domain';

export type LabelFace = {
  readonly carrier: string;
  readonly service: string;
  readonly trackingNumber: string;
  /** IANA zone whose calendar day is printed. */
  readonly zone: string;
};

/**
 * A label of 4 × 6 inches in ZPL II for a printer of 203 dots per inch: sender, addressee, reference, and the tracking number as Code 128. Texts are UTF-8 (`^CI28`), and what
 * would be a command of the printer is written in hexadecimal (`^FH`).
 */
export function zplLabel(request: LabelRequest, face: LabelFace): string {
  const { shipFrom, shipTo, parcel } = request;
  return [
    '^XA',
    '^CI28',
    `^PW${width}`,
    '^LL1218',
    '^LH0,0',
    text({ x: 40, y: 40, size: 44, width: 480, lines: 1 }, face.carrier),
    text({ x: 520, y: 40, size: 44, width: 260, lines: 1 }, face.service),
    '^FO40,100^GB732,3,3^FS',
    ...block(40, 120, 24, addressLines(shipFrom)),
    '^FO40,330^GB732,3,3^FS',
    ...block(40, 360, 42, [...addressLines(shipTo), shipTo.country]),
    '^FO40,760^GB732,3,3^FS',
    text({ x: 40, y: 780, size: 28, width: 732, lines: 1 }, request.reference),
    text(
      { x: 40, y: 820, size: 28, width: 732, lines: 1 },
      `${localDate(request.shipAt, face.zone)}  ${kilograms(parcel.grams)} kg  parcel ${parcel.number}`,
    ),
    `^FO100,890^BY2^BCN,180,Y,N,N,A^FD${face.trackingNumber}^FS`,
    '^XZ',
    '',
  ].join('\n');
}

/** Four inches in dots. */
const width = 812;

type Box = { readonly x: number; readonly y: number; readonly size: number; readonly width: number; readonly lines: number };

function text(box: Box, content: string): string {
  return `^FO${box.x},${box.y}^A0N,${box.size},${box.size}^FB${box.width},${box.lines}^FH^FD${escaped(content)}^FS`;
}

function block(x: number, y: number, size: number, lines: readonly string[]): string[] {
  const step = Math.round(size * 1.2);
  return lines.map((line, index) => text({ x, y: y + index * step, size, width: width - 2 * x, lines: 1 }, line));
}

function addressLines(address: LabelRequest['shipTo']): string[] {
  const town = [address.postalCode, address.city, address.region ?? ''].filter((part) => part !== '').join(' ');
  return [address.name, address.company ?? '', ...address.lines, town].filter((line) => line.trim() !== '').slice(0, 7);
}

function escaped(content: string): string {
  return content
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/[_^~\\]/g, (character) => `_${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function kilograms(grams: number): string {
  return (grams / 1_000).toFixed(3);
}
