import { behaviour, known, report } from '../../generated/file-validators.ts';
import type { ValidatorError } from '../../generated/validators.ts';

const validators = { behaviour, known, report };

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
  // `if` only says that what it makes necessary is wrong, which is an error of its own, and may follow from any other.
  const errors = (validator.errors ?? []).filter(({ keyword }) => keyword !== 'if');
  const certain = errors.filter(({ schemaPath }) => !/\/(then|else)\//.test(schemaPath));
  const problems = (certain.length > 0 ? certain : errors).map(toProblem);
  // A member that is misspelt is unknown, and the one that was meant is missing.
  const misspelt = new Set(problems.filter(({ kind }) => kind === 'unknown').map(({ path }) => path.slice(0, -1).join('/')));
  return problems.filter(({ kind, path }) => kind !== 'missing' || !misspelt.has(path.slice(0, -1).join('/')));
}

function toProblem({ instancePath, keyword, message, params }: ValidatorError): FileProblem {
  const unescaped = (name: string): string => name.replaceAll('~1', '/').replaceAll('~0', '~');
  const path = instancePath.split('/').slice(1).map(unescaped);
  switch (keyword) {
    case 'required':
      return { path: [...path, String(params.missingProperty)], kind: 'missing', words: 'is missing' };
    case 'additionalProperties':
      return { path: [...path, String(params.additionalProperty)], kind: 'unknown', words: 'is not known here' };
    case 'enum': {
      const allowed = (params.allowedValues as unknown[]).map((value) => JSON.stringify(value));
      return { path, kind: 'value', words: `must be one of ${allowed.join(', ')}` };
    }
    default:
      return { path, kind: 'value', words: message ?? keyword };
  }
}
