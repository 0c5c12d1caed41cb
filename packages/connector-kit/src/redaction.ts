/** Makes a function that blanks out secrets in any text, also where they are percent-encoded or base64. Secrets shorter than four characters are left alone: they would blank out half the text. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((left, form) => left.replaceAll(form, '•••'), text);
}
