/** A sample document that a viewer or printer accepts, with lines of text: what DHL's test environment gives. */
export function sampleDocument(format: 'pdf' | 'zpl', lines: readonly string[]): string {
  return Buffer.from(format === 'pdf' ? pdf(lines) : zpl(lines), 'latin1').toString('base64');
}

function zpl(lines: readonly string[]): string {
  const texts = lines.map((line, index) => `^FO40,${60 + index * 60}^A0N,40,40^FD${line.replaceAll(/[\^~]/g, ' ')}^FS`);
  return ['^XA', '^PW812', '^LL1600', ...texts, '^XZ', ''].join('\n');
}

/** One page of 8 × 4 inches upright. */
function pdf(lines: readonly string[]): string {
  const texts = lines.map((line) => `(${line.replaceAll(/[()\\]/g, ' ')}) Tj 0 -24 Td`);
  const content = `BT /F1 14 Tf 24 540 Td ${texts.join(' ')} ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 288 576] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
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
