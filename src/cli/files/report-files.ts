import { lstat, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { behaviourQuestions } from '../../contract/behaviour.ts';
import type { Report } from '../../suite/result.ts';
import type { ReportContext } from '../../report/card.ts';
import { formatHtml } from '../../report/html.ts';
import { formatJunit } from '../../report/junit.ts';
import { formatMarkdown } from '../../report/markdown.ts';
import { type Io, UsageError, systemReason } from '../io.ts';
import type { ReportFiles } from '../options.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const forms: Record<keyof ReportFiles, (report: Report, context: ReportContext) => string> = {
  json: (report) => json(report),
  junit: formatJunit,
  markdown: formatMarkdown,
  html: formatHtml,
  // In the order of the questions, so that two fingerprints differ in as few lines as can be. JSON leaves out what was not seen.
  fingerprint: (report) => {
    const seen: Readonly<Record<string, unknown>> = 'behaviour' in report ? report.behaviour : {};
    return json(Object.fromEntries(Object.keys(behaviourQuestions).map((question) => [question, seen[question]])));
  },
};

/** Which files were asked for. Errors: `UsageError` when two forms are to be written to one. */
export function reportFilesIn(options: ReportFiles): [form: keyof ReportFiles, file: string][] {
  const asked = (Object.keys(forms) as (keyof ReportFiles)[]).flatMap((form) =>
    options[form] === undefined ? [] : [[form, options[form]] as [keyof ReportFiles, string]],
  );
  const twice = asked.find(([, file], index) => asked.findIndex(([, other]) => resolve(other) === resolve(file)) !== index);
  if (twice !== undefined) throw new UsageError(`${twice[1]} cannot take two reports. Give each a file of its own.`);
  return asked;
}

/** Takes away what an earlier run has left there: a run that ends before its report must not be taken for that one. */
export async function removeOldReports(options: ReportFiles): Promise<void> {
  for (const [, file] of reportFilesIn(options)) {
    // A device, such as /dev/stdout, stays.
    const isFile = await lstat(file).then((stats) => stats.isFile(), () => false); // prettier-ignore
    // Where it cannot be removed it cannot be written either, which is said when it is.
    if (isFile) await rm(file).catch(() => {});
  }
}

/** Writes each form that was asked for. Errors: `UsageError` that names those that could not be written; the others are. */
export async function writeReports(options: ReportFiles, report: Report, context: ReportContext, io: Io): Promise<void> {
  const problems: string[] = [];
  for (const [form, file] of reportFilesIn(options)) {
    await writeFile(file, io.clean(forms[form](report, context))).catch((error: NodeJS.ErrnoException) => {
      problems.push(`The ${form === 'fingerprint' ? form : `${form} report`} ${file} cannot be written: ${systemReason(error)}.`);
    });
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
}
