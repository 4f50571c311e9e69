import { type BehaviourPreset, behaviourPresets, createMockService } from '../../src/mock/index.ts';
import { serve } from '../../src/mock/node.ts';
import { type RawAnswer, RawConnection } from './raw-connection.ts';

/**
 * A published client's read and write as they were recorded on 2026-11-22 against a loopback server, header order and letter case kept.
 * Source: SOURCES.md, key RUN. Only the ETag, which a client takes from its read, and with it the Content-Length, are those of the mock.
 */
export interface RealClient {
  name: string;
  get: string;
  put: { head: string; body: string; encoding?: 'latin1' };
  /** How the ETag travels in the write. */
  ifMatch: 'quoted' | 'bare' | 'none';
  etagInBody: boolean;
  /** What else is special about it. */
  notes: string;
}

const recordedCustomerId = '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04';
const recordedEtag = '-1733280379757564918';
const token = 'FAKETOKEN';
const path = `/v1/customers/${recordedCustomerId}/profiles/billing`;
const link = `/customers/${recordedCustomerId}/profiles/billing`;

const dotnetHead = (version: string): string => `Authorization: Bearer ${token}
Accept: application/json
MS-RequestId: f54fc527-f57b-40ad-9c09-332656220594
MS-CorrelationId: 12fdce4c-c9ee-443b-bbfe-86c81d2616a8
X-Locale: en-US
MS-PartnerCenter-Client: Partner Center .NET SDK
MS-SdkVersion: ${version}`;

const dotnet = (name: string, version: string, expect: string, notes: string): RealClient => ({
  name,
  get: `${dotnetHead(version)}\nHost: 127.0.0.1:18080`,
  put: {
    head: `${dotnetHead(version)}${expect}\nContent-Type: application/json\nContent-Length: 666\nHost: 127.0.0.1:18080`,
    body: `{"Id":"b6a6bd24-6d36-4db0-8f0c-1d1e5bbbb001","FirstName":"Net639309370819751010","LastName":"LastName","Email":"net639309370819751010@contoso.com","Culture":"EN-US","Language":"En","CompanyName":"CompanyName","DefaultAddress":{"Country":"US","Region":"WA","City":"Redmond","State":"WA","AddressLine1":"639309370819751010 Main St","AddressLine2":null,"PostalCode":"98052","FirstName":"FirstName","MiddleName":null,"LastName":"LastName","PhoneNumber":"4255550100"},"Links":{"Self":{"Uri":"${link}","Method":"GET","Headers":[]}},"Attributes":{"Etag":"${recordedEtag}","ObjectType":"CustomerBillingProfile"}}`,
  },
  ifMatch: 'none',
  etagInBody: true,
  notes,
});

const spring = (form: 'quoted' | 'bare'): RealClient => ({
  name: `spring-social-partnercenter, If-Match ${form}`,
  get: `Accept: application/json, application/*+json
MS-RequestId: a393fdca-5ee2-45ed-abec-c9c607d3d354
MS-CorrelationId: 775448f9-78bd-4004-abc5-f37bbceca63e
Authorization: Bearer ${token}
api-version: v1
Host: 127.0.0.1:18080
Connection: Keep-Alive
User-Agent: Apache-HttpClient/4.5.14 (Java/17.0.15)
Accept-Encoding: gzip,deflate`,
  put: {
    head: `Accept: application/json, application/*+json
MS-RequestId: 4ba0954e-5977-497d-826f-81dc5fb96106
MS-CorrelationId: 62e62c37-b5bc-46fd-8e35-eecf827c45fa
If-Match: ${form === 'quoted' ? `"${recordedEtag}"` : recordedEtag}
Content-Type: application/json;charset=UTF-8
Authorization: Bearer ${token}
api-version: v1
Content-Length: 493
Host: 127.0.0.1:18080
Connection: Keep-Alive
User-Agent: Apache-HttpClient/4.5.14 (Java/17.0.15)
Accept-Encoding: gzip,deflate`,
    body: `{"id":"b6a6bd24-6d36-4db0-8f0c-1d1e5bbbb001","firstName":"Spr3204570735038","lastName":"LastName","email":"spr3204570735038@contoso.com","culture":"EN-US","language":"En","companyName":"CompanyName","defaultAddress":{"country":"US","region":"WA","city":"Redmond","state":"WA","addressLine1":"3204570735038 Main St","postalCode":"98052","firstName":"FirstName","lastName":"LastName","phoneNumber":"4255550100"},"attributes":{"etag":"${recordedEtag}","objectType":"CustomerBillingProfile"}}`,
  },
  ifMatch: form,
  etagInBody: true,
  notes: 'camelCase, no links, `charset=UTF-8`',
});

