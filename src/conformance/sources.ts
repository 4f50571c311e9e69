/** Where the rules come from: page, section, date. What each says is told in openapi/SOURCES.md. */
export const sources = {
  getPage: `Microsoft Learn, "Get all of a customer's billing profiles", REST response, 2021-07-15`,
  updateUri: `Microsoft Learn, "Update a customer's billing profile", Request URI, 2021-07-15`,
  updateHeaders: `Microsoft Learn, "Update a customer's billing profile", Request headers, 2021-07-15`,
  updateBody: `Microsoft Learn, "Update a customer's billing profile", Request body and example, 2021-07-15`,
  updateResponse: `Microsoft Learn, "Update a customer's billing profile", REST response, 2021-07-15`,
  profileResource: `Microsoft Learn, "Customer resources", CustomerBillingProfile, 2021-07-15`,
  resourceAttributes: `Microsoft Learn, "Utility resources", ResourceAttributes, 2021-07-15`,
  etagAdvice: `Microsoft Learn, "Test and debug", ETags, 2021-07-15`,
  headersPage: `Microsoft Learn, "Partner Center REST headers", request and response headers, 2021-07-15`,
  errorCodes: `Microsoft Learn, "Partner Center REST error codes", error response and status codes, 2021-07-15`,
  throttling: `Microsoft Learn, "API throttling guidance", response example, 2021-07-15`,
  ifMatch: 'RFC 9110, section 13.1.1, If-Match, 2022-06',
  etag: 'RFC 9110, section 8.8.3, ETag, 2022-06',
  unauthorized: 'RFC 9110, section 15.5.2, 401 Unauthorized, 2022-06',
} as const;
