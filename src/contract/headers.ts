/** The names of the headers that this project sends or reads, as the documents write them. Source: SOURCES.md#headers */
export const headerNames = {
  ifMatch: 'If-Match',
  requestId: 'MS-RequestId',
  correlationId: 'MS-CorrelationId',
  correlationVector: 'MS-CV',
  serverId: 'MS-ServerId',
  contractVersion: 'MS-Contract-Version',
  locale: 'X-Locale',
  application: 'MS-PartnerCenter-Application',
  retryAfter: 'Retry-After',
  wwwAuthenticate: 'WWW-Authenticate',
} as const;
