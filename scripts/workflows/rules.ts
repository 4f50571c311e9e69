import { parse } from 'yaml';

// Here an expression is a value. Anywhere else, in a shell above all, it becomes text of a program, which its author then writes.
const placesForExpressions =
  /^(?:run-name|name|concurrency(?:\.\w[\w-]*)?|jobs\.[\w-]+\.(?:name|if|outputs\.[\w-]+|env\.\w+|concurrency(?:\.[\w-]+)?|steps\.\d+\.(?:name|if|env\.\w+|with\.[\w-]+|continue-on-error)))$/;

/** What is wrong with a workflow that the linters do not see: one sentence for each place. */
export function problemsOf(workflow: string): string[] {
  const document = parse(workflow) as { permissions?: object; on?: object | string };
  const { permissions } = document;
  return [
    ...(permissions !== null && typeof permissions === 'object' && Object.keys(permissions).length === 0
      ? []
      : ['Write `permissions: {}` at the top, and give each job what it needs.']),
    ...stringsOf(document, '').flatMap(([place, text]) => problemsAt(place, text)),
    ...[...workflow.matchAll(/^\s*(?:- )?uses: (.*)$/gm)]
      .filter(([, uses]) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(uses!))
      .map(
        ([, uses]) =>
          `\`uses: ${uses}\` is not pinned. Write the commit, and the version behind it: \`owner/name@<40 hexadecimal digits> # v1.2.3\`.`,
      ),
    ...(/\bpull_request_target\b|\bworkflow_run\b/.test(JSON.stringify(document.on ?? ''))
      ? ['`pull_request_target` and `workflow_run` give the code of a fork our permissions. Use `pull_request`.']
      : []),
  ];
}

function problemsAt(place: string, text: string): string[] {
  if (!text.includes('${{') || placesForExpressions.test(place)) return [];
  return [`\`${place}\` has an expression in it. Give it to the step by \`env\`, and write "$NAME" in the shell.`];
}

/** Every text of a document with its place, keys included. */
function stringsOf(node: unknown, place: string): [place: string, text: string][] {
  if (typeof node === 'string') return [[place, node]];
  if (node === null || typeof node !== 'object') return [];
  return Object.entries(node).flatMap(([key, child]) => {
    const here = place === '' ? key : `${place}.${key}`;
    return [...stringsOf(child, here), ...(key.includes('${{') ? [[`${here} (key)`, key] as [string, string]] : [])];
  });
}
