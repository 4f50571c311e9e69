// The names of the headers that this project sends or reads, as the documents write them. Source: SOURCES.md#headers
// One by one for the client, so that a bundler takes only those that it names; together for everybody else.
export const ifMatch = 'If-Match';
export const requestId = 'MS-RequestId';
export const correlationId = 'MS-CorrelationId';
export const correlationVector = 'MS-CV';
export const serverId = 'MS-ServerId';
export const contractVersion = 'MS-Contract-Version';
export const locale = 'X-Locale';
export const application = 'MS-PartnerCenter-Application';
export const retryAfter = 'Retry-After';
export const wwwAuthenticate = 'WWW-Authenticate';

export const headerNames = {
  ifMatch,
  requestId,
  correlationId,
  correlationVector,
  serverId,
  contractVersion,
  locale,
  application,
  retryAfter,
  wwwAuthenticate,
} as const;
