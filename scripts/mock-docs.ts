import { readFile } from 'node:fs/promises';
import { behaviourPresets, behaviourQuestions, type ServiceBehaviour } from '../src/contract/behaviour.ts';
import { table } from '../src/report/markdown.ts';
import { behaviours, play, type RealClient, realClients, type Seen } from '../tests/support/real-clients.ts';

const root = new URL('../', import.meta.url);

/** What each preset of the mock does with each published client: every cell is the result of sending its recorded requests. */
export async function realClientsPage(notice: string): Promise<string> {
  const rows: string[][] = [];
  for (const client of realClients) {
    const cells: string[] = [];
    for (const behaviour of Object.keys(behaviours) as (keyof typeof behaviours)[]) cells.push(cellOf(await play(client, behaviour)));
    rows.push([client.name, client.notes, carriedBy(client), ...cells]);
  }
  return `# Published clients and the mock

${notice}

This project ran eight published clients against a loopback server and recorded their requests; nothing went to Microsoft's service. The recorded reads and writes, with header order and bytes kept, are fixtures of the tests (\`tests/support/real-clients.ts\`), sent over a raw socket. The table shows how the mock responds to the write of each client, after its read, with each preset.

${table(['client', 'its write', 'where it sends the ETag', '`observed`', '`observed` with `precondition: optional`', '`documented`'], rows)}

No official client sends If-Match, which the documents require. The preset \`observed\` therefore accepts the ETag of the body, and \`documented\` refuses all of them. The Python client sends no ETag at all. Whether the service accepts its writes is [not known](behaviours.md). If your tests need it, give the mock the behaviour file \`{ "precondition": "optional" }\`.
`;
}

const carriedBy = ({ ifMatch, etagInBody }: RealClient): string =>
  [...(ifMatch === 'none' ? [] : [`in If-Match, ${ifMatch}`]), ...(etagInBody ? ['in the body'] : [])].join(', and ') || 'not at all';

function cellOf({ put, profileBefore, profileAfter }: Seen): string {
  const isStored = JSON.stringify(profileBefore) !== JSON.stringify(profileAfter);
  if (put.status === 200) return isStored ? '200, stored' : '200, not stored';
  const { code } = JSON.parse(put.body.toString()) as { code: number | string };
  const said = String(code) === String(put.status) ? `${put.status}` : `${put.status}, code ${code}`;
  return isStored ? `${said}, stored` : said;
}

/** The open questions with their answers, what each preset takes, and why. The words are those of behaviour.ts and of SOURCES.md. */
export async function behaviourPage(notice: string): Promise<string> {
  const source = await readFile(new URL('src/contract/behaviour.ts', root), 'utf8');
  const section = (await readFile(new URL('openapi/SOURCES.md', root), 'utf8')).split('## Open questions')[1]!;
  const rows = (Object.keys(behaviourQuestions) as (keyof ServiceBehaviour)[]).map((question) => {
    const meaning = new RegExp(`/\\*\\* (.+) \\*/\\n  ${question}: `).exec(source)?.[1];
    const [observed, documented, evidence] = new RegExp(`^\\| ${question} +\\|(.+)\\|$`, 'm').exec(section)?.[1]?.split('|') ?? [];
    if (meaning === undefined || evidence === undefined) throw new Error(`${question} has no words in behaviour.ts or SOURCES.md.`);
    for (const [preset, told] of Object.entries({ observed, documented })) {
      const answer = wordsOf(behaviourPresets[preset as 'observed'][question]);
      if (told!.trim().replaceAll('`', '') !== answer)
        throw new Error(`SOURCES.md says of ${question}: ${told}; the preset ${preset}: ${answer}.`);
    }
    return [question, meaning, answersTo(question), observed!.trim(), documented!.trim(), linked(evidence.trim())];
  });
  return `# What the documents leave open

${notice}

Each question is a member of \`ServiceBehaviour\`. The mock takes the answers from a preset (\`--behaviour observed\`, the default, or \`--behaviour documented\`), or from a JSON file whose answers replace those of \`observed\`, such as a [fingerprint](../../fingerprints/README.md). The conformance suite observes every question on a server, and leaves out a question that it could not settle. The keys in the last column are those of [SOURCES.md](../../openapi/SOURCES.md).

${table(['question', 'meaning', 'possible answers', '`observed`', '`documented`', 'evidence, and why'], rows)}

A refusal is \`{ "status": 400…499, "code": integer }\`; without a code the mock repeats the status there.
`;
}

function wordsOf(answer: ServiceBehaviour[keyof ServiceBehaviour]): string {
  if (typeof answer === 'object') return [answer.status, ...(answer.code === undefined ? [] : [answer.code])].join(', ');
  return answer === '' ? 'none' : String(answer);
}

function answersTo(question: keyof ServiceBehaviour): string {
  const answers: 'refusal' | readonly ServiceBehaviour[keyof ServiceBehaviour][] = behaviourQuestions[question];
  return answers === 'refusal' ? 'a refusal' : answers.map((answer) => `\`${JSON.stringify(answer)}\``).join(', ');
}

/** Anchors and notes of SOURCES.md, as seen from the pages. */
const linked = (text: string): string =>
  text
    .replaceAll('[above](#', '[SOURCES.md](../../openapi/SOURCES.md#')
    .replaceAll(/\[(\d)\](?!\()/g, '[note $1](../../openapi/SOURCES.md#open-questions)');
