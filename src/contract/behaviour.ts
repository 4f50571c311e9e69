/** How a request is refused: the status and, in the error body, the code. */
export interface Refusal {
  status: number;
  code?: number;
}

/**
 * What the documents leave open about the service, as questions with named answers.
 *
 * The mock takes it as its options, the conformance suite observes it. A question without an answer is absent, never guessed.
 * Source: SOURCES.md#open-questions
 */
export interface ServiceBehaviour {
  /** Where the ETag of a PUT counts. */
  precondition: 'header' | 'header-or-body' | 'optional';
  /** What counts when If-Match and the body carry different ETags. */
  disagreement: 'header-wins' | 'body-wins' | 'refused';
  /** How a stale ETag is refused. */
  stale: Refusal;
  /** How a PUT without any ETag is refused. */
  missingPrecondition: Refusal;
  /** `If-Match: *`. */
  wildcard: 'accepted' | 'refused';
  /** `If-Match: W/"…"` around the current ETag. */
  weakTag: 'accepted' | 'refused';
  /** The current ETag in If-Match without its quotes. */
  bareTag: 'accepted' | 'refused';
  /** Several ETags in If-Match, the current one among them. */
  tagList: 'accepted' | 'refused';
  /** An optional member that the stored profile has and the PUT leaves out. */
  omittedMember: 'cleared' | 'kept' | 'refused';
  /** An optional member that the PUT sends as null. */
  nullMember: 'cleared' | 'kept' | 'refused';
  /** A member that the contract does not know. */
  unknownMember: 'kept' | 'dropped';
  /** Another `id` or `objectType` than the stored one. */
  identityChange: 'ignored' | 'refused' | 'stored';
  /** A PUT with the MS-RequestId of an earlier one that succeeded. */
  requestIdReplay: 'executed' | 'answered-again';
  /** Whether success bodies begin with a UTF-8 byte order mark. */
  byteOrderMark: boolean;
  /** The JSON type of `code` in error bodies. */
  errorCode: 'integer' | 'string';
  /** What stands before `/customers/…` in `links.self.uri`. */
  linkPrefix: '' | '/v1';
  /** Whether a PUT is checked against the documented rules for addresses. */
  addressChecks: 'none' | 'documented';
}

const accepted = ['accepted', 'refused'] as const;

/** Every question with its possible answers; `refusal` stands for a {@link Refusal}. */
export const behaviourQuestions = {
  precondition: ['header', 'header-or-body', 'optional'],
  disagreement: ['header-wins', 'body-wins', 'refused'],
  stale: 'refusal',
  missingPrecondition: 'refusal',
  wildcard: accepted,
  weakTag: accepted,
  bareTag: accepted,
  tagList: accepted,
  omittedMember: ['cleared', 'kept', 'refused'],
  nullMember: ['cleared', 'kept', 'refused'],
  unknownMember: ['kept', 'dropped'],
  identityChange: ['ignored', 'refused', 'stored'],
  requestIdReplay: ['executed', 'answered-again'],
  byteOrderMark: [true, false],
  errorCode: ['integer', 'string'],
  linkPrefix: ['', '/v1'],
  addressChecks: ['none', 'documented'],
} as const satisfies {
  [Question in keyof ServiceBehaviour]: ServiceBehaviour[Question] extends Refusal ? 'refusal' : readonly ServiceBehaviour[Question][];
};

/**
 * The two presets. `observed` is what recordings and the official clients let one expect; `documented` follows the letter of the
 * documents, and HTTP where they are silent.
 */
export const behaviourPresets = {
  observed: {
    precondition: 'header-or-body',
    disagreement: 'header-wins',
    stale: { status: 400, code: 2055 },
    missingPrecondition: { status: 400, code: 2055 },
    wildcard: 'accepted',
    weakTag: 'refused',
    bareTag: 'accepted',
    tagList: 'accepted',
    omittedMember: 'cleared',
    nullMember: 'cleared',
    unknownMember: 'dropped',
    identityChange: 'ignored',
    requestIdReplay: 'executed',
    byteOrderMark: true,
    errorCode: 'integer',
    linkPrefix: '',
    addressChecks: 'none',
  },
  documented: {
    precondition: 'header',
    disagreement: 'header-wins',
    stale: { status: 412 },
    missingPrecondition: { status: 428 },
    wildcard: 'accepted',
    weakTag: 'refused',
    bareTag: 'refused',
    tagList: 'accepted',
    omittedMember: 'cleared',
    nullMember: 'cleared',
    unknownMember: 'dropped',
    identityChange: 'ignored',
    requestIdReplay: 'answered-again',
    byteOrderMark: false,
    errorCode: 'string',
    linkPrefix: '/v1',
    addressChecks: 'documented',
  },
} as const satisfies Record<string, ServiceBehaviour>;

/** The name of a preset. */
export type BehaviourPreset = keyof typeof behaviourPresets;

/** Each question as the first column of a table, and each answer in words. An answer without an entry is its own word. */
const words: Record<keyof ServiceBehaviour, readonly [question: string, answers?: Readonly<Record<string, string>>]> = {
  precondition: ['ETag needed', { header: 'in If-Match', 'header-or-body': 'in If-Match or the body', optional: 'no' }],
  disagreement: ['two different ETags', { 'header-wins': 'If-Match counts', 'body-wins': 'the body counts' }],
  stale: ['stale ETag'],
  missingPrecondition: ['no ETag'],
  wildcard: ['If-Match *'],
  weakTag: ['weak ETag'],
  bareTag: ['ETag without quotes'],
  tagList: ['list of ETags'],
  omittedMember: ['member left out'],
  nullMember: ['member sent as null'],
  unknownMember: ['unknown member'],
  identityChange: ['other id or object type'],
  requestIdReplay: ['MS-RequestId used twice', { executed: 'both PUTs stored', 'answered-again': 'one PUT stored' }],
  byteOrderMark: ['byte order mark', { true: 'yes', false: 'no' }],
  errorCode: ['type of an error code'],
  linkPrefix: ['prefix of the self link', { '': 'none' }],
  addressChecks: ['rules for addresses', { none: 'not checked', documented: 'checked' }],
};

/** A question and its answer as people read them, such as `stale ETag` and `400, code 2055`. */
export function behaviourWords<Question extends keyof ServiceBehaviour>(
  question: Question,
  answer: ServiceBehaviour[Question],
): [question: string, answer: string] {
  const [name, answers = {}] = words[question];
  if (typeof answer === 'object')
    return [name, answer.code === undefined ? String(answer.status) : `${answer.status}, code ${answer.code}`];
  return [name, answers[String(answer)] ?? String(answer)];
}
