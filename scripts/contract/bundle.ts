import { parse } from 'yaml';
import { textOf } from './model.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The contract as it is published: one JSON document, without aliases and with its examples, of the text that is written by hand. */
export function bundled(yaml: string): string {
  const contract = parse(yaml, { merge: true }) as Json;
  inlineExamples(contract);
  return `${JSON.stringify(contract, null, 2)}\n`;
}

function inlineExamples(node: Json): void {
  if (node === null || typeof node !== 'object') return;
  if (!Array.isArray(node) && typeof node.externalValue === 'string') {
    node.value = JSON.parse(textOf(`openapi/${node.externalValue}`)) as Json;
    delete node.externalValue;
    return;
  }
  for (const child of Object.values(node)) inlineExamples(child);
}
