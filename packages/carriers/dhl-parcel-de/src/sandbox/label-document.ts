/** A sample label that a viewer accepts: one page with the lines as text. */
export function samplePdf(lines: readonly string[]): string {
  const texts = lines.map((line) => `(${line.replaceAll(/[()\\]/g, ' ')}) Tj 0 -24 Td`);
  const content = `BT /F1 14 Tf 24 390 Td ${texts.join(' ')} ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 292 564] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
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
  const text = `${body}xref\n${head}${offsets.join('')}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  return Buffer.from(text, 'latin1').toString('base64');
}

/** The same for a label printer of 203 dots per inch, as text. */
export function sampleZpl(lines: readonly string[]): string {
  const texts = lines.map((line, index) => `^FO40,${60 + index * 60}^A0N,40,40^FD${line.replaceAll(/[\^~]/g, ' ')}^FS`);
  return ['^XA', '^CI28', '^PW824', ...texts, '^XZ', ''].join('\n');
}