const pythonHead = `Host: 127.0.0.1:18080
User-Agent: python/3.11.2 (Linux) msrest/0.6.21 msrest_azure/0.6.4 partnercenterservices/0.1.2 Azure-SDK-For-Python
Accept-Encoding: gzip, deflate
Accept: application/json
Connection: keep-alive
Authorization: Bearer ${token}
Content-Type: application/json; charset=utf-8
x-ms-client-request-id: 6b5ba8ae-e658-11f1-98eb-02fc00000001
MS-CorrelationId: f6ebc88e-66a1-4cc4-ac6c-78ef769e04e3
MS-RequestId: 32eb3a69-a7b7-424a-96c9-72f855901723
accept-language: en-US`;

export const realClients: readonly RealClient[] = [
  dotnet('Microsoft .NET SDK 3.1.2', '3.1.2.0', '', 'PascalCase, nulls written'),
  dotnet(
    'Microsoft .NET SDK 3.1.2, expecting 100',
    '3.1.2.0',
    '\nExpect: 100-continue',
    '`Expect: 100-continue`, as .NET Framework sends it',
  ),
  dotnet('Microsoft .NET SDK 3.4.0', '3.4.0.0', '', 'PascalCase, nulls written'),
  {
    name: 'PartnerCenter.DotNet 1.15.6 (PowerShell module 3.x)',
    get: `Accept: application/json
MS-PartnerCenter-Client: Partner Center Open .NET SDK
MS-CorrelationId: 324dfe98-3100-449d-add5-31d980f30efd
X-Locale: en-US
MS-RequestId: dd4f05bc-715f-4c1f-9ed7-bee5ecd5fff9
MS-SdkVersion: 0.0.0.0
Authorization: Bearer ${token}
User-Agent: FxVersion/4.6.57.0 Microsoft.Store.PartnerCenter.Network.PartnerServiceClient/0.0.0.0
Host: 127.0.0.1:18080`,
    put: {
      head: `Accept: application/json
MS-PartnerCenter-Client: Partner Center Open .NET SDK
MS-CorrelationId: 324dfe98-3100-449d-add5-31d980f30efd
X-Locale: en-US
MS-RequestId: e48823c5-1baa-455d-beef-48de5b439a66
MS-SdkVersion: 0.0.0.0
Authorization: Bearer ${token}
User-Agent: FxVersion/4.6.57.0 Microsoft.Store.PartnerCenter.Network.PartnerServiceClient/0.0.0.0
Content-Type: application/json
Content-Length: 629
Host: 127.0.0.1:18080`,
      body: `{"CompanyName":"CompanyName","Culture":"EN-US","DefaultAddress":{"AddressLine1":"639309370831740550 Main St","City":"Redmond","Country":"US","FirstName":"FirstName","LastName":"LastName","PhoneNumber":"4255550100","PostalCode":"98052","Region":"WA","State":"WA"},"Email":"net639309370831740550@contoso.com","FirstName":"NetC639309370831740550","Id":"b6a6bd24-6d36-4db0-8f0c-1d1e5bbbb001","Language":"En","LastName":"LastName","Links":{"Self":{"Headers":[],"Method":"GET","Uri":"${link}"}},"Attributes":{"Etag":"${recordedEtag}","ObjectType":"CustomerBillingProfile"}}`,
    },
    ifMatch: 'none',
    etagInBody: true,
    notes: 'PascalCase, sorted, nulls left out',
  },
  {
    name: 'Microsoft Java SDK 1.15.4',
    get: `Authorization: Bearer ${token}
MS-CorrelationId: 74adda52-7624-42bf-b6e3-4bb152cceef4
MS-PartnerCenter-Client: Partner Center Java SDK
Accept: application/json
X-Locale: en-US
MS-Contract-Version: v1
MS-SdkVersion: 1.15.4
MS-RequestId: 80fa2c29-7f28-4a52-a772-c6c5e608b0a8
x-ms-client-request-id: 53b8dfdc-cc51-415e-9c27-82775ab73637
User-Agent: AutoRest-Java
Host: 127.0.0.1:18080
Connection: Keep-Alive
Accept-Encoding: gzip`,
    put: {
      head: `Authorization: Bearer ${token}
MS-CorrelationId: 74adda52-7624-42bf-b6e3-4bb152cceef4
MS-PartnerCenter-Client: Partner Center Java SDK
Accept: application/json
X-Locale: en-US
MS-Contract-Version: v1
MS-SdkVersion: 1.15.4
MS-RequestId: f7c48499-8204-4004-b664-a14e180a5466
x-ms-client-request-id: c83a4ef6-49c4-456f-a273-e43e1b283b6a
User-Agent: AutoRest-Java
Content-Type: application/json; charset=utf-8
Content-Length: 615
Host: 127.0.0.1:18080
Connection: Keep-Alive
Accept-Encoding: gzip`,
      body: `{"attributes":{"etag":"${recordedEtag}","objectType":"CustomerBillingProfile"},"links":{"self":{"uri":"${link}","method":"GET","headers":[]}},"id":"b6a6bd24-6d36-4db0-8f0c-1d1e5bbbb001","language":"En","lastName":"LastName","culture":"EN-US","companyName":"CompanyName","defaultAddress":{"country":"US","region":"WA","city":"Redmond","state":"WA","addressLine1":"3203049779236 Main St","postalCode":"98052","firstName":"FirstName","lastName":"LastName","phoneNumber":"4255550100"},"firstName":"Java3203049779236","email":"java3203049779236@contoso.com"}`,
    },
    ifMatch: 'none',
    etagInBody: true,
    notes: 'camelCase, nulls left out',
  },
  {
    name: 'Microsoft Java SDK 1.8.0',
    get: `MS-Contract-Version: v1
MS-RequestId: bcb52e34-717b-4730-ac73-43825ade658b
MS-CorrelationId: c051afec-99e2-462a-ae58-5a66ee577060
X-Locale: en-US
MS-PartnerCenter-Application:${' '}
MS-PartnerCenter-Client: Partner Center Java SDK
Authorization: Bearer ${token}
Accept: application/json
Host: 127.0.0.1:18080
Connection: Keep-Alive
User-Agent: Apache-HttpClient/4.5.14 (Java/17.0.15)`,
    put: {
      head: `MS-Contract-Version: v1
MS-RequestId: e1360cf7-ae10-4acb-9eca-a82267cf501d
MS-CorrelationId: c051afec-99e2-462a-ae58-5a66ee577060
X-Locale: en-US
MS-PartnerCenter-Application:${' '}
MS-PartnerCenter-Client: Partner Center Java SDK
Authorization: Bearer ${token}
Accept: application/json
Content-Type: application/json
Content-Length: 740
Host: 127.0.0.1:18080
Connection: Keep-Alive
User-Agent: Apache-HttpClient/4.5.14 (Java/17.0.15)`,
      // The recording has ASCII only; that an ë goes out as the byte EB was seen apart from it.
      body: `{"attributes":{"objectType":"CustomerBillingProfile","etag":"${recordedEtag}"},"__Links":{"self":{"method":"GET","uri":"${link}","headers":[]}},"id":"b6a6bd24-6d36-4db0-8f0c-1d1e5bbbb001","language":"En","lastName":"LastName","culture":"EN-US","companyName":"CompanyName","defaultAddress":{"state":"WA","country":"US","region":"WA","lastName":"LastName","firstName":"Zoë","city":"Redmond","addressLine1":"3203797310263 Main St","postalCode":"98052","phoneNumber":"4255550100"},"firstName":"JavaOld3203797310263","email":"java3203797310263@contoso.com","links":{"self":{"method":"GET","uri":"${link}","headers":[]}}}`,
      encoding: 'latin1',
    },
    ifMatch: 'none',
    etagInBody: true,
    notes: 'camelCase in ISO-8859-1, a member `__Links`, an empty header',
  },
  spring('quoted'),
  spring('bare'),
  {
    name: 'AutoRest client for Python',
    get: pythonHead,
    put: {
      head: `${pythonHead}\nContent-Length: 481`,
      body: `{"id": "b6a6bd24-6d36-4db0-8f0c-1d1e5bbbb001", "firstName": "Py1795340285791243416", "lastName": "LastName", "email": "py1795340285791243416@contoso.com", "culture": "EN-US", "language": "En", "companyName": "CompanyName", "defaultAddress": {"country": "US", "region": "WA", "city": "Redmond", "state": "WA", "addressLine1": "1795340285791243416 Main St", "postalCode": "98052", "firstName": "FirstName", "lastName": "LastName", "phoneNumber": "4255550100"}, "links": {"self": {}}}`,
    },
    ifMatch: 'none',
    etagInBody: false,
    notes: 'camelCase, no `attributes`, so no ETag',
  },
  {
    name: '@pliancy/microsoft-partnercenter',
    get: `Accept: application/json, text/plain, */*
authorization: Bearer ${token}
User-Agent: axios/1.18.1
Accept-Encoding: gzip, compress, deflate, br
Host: 127.0.0.1:18080
Connection: keep-alive`,
    put: {
      head: `Accept: application/json, text/plain, */*
Content-Type: application/json
If-Match: "${recordedEtag}"
authorization: Bearer ${token}
User-Agent: axios/1.18.1
Content-Length: 615
Accept-Encoding: gzip, compress, deflate, br
Host: 127.0.0.1:18080
Connection: keep-alive`,
      body: `{"id":"b6a6bd24-6d36-4db0-8f0c-1d1e5bbbb001","firstName":"Node3205329855966","lastName":"LastName","email":"node3205329855966@contoso.com","culture":"EN-US","language":"En","companyName":"CompanyName","defaultAddress":{"country":"US","region":"WA","city":"Redmond","state":"WA","addressLine1":"3205329855966 Main St","postalCode":"98052","firstName":"FirstName","lastName":"LastName","phoneNumber":"4255550100"},"links":{"self":{"uri":"${link}","method":"GET","headers":[]}},"attributes":{"etag":"${recordedEtag}","objectType":"CustomerBillingProfile"}}`,
    },
    ifMatch: 'quoted',
    etagInBody: true,
    notes: 'camelCase, no ids',
  },
];

