// The one door to generated/ for the rest of src: types go through profile.ts, validators through validate.ts.
export { contractSha256, contractVersion, members, packageVersion } from '../../generated/contract.ts';
export type { paths } from '../../generated/schema.ts';
