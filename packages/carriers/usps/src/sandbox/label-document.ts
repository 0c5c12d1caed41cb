import { crc32, deflateSync } from 'node:zlib';

/** USPS's names of pictures that the sandbox makes. */
export const imageTypes = ['PDF', 'ZPL203DPI', 'ZPL300DPI', 'PNG'] as const;
export type ImageType = (typeof imageTypes)[number];

/** A sample label that a viewer or printer accepts: what USPS's test environment gives. */
export function sampleLabel(type: ImageType, lines: readonly string[]): Uint8Array {
  switch (type) {
    case 'PDF':
      return Buffer.from(pdf(lines), 'latin1');
    case 'PNG':
      return png();
    case 'ZPL203DPI':
    case 'ZPL300DPI':
      return Buffer.from(zpl(lines), 'latin1');
  }
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

/** Four white dots: enough for a viewer. */
function png(): Uint8Array {
  const header = Buffer.from([0, 0, 0, 2, 0, 0, 0, 2, 1, 0, 0, 0, 0]);
  const rows = deflateSync(Buffer.from([0, 0xc0, 0, 0xc0]));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
