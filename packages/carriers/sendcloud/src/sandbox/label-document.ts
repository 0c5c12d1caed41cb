import { deflateSync, crc32 } from 'node:zlib';

export const documentFormats = ['pdf', 'zpl', 'png'] as const;
export type DocumentFormat = (typeof documentFormats)[number];

export const contentTypes: Readonly<Record<DocumentFormat, string>> = { pdf: 'application/pdf', zpl: 'application/zpl', png: 'image/png' };

/** A sample that a viewer or printer accepts. */
export function sampleDocument(format: DocumentFormat, lines: readonly string[]): Uint8Array {
  if (format === 'png') return png();
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

/** One grey dot: enough for a viewer. */
function png(): Uint8Array {
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from([0, 128]))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
