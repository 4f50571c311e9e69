/** Lints the contract with the rules of redocly.yaml. Quiet when nothing is wrong; the linter would greet Node 20 on every run. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const cli = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');
const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'lint', 'openapi/billing-profile.yaml'], {
  encoding: 'utf8',
  // It phones home otherwise.
  env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
});
if (status !== 0) {
  console.error(stdout, stderr);
  process.exitCode = 1;
}
