/**
 * The addresses of the service, per cloud.
 *
 * Source: SOURCES.md#servers
 */
export const clouds = {
  global: { baseUrl: 'https://api.partnercenter.microsoft.com' },
  usGovernment: { baseUrl: 'https://api.partnercenter.microsoft.com' },
  china: { baseUrl: 'https://partner.partnercenterapi.microsoftonline.cn' },
} as const;
