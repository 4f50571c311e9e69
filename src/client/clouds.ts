import { MisuseError } from '../contract/misuse.ts';

/** Where a cloud is, and where its tokens come from. */
export interface Cloud {
  baseUrl: string;
  /** Of the sign-in, as credentials of `@azure/identity` take it. */
  authority: string;
}

/** Reading a value that no source gives is an error, instead of an `undefined` that would travel on. */
function withoutScope(name: string, baseUrl: string, authority: string): Cloud {
  return Object.defineProperty({ baseUrl, authority }, 'scope', {
    get() {
      throw new MisuseError(`No document gives the token scope of ${name}. Give it as scope.`);
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
  usGovernment: withoutScope('usGovernment', 'https://api.partnercenter.microsoft.com', 'https://login.microsoftonline.us'),
  china: withoutScope('china', 'https://partner.partnercenterapi.microsoftonline.cn', 'https://login.chinacloudapi.cn'),
} as const;
