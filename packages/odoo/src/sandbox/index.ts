export {
  createOdooSandbox,
  type OdooSandbox,
  type OdooSandboxOptions,
  type OdooSnapshot,
  type SandboxProduct,
  type SnapshotOrder,
  type SnapshotPicking,
  type SnapshotQuant,
} from './odoo-sandbox.ts';
