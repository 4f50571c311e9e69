/** Source: SOURCES.md#address, lengths as (minimum, maximum). */
const lengths: Record<string, readonly [number, number]> = {
  country: [2, 2],
  addressLine1: [1, 200],
  addressLine2: [0, 200],
  firstName: [1, 50],
  middleName: [1, 50],
  lastName: [1, 50],
};

/** Source: SOURCES.md#country-rules. Only what was recorded from the service; other countries are not checked. */
const countryRules: Record<string, { required: readonly string[]; postalCode: RegExp; phoneNumber?: RegExp; states?: readonly string[] }> =
  {
    US: {
      required: ['city', 'state', 'postalCode'],
      postalCode: /^\d{5}(-\d{4})?$/,
      phoneNumber: /^(1[ \-/.]?)?(\((\d{3})\)|(\d{3}))[ \-/.]?(\d{3})[ \-/.]?(\d{4})$/,
      states: (
        'AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR PA RI SC SD ' +
        'TN TX UT VA VT WA WI WV WY'
      ).split(' '),
    },
    PT: { required: ['city', 'postalCode'], postalCode: /^\d{4}(-\d{3})?$/ },
  };

/** Source: SOURCES.md#phone-numbers, code 600051. */
const phoneNumberRequired = ['AM', 'AZ', 'BY', 'HU', 'KZ', 'KG', 'MD', 'RU', 'TJ', 'UZ', 'UA'];

/**
 * Checks an address, in camelCase, against the documented rules.
 *
 * Shape: why the service would refuse it: the code, its text, and the details for `data`; undefined when nothing is wrong.
 */
export function checkAddress(address: Record<string, unknown>) {
  const text = (member: string): string => (typeof address[member] === 'string' ? address[member] : '');
  const invalid = (member: string, details: string) => ({
    code: 27002,
    description: 'A property has invalid data.',
    data: [`property_name: ${member}`, `details: ${details}`],
  });

  for (const [member, [minimum, maximum]] of Object.entries(lengths)) {
    const { length } = text(member);
    if (address[member] !== undefined && (length < minimum || length > maximum)) {
      return invalid(member, `must have ${minimum} to ${maximum} characters, has ${length}`);
    }
  }
  const country = text('country').toUpperCase();
  if (phoneNumberRequired.includes(country) && text('phoneNumber') === '') {
    return { code: 600051, description: 'Customer phone number is missing', data: ['billingProfile.defaultAddress.phoneNumber'] };
  }
  const rules = countryRules[country];
  if (rules === undefined) return undefined;
  const missing = rules.required.find((member) => text(member) === '');
  if (missing !== undefined) return invalid(missing, `is required in ${country}`);
  if (!rules.postalCode.test(text('postalCode'))) return invalid('postalCode', `is not a postal code of ${country}`);
  if (rules.states !== undefined && !rules.states.includes(text('state'))) return invalid('state', 'StateInvalid');
  if (rules.phoneNumber !== undefined && text('phoneNumber') !== '' && !rules.phoneNumber.test(text('phoneNumber'))) {
    return invalid('phoneNumber', `is not a phone number of ${country}`);
  }
  return undefined;
}
