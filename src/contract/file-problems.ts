import { behaviour, fingerprint, known, report } from '../../generated/file-validators.ts';
import type { ValidatorError } from '../../generated/validators.ts';

const validators = { behaviour, fingerprint, known, report };

/** The files whose schemas are published; a behaviour is a part of a report and of a fingerprint. */
export type FileKind = keyof typeof validators;

/** One way in which a file does not fit its schema. */
export interface FileProblem {
  /** Where: names and indexes, from the outside in. Of a member that is missing or unknown, those of the member. */
  path: readonly string[];
  kind: 'missing' | 'unknown' | 'value';
  /** What is wrong there, as the end of a sentence. */
  words: string;
}

/** What is wrong with a value that was read from a file; empty when it fits. Problems that only follow from others are left out. */
export function problemsOf(file: FileKind, value: unknown): FileProblem[] {
  const validator = validators[file];
  if (validator(value)) return [];
  const problems = telling(validator.errors ?? []).map(toProblem);
  // A member that is misspelt is unknown, and the one that was meant is missing.
  const misspelt = new Set(problems.filter(({ kind }) => kind === 'unknown').map(({ path }) => parentOf(path)));
  return problems.filter(({ kind, path }) => kind !== 'missing' || !misspelt.has(parentOf(path)));
}

/** The errors that say most: what follows from another one, or from a schema that was not meant, is told when nothing else is wrong. */
function telling(errors: readonly ValidatorError[]): ValidatorError[] {
  // Of several schemas the one that is meant is the one whose constant, such as the kind of a subject, fits.
  const branchOf = ({ schemaPath }: ValidatorError): string | undefined => /.*\/oneOf\/\d+/.exec(schemaPath)?.[0];
  const constants = errors.filter((error) => error.keyword === 'const' && branchOf(error) !== undefined);
  const unmeant = new Set(constants.map(branchOf));
  // `if` and `oneOf` only say that something inside them is wrong, which is an error of its own.
  const own = errors.filter((error) => !['if', 'oneOf'].includes(error.keyword) && !unmeant.has(branchOf(error)));
  const certain = own.filter(({ schemaPath }) => !/\/(allOf|then|else)\//.test(schemaPath));
  if (certain.length > 0) return certain;
  const [constant] = constants;
  if (constant === undefined) return own;
  return [{ ...constant, keyword: 'enum', params: { allowedValues: constants.map(({ params }) => params.allowedValue) } }];
}

const parentOf = (path: readonly string[]): string => JSON.stringify(path.slice(0, -1));

function toProblem({ instancePath, keyword, params }: ValidatorError): FileProblem {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (keyword === 'required') return { path: [...path, String(params.missingProperty)], kind: 'missing', words: 'is missing' };
  if (keyword === 'additionalProperties') {
    return { path: [...path, String(params.additionalProperty)], kind: 'unknown', words: 'is not known here' };
  }
  return { path, kind: 'value', words: wordsOf(keyword, params) };
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'a JSON object',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function wordsOf(keyword: string, params: ValidatorError['params']): string {
  switch (keyword) {
    case 'type':
      return `must be ${typeNames[String(params.type)] ?? String(params.type)}`;
    case 'enum':
      return `must be one of ${(params.allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`;
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}`;
    case 'minimum':
      return `must be ${String(params.limit)} or more`;
    case 'maximum':
      return `must be ${String(params.limit)} or less`;
    case 'minLength':
    case 'minItems':
      return 'must not be empty';
    case 'pattern':
      return `must fit the pattern ${String(params.pattern)}`;
    case 'uniqueItems':
      return 'must not name one thing twice';
    // A schema of `false`, or of `not`: what is there contradicts another member.
    default:
      return 'does not fit what is beside it';
  }
}
