// Generated from openapi/billing-profile.yaml by `npm run generate`. Do not edit.
export interface paths {
    "/v1/customers/{customer-tenant-id}/profiles/billing": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description GUID of this call. **Documented**: repeat it when a call that timed out is sent again, take a new one after any answer;
                 *     the server makes one when it is missing.
                 */
                "MS-RequestId"?: components["parameters"]["MsRequestId"];
                /** @description GUID that ties a call to the service's logs, new for every call (**documented**); made by the server when missing. */
                "MS-CorrelationId"?: components["parameters"]["MsCorrelationId"];
                /**
                 * @description Version of the API, `v1`. **Documented** as required, yet absent from nearly every example and from most official
                 *     clients, hence optional here (**inferred**).
                 * @example v1
                 */
                "MS-Contract-Version"?: components["parameters"]["MsContractVersion"];
                /**
                 * @description Language in which rates are answered; `en-US` when missing (**documented**). It has no known effect here.
                 * @example en-US
                 */
                "X-Locale"?: components["parameters"]["XLocale"];
                /** @description Name of the calling application (**documented**, optional). */
                "MS-PartnerCenter-Application"?: components["parameters"]["MsPartnerCenterApplication"];
            };
            path: {
                /**
                 * @description The customer's tenant id, a GUID (**documented**). It is not the profile's `id`. The example is the mock's first customer.
                 * @example 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04
                 */
                "customer-tenant-id": components["parameters"]["CustomerTenantId"];
            };
            cookie?: never;
        };
        /**
         * Read a customer's billing profile
         * @description **Documented**: answers one profile. The page speaks of a collection once; its example and every client say one object.
         */
        get: operations["getCustomerBillingProfile"];
        /**
         * Replace a customer's billing profile
         * @description **Documented**: the body is the full resource, and If-Match is required for concurrency detection. The page's own
         *     request example carries no If-Match line; the ETag stands in its body, as in every official client.
         *     **Inferred**: a member that is left out or null is cleared.
         */
        put: operations["updateCustomerBillingProfile"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Whom and where a customer's invoices go to, as the service answers it. No member is null. */
        CustomerBillingProfile: {
            /** @description Identifier of the profile; a GUID in every example; not the customer's tenant id. */
            id: string;
            /** @description First name of the billing contact. Absent when it was never set. */
            firstName?: string;
            /** @description Last name of the billing contact. Absent when it was never set. */
            lastName?: string;
            /** @description E-mail address of the billing contact. */
            email: string;
            /** @description Preferred culture for communication and currency, such as `en-US`. */
            culture: string;
            /** @description Preferred language for communication, such as `en`. */
            language: string;
            /** @description Name of the company that the partner bills. */
            companyName: string;
            defaultAddress: components["schemas"]["Address"];
            links?: components["schemas"]["ResourceLinks"];
            attributes: components["schemas"]["ResourceAttributes"];
        };
        /** @description Where the bills go. Documented lengths are (minimum, maximum); they are not enforced here. */
        Address: {
            /** @description Known to the swagger only. */
            id?: string;
            /** @description ISO 3166-1 alpha-2 code, length (2, 2). */
            country: string;
            /** @description Region. */
            region?: string;
            /** @description City. */
            city?: string;
            /** @description State, documented length (0, 2); longer names are real outside the US, CA, CN and MX. */
            state?: string;
            /** @description Known to the swagger only. */
            district?: string;
            /** @description First line, length (1, 200). */
            addressLine1?: string;
            /** @description Second line, length (0, 200). */
            addressLine2?: string;
            /** @description Known to the swagger only. */
            addressLine3?: string;
            /** @description ZIP or postal code. */
            postalCode?: string;
            /** @description First name of the contact at the address, length (1, 50). */
            firstName?: string;
            /** @description Middle name of the contact at the address, length (1, 50). */
            middleName?: string;
            /** @description Last name of the contact at the address, length (1, 50). */
            lastName?: string;
            /** @description Known to the swagger only. */
            emailAddress?: string;
            /** @description Phone number; mandatory in some countries. May be the empty string. */
            phoneNumber?: string;
        };
        /** @description Links of the resource. */
        ResourceLinks: {
            self?: components["schemas"]["Link"];
            next?: components["schemas"]["Link"];
            previous?: components["schemas"]["Link"];
        };
        /** @description A link. The documents show `uri` with and without a leading `/v1`; do not follow it blindly. */
        Link: {
            /** @description Path of the linked resource. */
            uri?: string;
            /** @description HTTP method, such as `GET`. */
            method?: string;
            /** @description Headers to send; empty in every example. */
            headers?: components["schemas"]["KeyValuePair"][];
        };
        /** @description A header of a link. */
        KeyValuePair: {
            key?: string;
            value?: string;
        };
        /** @description Metadata of the resource. */
        ResourceAttributes: {
            /** @description Version of the resource; opaque. Send it as If-Match with the next update. */
            etag: string;
            /** @description `CustomerBillingProfile`. */
            objectType: string;
        };
        /** @description The full resource as a PUT carries it. A member that may be left out may also be null. **Inferred**: camelCase names are taken too. */
        CustomerBillingProfileUpdate: {
            Id?: string | null;
            FirstName?: string | null;
            LastName?: string | null;
            Email: string;
            Culture: string;
            Language: string;
            CompanyName: string;
            DefaultAddress: components["schemas"]["AddressUpdate"];
            Links?: components["schemas"]["ResourceLinksUpdate"] | null;
            Attributes?: components["schemas"]["ResourceAttributesUpdate"] | null;
        };
        /** @description `Address` as a PUT carries it. */
        AddressUpdate: {
            /** @description Known to the swagger only. */
            Id?: string | null;
            Country?: string | null;
            Region?: string | null;
            City?: string | null;
            State?: string | null;
            /** @description Known to the swagger only. */
            District?: string | null;
            AddressLine1?: string | null;
            AddressLine2?: string | null;
            /** @description Known to the swagger only. */
            AddressLine3?: string | null;
            PostalCode?: string | null;
            FirstName?: string | null;
            MiddleName?: string | null;
            LastName?: string | null;
            /** @description Known to the swagger only. */
            EmailAddress?: string | null;
            PhoneNumber?: string | null;
        };
        /** @description `ResourceLinks` as a PUT carries it. */
        ResourceLinksUpdate: {
            Self?: components["schemas"]["LinkUpdate"] | null;
            Next?: components["schemas"]["LinkUpdate"] | null;
            Previous?: components["schemas"]["LinkUpdate"] | null;
        };
        /** @description `Link` as a PUT carries it. */
        LinkUpdate: {
            Uri?: string | null;
            Method?: string | null;
            Headers?: components["schemas"]["KeyValuePairUpdate"][] | null;
        };
        /** @description `KeyValuePair` as a PUT carries it. */
        KeyValuePairUpdate: {
            Key?: string | null;
            Value?: string | null;
        };
        /** @description `ResourceAttributes` as a PUT carries it. */
        ResourceAttributesUpdate: {
            Etag?: string | null;
            ObjectType?: string | null;
        };
        /** @description A refusal by the API. */
        ErrorResponse: {
            /**
             * @description What went wrong. Documented as a string, an integer in nearly every example. The set is open: codes outside the
             *     documented table occur.
             */
            code: number | string;
            /** @description What went wrong in words, up to 1,024 characters. */
            description: string;
            /** @description Details; often empty. */
            data?: string[];
            /** @description The part of the service that refused, such as `PartnerFD`. */
            source?: string;
        };
        /**
         * @description The body of the gateway's 429. Both members are required here although the documents do not say so: without that, every
         *     JSON object would pass as one.
         */
        ThrottlingResponse: {
            statusCode: number;
            message: string;
        };
    };
    responses: {
        /**
         * @description **Documented**: something in the request is wrong; `code` says what. **Inferred**: 2055 ("Etag is no longer valid") is
         *     one way in which a stale ETag is refused, 2000 is a customer id that is not a GUID, 800002 is malformed JSON, 3000 and
         *     27002 are a member with a wrong value.
         */
        BadRequest: {
            headers: {
                "MS-RequestId": components["headers"]["MsRequestId"];
                "MS-CorrelationId": components["headers"]["MsCorrelationId"];
                "MS-CV": components["headers"]["MsCv"];
                "MS-ServerId": components["headers"]["MsServerId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description **Documented** as a status. **Inferred**: the token is missing, wrong or expired; the gateway in front of the API may
         *     answer, in the shape of its throttling body.
         */
        Unauthorized: {
            headers: {
                "MS-RequestId": components["headers"]["MsRequestId"];
                "MS-CorrelationId": components["headers"]["MsCorrelationId"];
                "MS-CV": components["headers"]["MsCv"];
                "MS-ServerId": components["headers"]["MsServerId"];
                "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"] | components["schemas"]["ThrottlingResponse"];
            };
        };
        /** @description **Documented**: the caller may not do this, or (20002) the partner has no relationship with the customer. */
        Forbidden: {
            headers: {
                "MS-RequestId": components["headers"]["MsRequestId"];
                "MS-CorrelationId": components["headers"]["MsCorrelationId"];
                "MS-CV": components["headers"]["MsCv"];
                "MS-ServerId": components["headers"]["MsServerId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description **Documented** as a status. **Inferred**: the customer is unknown to this partner; for a path that does not exist the
         *     gateway answers in the shape of its throttling body.
         */
        NotFound: {
            headers: {
                "MS-RequestId": components["headers"]["MsRequestId"];
                "MS-CorrelationId": components["headers"]["MsCorrelationId"];
                "MS-CV": components["headers"]["MsCv"];
                "MS-ServerId": components["headers"]["MsServerId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"] | components["schemas"]["ThrottlingResponse"];
            };
        };
        /** @description **Documented** as a status. Only GET and PUT are described; **RFC 9110**, section 9.1: HEAD goes with GET. */
        MethodNotAllowed: {
            headers: {
                "MS-RequestId": components["headers"]["MsRequestId"];
                "MS-CorrelationId": components["headers"]["MsCorrelationId"];
                "MS-CV": components["headers"]["MsCv"];
                "MS-ServerId": components["headers"]["MsServerId"];
                Allow: components["headers"]["Allow"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description **Documented** as a status. **Inferred**: rare, because the service falls back to JSON. */
        NotAcceptable: {
            headers: {
                "MS-RequestId": components["headers"]["MsRequestId"];
                "MS-CorrelationId": components["headers"]["MsCorrelationId"];
                "MS-CV": components["headers"]["MsCv"];
                "MS-ServerId": components["headers"]["MsServerId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description **RFC 9110**, section 13.1.1: the ETag of If-Match is not the current one; nothing was changed. **Documented** only as a
         *     status; the code is **inferred**, and the service may say 400 with code 2055 instead.
         */
        PreconditionFailed: {
            headers: {
                "MS-RequestId": components["headers"]["MsRequestId"];
                "MS-CorrelationId": components["headers"]["MsCorrelationId"];
                "MS-CV": components["headers"]["MsCv"];
                "MS-ServerId": components["headers"]["MsServerId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description **RFC 9110**, section 15.5.14: the body is too large. The limit is not documented. */
        ContentTooLarge: {
            headers: {
                "MS-RequestId": components["headers"]["MsRequestId"];
                "MS-CorrelationId": components["headers"]["MsCorrelationId"];
                "MS-CV": components["headers"]["MsCv"];
                "MS-ServerId": components["headers"]["MsServerId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description **RFC 9110**, section 15.5.16: the Content-Type is not one that the service reads. **Documented** as readable by the
         *     swagger: JSON, XML and form data.
         */
        UnsupportedMediaType: {
            headers: {
                "MS-RequestId": components["headers"]["MsRequestId"];
                "MS-CorrelationId": components["headers"]["MsCorrelationId"];
                "MS-CV": components["headers"]["MsCv"];
                "MS-ServerId": components["headers"]["MsServerId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description **RFC 6585**, section 3: the request carries no precondition. Not documented for this service; **inferred** from "If-Match
         *     is required".
         */
        PreconditionRequired: {
            headers: {
                "MS-RequestId": components["headers"]["MsRequestId"];
                "MS-CorrelationId": components["headers"]["MsCorrelationId"];
                "MS-CV": components["headers"]["MsCv"];
                "MS-ServerId": components["headers"]["MsServerId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description **Documented**: the rate limit is exceeded; wait as long as Retry-After says. The example repeats no ids and has a body
         *     of its own shape. **Inferred**: that is the gateway's, and the API itself may answer 429 with an error response.
         */
        TooManyRequests: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ThrottlingResponse"] | components["schemas"]["ErrorResponse"];
            };
        };
        /** @description **Documented**: unexpected service error (800003). */
        InternalServerError: {
            headers: {
                "MS-RequestId": components["headers"]["MsRequestId"];
                "MS-CorrelationId": components["headers"]["MsCorrelationId"];
                "MS-CV": components["headers"]["MsCv"];
                "MS-ServerId": components["headers"]["MsServerId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"] | components["schemas"]["ThrottlingResponse"];
            };
        };
        /** @description **Documented** as a status. **RFC 9110**, section 15.6.4: Retry-After may say how long. **Inferred**: gateway or API. */
        ServiceUnavailable: {
            headers: {
                "MS-RequestId": components["headers"]["MsRequestId"];
                "MS-CorrelationId": components["headers"]["MsCorrelationId"];
                "MS-CV": components["headers"]["MsCv"];
                "MS-ServerId": components["headers"]["MsServerId"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"] | components["schemas"]["ThrottlingResponse"];
            };
        };
    };
    parameters: {
        /**
         * @description The customer's tenant id, a GUID (**documented**). It is not the profile's `id`. The example is the mock's first customer.
         * @example 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04
         */
        CustomerTenantId: string;
        /**
         * @description The ETag that was read from `attributes.etag`, in double quotes. **Documented** as required; **inferred**: no official
         *     client sends it, so the service must also take the ETag of the body.
         * @example "-1976482798186460340"
         */
        IfMatch: string;
        /**
         * @description GUID of this call. **Documented**: repeat it when a call that timed out is sent again, take a new one after any answer;
         *     the server makes one when it is missing.
         */
        MsRequestId: string;
        /** @description GUID that ties a call to the service's logs, new for every call (**documented**); made by the server when missing. */
        MsCorrelationId: string;
        /**
         * @description Version of the API, `v1`. **Documented** as required, yet absent from nearly every example and from most official
         *     clients, hence optional here (**inferred**).
         * @example v1
         */
        MsContractVersion: string;
        /**
         * @description Language in which rates are answered; `en-US` when missing (**documented**). It has no known effect here.
         * @example en-US
         */
        XLocale: string;
        /** @description Name of the calling application (**documented**, optional). */
        MsPartnerCenterApplication: string;
    };
    requestBodies: never;
    headers: {
        /** @description The request's MS-RequestId (**documented** by example), or the one that the server made (**inferred**). */
        MsRequestId: string;
        /** @description The request's MS-CorrelationId (**documented** by example), or the one that the server made (**inferred**). */
        MsCorrelationId: string;
        /**
         * @description Correlation vector of the service, 16 base64 characters and `.0` (**documented** by example).
         * @example rbuZl5lbAkyq8WGK.0
         */
        MsCv: string;
        /**
         * @description The server that answered (**documented** by example).
         * @example 00000055
         */
        MsServerId: string;
        /**
         * @description How long to wait before the next attempt. **Documented**: whole seconds. **RFC 9110**, section 10.2.3: an HTTP date is
         *     possible too.
         * @example 57
         */
        RetryAfter: string;
        /** @description The challenge. **RFC 9110**, section 11.6.1: comes with every 401. **Documented**: `OAuth realm=urn:cpsvc:cpid:…`. */
        WwwAuthenticate: string;
        /**
         * @description The methods that the resource supports. **RFC 9110**, section 15.5.6, comes with every 405.
         * @example GET, HEAD, PUT
         */
        Allow: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getCustomerBillingProfile: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description GUID of this call. **Documented**: repeat it when a call that timed out is sent again, take a new one after any answer;
                 *     the server makes one when it is missing.
                 */
                "MS-RequestId"?: components["parameters"]["MsRequestId"];
                /** @description GUID that ties a call to the service's logs, new for every call (**documented**); made by the server when missing. */
                "MS-CorrelationId"?: components["parameters"]["MsCorrelationId"];
                /**
                 * @description Version of the API, `v1`. **Documented** as required, yet absent from nearly every example and from most official
                 *     clients, hence optional here (**inferred**).
                 * @example v1
                 */
                "MS-Contract-Version"?: components["parameters"]["MsContractVersion"];
                /**
                 * @description Language in which rates are answered; `en-US` when missing (**documented**). It has no known effect here.
                 * @example en-US
                 */
                "X-Locale"?: components["parameters"]["XLocale"];
                /** @description Name of the calling application (**documented**, optional). */
                "MS-PartnerCenter-Application"?: components["parameters"]["MsPartnerCenterApplication"];
            };
            path: {
                /**
                 * @description The customer's tenant id, a GUID (**documented**). It is not the profile's `id`. The example is the mock's first customer.
                 * @example 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04
                 */
                "customer-tenant-id": components["parameters"]["CustomerTenantId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /**
             * @description The profile. **Documented** by example: members in camelCase, and members without a value are left out, not null.
             *     **Inferred** from recordings: the body may begin with a UTF-8 byte order mark.
             */
            200: {
                headers: {
                    "MS-RequestId": components["headers"]["MsRequestId"];
                    "MS-CorrelationId": components["headers"]["MsCorrelationId"];
                    "MS-CV": components["headers"]["MsCv"];
                    "MS-ServerId": components["headers"]["MsServerId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerBillingProfile"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            406: components["responses"]["NotAcceptable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    updateCustomerBillingProfile: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description GUID of this call. **Documented**: repeat it when a call that timed out is sent again, take a new one after any answer;
                 *     the server makes one when it is missing.
                 */
                "MS-RequestId"?: components["parameters"]["MsRequestId"];
                /** @description GUID that ties a call to the service's logs, new for every call (**documented**); made by the server when missing. */
                "MS-CorrelationId"?: components["parameters"]["MsCorrelationId"];
                /**
                 * @description Version of the API, `v1`. **Documented** as required, yet absent from nearly every example and from most official
                 *     clients, hence optional here (**inferred**).
                 * @example v1
                 */
                "MS-Contract-Version"?: components["parameters"]["MsContractVersion"];
                /**
                 * @description Language in which rates are answered; `en-US` when missing (**documented**). It has no known effect here.
                 * @example en-US
                 */
                "X-Locale"?: components["parameters"]["XLocale"];
                /** @description Name of the calling application (**documented**, optional). */
                "MS-PartnerCenter-Application"?: components["parameters"]["MsPartnerCenterApplication"];
                /**
                 * @description The ETag that was read from `attributes.etag`, in double quotes. **Documented** as required; **inferred**: no official
                 *     client sends it, so the service must also take the ETag of the body.
                 * @example "-1976482798186460340"
                 */
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The customer's tenant id, a GUID (**documented**). It is not the profile's `id`. The example is the mock's first customer.
                 * @example 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04
                 */
                "customer-tenant-id": components["parameters"]["CustomerTenantId"];
            };
            cookie?: never;
        };
        /**
         * @description The full resource. **Documented** by example: PascalCase members, null where there is no value.
         *     **Inferred** from the Java client, which sends camelCase: the service does not look at the letter case of names, so that the
         *     body is taken in camelCase too, as a response has it. The schema describes the documented spelling.
         */
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomerBillingProfileUpdate"];
            };
        };
        responses: {
            /** @description The profile as stored, in camelCase, with its new ETag (**documented** by example). */
            200: {
                headers: {
                    "MS-RequestId": components["headers"]["MsRequestId"];
                    "MS-CorrelationId": components["headers"]["MsCorrelationId"];
                    "MS-CV": components["headers"]["MsCv"];
                    "MS-ServerId": components["headers"]["MsServerId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerBillingProfile"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            406: components["responses"]["NotAcceptable"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            428: components["responses"]["PreconditionRequired"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
}
