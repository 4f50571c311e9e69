import XMLBuilder from 'fast-xml-builder';
import { countsAgainst } from '../suite/exit-code.ts';
import type { Report, Result } from '../suite/result.ts';
import { type Card, acceptedWords, type ReportContext } from './card.ts';
import { formatCard } from './card-text.ts';
import { topicOf } from '../suite/selection.ts';
import { reportModel } from './model.ts';

/**
 * A report as JUnit XML, which CI servers show.
 *
 * Shape: what makes the run fail is a failure, what makes it invalid an error; whatever else did not pass is skipped and says why, so
 * that the file is red exactly when the exit code is not 0.
 */
export function formatJunit(report: Report, context: ReportContext): string {
  const { failures, accepted, remarks, resolved, headline } = reportModel(report, context);
  const cards = new Map([...failures, ...accepted, ...remarks].map((card) => [card.result.id, card]));
  const cases = report.results.map((result) => testcase(result, cards.get(result.id), report, context));
  const resolvedCases = resolved.map(({ requirement, owner, reason }) => ({
    '@name': `${requirement} is still accepted`,
    '@classname': 'accepted',
    '@time': '0',
    failure: {
      '@type': 'resolved',
      '@message': oneLine(`${requirement} passes. Remove its entry from the accepted failures (owner ${owner}).`),
      '#text': xmlText(`The reason of the entry: ${reason}`),
    },
  }));
  const all = [...cases, ...resolvedCases];
  // The run as a whole can fail without any requirement: nothing was tested, or the profile was not put back.
  if (context.exitCode !== 0 && !all.some((one) => 'failure' in one || 'error' in one)) {
    all.push({
      '@name': 'the run',
      '@classname': 'run',
      '@time': '0',
      error: { '@type': 'run', '@message': oneLine(headline), '#text': '' },
    });
  }
  const count = (kind: string): number => all.filter((one) => kind in one).length;
  const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true, suppressEmptyNode: true });
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      testsuite: {
        '@name': oneLine(context.title),
        '@package': 'pc-billing',
        '@id': 0,
        // The schema takes no fraction and no zone; it is UTC.
        '@timestamp': report.startedAt.slice(0, 19),
        '@hostname': 'localhost',
        '@tests': all.length,
        '@failures': count('failure'),
        '@errors': count('error'),
        '@skipped': count('skipped'),
        '@time': seconds(report.durationMs),
        properties: { property: context.facts.map(([name, value]) => ({ '@name': oneLine(name), '@value': oneLine(value) })) },
        testcase: all,
        'system-out': xmlText(headline),
        'system-err': '',
      },
    },
  });
}

interface Testcase {
  '@name': string;
  '@classname': string;
  '@time': string;
  failure?: Problem;
  error?: Problem;
  skipped?: { '@message': string; '#text'?: string };
}

interface Problem {
  '@type': string;
  '@message': string;
  '#text': string;
}

function testcase(result: Result, card: Card | undefined, report: Report, context: ReportContext): Testcase {
  const { id, verdict, level, reason = '', blockedBy } = result;
  const named = { '@name': id, '@classname': `pc-billing.${topicOf(id)}`, '@time': seconds(result.durationMs ?? 0) };
  if (verdict === 'pass') return named;
  const problem = {
    '@type': verdict,
    '@message': oneLine(reason),
    '#text': card === undefined ? '' : xmlText(`\n${formatCard(card)}\n`),
  };
  if (verdict === 'broken') return { ...named, error: problem };
  if (countsAgainst(result, report, context)) return { ...named, failure: problem };
  const accepted = acceptedWords(result);
  const why =
    (accepted && `accepted ${accepted}`) ??
    (verdict === 'skipped' || (verdict === 'untestable' && blockedBy !== undefined) ? reason : `${level}, does not count: ${reason}`);
  return { ...named, skipped: { '@message': oneLine(why), ...(card === undefined ? {} : { '#text': problem['#text'] }) } };
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

// What XML 1.0 cannot carry in any spelling. Source: Extensible Markup Language (XML) 1.0, section 2.2
const notXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const xmlText = (text: string): string => text.replaceAll(notXml, '\ufffd');
/** An attribute loses its line ends, and a token its double spaces. */
const oneLine = (text: string): string => xmlText(text).replaceAll(/\s+/g, ' ').trim();
