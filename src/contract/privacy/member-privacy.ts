import { members } from '../generated.ts';

const impersonal = ['attributes', 'country', 'culture', 'etag', 'headers', 'language', 'links', 'method', 'objecttype', 'self', 'uri'];

const names = new Set(
  Object.values(members)
    .flatMap(Object.keys)
    .map((name) => name.toLowerCase()),
);

/** Whether the values of a member say nothing about a person, so that a report or a journal may show them. Letter case aside. */
export const isImpersonal = (member: string): boolean => impersonal.includes(member.toLowerCase());

/** Whether the contract knows a member of this name, letter case aside; another name may be anything, a person's too. */
export const isContractName = (name: string): boolean => names.has(name.toLowerCase());
