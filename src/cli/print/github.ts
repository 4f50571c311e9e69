import { formatAnnotations } from '../../report/annotations.ts';
import type { ReportContext } from '../../report/card.ts';
import type { Report } from '../../suite/result.ts';
import type { Io } from '../io.ts';

/** What GitHub Actions is told beside what people read; nothing elsewhere. */
export interface GithubWords {
  /** To print before anything that a server has sent: GitHub takes no commands from the lines that follow. */
  readonly begin: string;
  /** To print after the report: commands are taken again, and here they are. */
  end(report: Report, context: ReportContext): string;
}

/** Source: docs.github.com, "Workflow commands for GitHub Actions", stopping and starting workflow commands */
export function githubWords({ env }: Pick<Io, 'env'>, newId: () => string = () => crypto.randomUUID()): GithubWords {
  if (env.GITHUB_ACTIONS !== 'true') return { begin: '', end: () => '' };
  const id = newId();
  return {
    begin: `::stop-commands::${id}\n`,
    end: (report, context) => `::${id}::\n${formatAnnotations(report, context)}`,
  };
}
