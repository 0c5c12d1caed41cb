import { gzipSync } from 'node:zlib';
import { fingerprint } from '@quartermaster/connector-kit';
import { digits, next, type AmazonState, type DocumentState } from './state.ts';

/** Address of a document; who has it may read or write it, so that it is a secret for a while. */
export function documentUrl(origin: string, document: DocumentState, packed: boolean): string {
  return `${origin}/documents/${document.id}?X-Amz-Signature=${signatureOf(document)}${packed ? '&packed=1' : ''}`;
}

export function newDocument(state: AmazonState, contentType: string, text: string | null): DocumentState {
  const id = `amzn1.tortuga.4.${digits(12, 'document', String(next(state, 'document')))}`;
  const document = { id, contentType, text };
  state.documents.set(id, document);
  return document;
}

/** The storage behind the addresses: no token, the very content type that was announced, one upload. */
export async function serveDocument(state: AmazonState, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const document = state.documents.get(decodeURIComponent(url.pathname.slice('/documents/'.length)));
  const denied = (status: number, code: string) => new Response(`<Error><Code>${code}</Code></Error>`, { status });
  if (document === undefined) return denied(404, 'NoSuchKey');
  if (url.searchParams.get('X-Amz-Signature') !== signatureOf(document)) return denied(403, 'SignatureDoesNotMatch');
  if (request.headers.has('x-amz-access-token')) return denied(400, 'InvalidArgument');
  if (request.method === 'PUT') {
    if (request.headers.get('content-type') !== document.contentType) return denied(403, 'SignatureDoesNotMatch');
    document.text = await request.text();
    return new Response(null, { status: 200 });
  }
  if (request.method !== 'GET' || document.text === null) return denied(404, 'NoSuchKey');
  return url.searchParams.has('packed') ? new Response(gzipSync(document.text)) : new Response(document.text);
}

function signatureOf({ id }: DocumentState): string {
  return fingerprint('signature', id).slice(0, 32);
}
