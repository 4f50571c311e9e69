// Generated from openapi/billing-profile.yaml by `npm run generate`. Do not edit.

/** Version of this package, from package.json. */
export const packageVersion = "0.1.0";
/** Version of the contract, from its `info.version`. */
export const contractVersion = "1.1.0";
/** SHA-256 of generated/openapi.json, in hexadecimal. */
export const contractSha256 = "d37ebe8eac48dc79f00f554a8e2ca8e890ee2d5723e305e3c74b04a9162c7216";
/** The members of each response schema; for an object, or an array of objects, the name of its schema. */
export const members: Record<string, Record<string, string | null>> = {
  "CustomerBillingProfile": {
    "id": null,
    "firstName": null,
    "lastName": null,
    "email": null,
    "culture": null,
    "language": null,
    "companyName": null,
    "defaultAddress": "Address",
    "links": "ResourceLinks",
    "attributes": "ResourceAttributes"
  },
  "Address": {
    "id": null,
    "country": null,
    "region": null,
    "city": null,
    "state": null,
    "district": null,
    "addressLine1": null,
    "addressLine2": null,
    "addressLine3": null,
    "postalCode": null,
    "firstName": null,
    "middleName": null,
    "lastName": null,
    "emailAddress": null,
    "phoneNumber": null
  },
  "ResourceLinks": {
    "self": "Link",
    "next": "Link",
    "previous": "Link"
  },
  "Link": {
    "uri": null,
    "method": null,
    "headers": "KeyValuePair"
  },
  "KeyValuePair": {
    "key": null,
    "value": null
  },
  "ResourceAttributes": {
    "etag": null,
    "objectType": null
  }
};