export const behaviours = {
  observed: behaviourPresets.observed,
  optional: { ...behaviourPresets.observed, precondition: 'optional' },
  documented: behaviourPresets.documented,
} as const;

/** What a client saw, and what it came to. */
export interface Seen {
  get: RawAnswer;
  put: RawAnswer;
  /** Whether the server asked for the body of a client that waited for that. */
  continued: boolean;
  profileBefore: Record<string, unknown>;
  profileAfter: Record<string, unknown>;
}

/** Lets a client read and write on one connection to a mock of its own. */
export async function play({ get, put }: RealClient, behaviour: BehaviourPreset | 'optional'): Promise<Seen> {
  const mock = createMockService({ behaviour: behaviours[behaviour], token });
  const profile = () => mock.customers.get(recordedCustomerId)! as unknown as Record<string, unknown>;
  const { url, close } = await serve(mock, { port: 0 });
  const connection = new RawConnection(url);
  try {
    const profileBefore = profile();
    connection.send(toHead('GET', get));
    const read = (await connection.read())!;
    const { etag } = JSON.parse(read.body.toString().replace(/^\uFEFF/, '')).attributes as { etag: string };
    const body = Buffer.from(put.body.replace(recordedEtag, etag), put.encoding ?? 'utf8');
    connection.send(toHead('PUT', put.head.replace(recordedEtag, etag).replace(/^Content-Length: .*$/m, `Content-Length: ${body.length}`)));
    const waits = put.head.includes('100-continue');
    const continued = waits && (await connection.read())?.status === 100;
    connection.send(body);
    return { get: read, put: (await connection.read())!, continued, profileBefore, profileAfter: profile() };
  } finally {
    connection.close();
    await close();
  }
}

const toHead = (method: string, lines: string): string => `${method} ${path} HTTP/1.1\r\n${lines.replaceAll('\n', '\r\n')}\r\n\r\n`;
