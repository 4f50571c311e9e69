// What the folders above need of generated/ and no file of this folder has as its subject: they never import generated/ themselves.
export { contractSha256, contractVersion, members, packageVersion } from '../../generated/contract.ts';
export type { paths } from '../../generated/schema.ts';
