export { validateProfile, validateUpdate } from './contract/validate.ts';
export type { Problem, Validation } from './contract/validate.ts';
