export { newSchema, replicasOf } from './postgres-schemas.ts';
export { stopTimeoutMs, testServer, type TestServer } from './postgres-server.ts';
