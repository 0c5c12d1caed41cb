import type { LabelFormat } from '@quartermaster/domain';
import { deflateSync, crc32 } from 'node:zlib';

/** The content type of a document of each format. */
export const documentTypes: Readonly<Record<LabelFormat, string>> = { pdf: 'application/pdf', zpl: 'application/zpl', png: 'image/png' };

/** A sample label, or another paper, with lines of text, that a viewer or printer accepts: what the test environments of the carriers give. */
export function sampleDocument(format: LabelFormat, lines: readonly string[]): Uint8Array {
  if (format === 'png') return png(lines.join('|'));
  return Buffer.from(format === 'pdf' ? pdf(lines) : zpl(lines), 'latin1');
}

function zpl(lines: readonly string[]): string {
  const texts = lines.map((line, index) => `^FO40,${60 + index * 60}^A0N,40,40^FD${line.replaceAll(/[\^~]/g, ' ')}^FS`);
  return ['^XA', '^PW812', '^LL1218', ...texts, '^XZ', ''].join('\n');
}

/** One page of 4 × 6 inches with the lines as text. */
function pdf(lines: readonly string[]): string {
  const texts = lines.map((line) => `(${line.replaceAll(/[()\\]/g, ' ')}) Tj 0 -24 Td`);
  const content = `BT /F1 14 Tf 24 390 Td ${texts.join(' ')} ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 288 432] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const head = `0 ${objects.length + 1}\n0000000000 65535 f \n`;
  return `${body}xref\n${head}${offsets.join('')}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
}

const width = 200;
const height = 300;

/** Grey, 4 × 6 inches at 50 dots: stripes from the bits of the text, so that two labels look different. */
function png(text: string): Uint8Array {
  const bits = Array.from(Buffer.from(text, 'utf8')).flatMap((byte) => Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1));
  const row = Buffer.alloc(width + 1, 255);
  row[0] = 0;
  for (let x = 0; x < width - 40; x++) row[21 + x] = bits[x % bits.length] === 1 ? 0 : 255;
  const blank = Buffer.alloc(width + 1, 255);
  blank[0] = 0;
  const pixels = Buffer.concat(Array.from({ length: height }, (_, y) => (y > 60 && y < 240 ? row : blank)));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(pixels)), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
