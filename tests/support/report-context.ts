import { curlCommands } from '../../src/cli/report-context.ts';
import type { ReportContext } from '../../src/report/card.ts';

/** What a command line would say of a run against a server at this address. */
export function reportContext(baseUrl: string, customerId: string, more: Partial<ReportContext> = {}): ReportContext {
  return {
    title: `Conformance of ${baseUrl}`,
    facts: [
      ['Server', baseUrl],
      ['Customer', customerId],
    ],
    strict: false,
    exitCode: 1,
    rerun: (id) => `pc-billing conformance --base-url ${baseUrl} --only ${id}`,
    explain: (id) => `pc-billing conformance explain ${id}`,
    curl: { token: '${PARTNER_CENTER_TOKEN:-mock-token}', ...curlCommands(`pc-billing get ${customerId} --base-url ${baseUrl}`) },
    ...more,
  };
}
