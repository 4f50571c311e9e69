/** Lints the contract with the rules of redocly.yaml. Quiet when nothing is wrong; the linter would greet Node 20 on every run. */
import { redocly } from './contract/redocly.ts';

const { status, stdout, stderr } = redocly(['lint', 'openapi/billing-profile.yaml']);
if (status !== 0) {
  console.error(stdout, stderr);
  process.exitCode = 1;
}
