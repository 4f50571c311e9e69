/** Where a cloud is, and where its tokens come from. */
export interface Cloud {
  baseUrl: string;
  /** Of the sign-in, as credentials of `@azure/identity` take it. */
  authority: string;
}

/** Makes a member whose value no source gives an error instead of an `undefined` that would travel on. */
function withoutScope<T extends Cloud>(name: string, cloud: T): T {
  return Object.defineProperty(cloud, 'scope', {
    get() {
      throw new TypeError(`No document gives the token scope of the cloud ${name}. Take it from your app registration.`);
    },
  });
}

/**
 * The clouds. A value that no source gives is absent, and reading it is a `TypeError`.
 *
 * Source: SOURCES.md#servers
 */
export const clouds = {
  global: {
    baseUrl: 'https://api.partnercenter.microsoft.com',
    authority: 'https://login.microsoftonline.com',
    scope: 'https://api.partnercenter.microsoft.com/.default',
  },
  usGovernment: withoutScope('usGovernment', {
    baseUrl: 'https://api.partnercenter.microsoft.com',
    authority: 'https://login.microsoftonline.us',
  }),
  china: withoutScope('china', {
    baseUrl: 'https://partner.partnercenterapi.microsoftonline.cn',
    authority: 'https://login.chinacloudapi.cn',
  }),
} as const;
