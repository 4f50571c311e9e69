// A client as it is often written first, with its mistakes: `npx pc-billing score -- node examples/naive-fetch.mjs` names them. Do not copy it.
const { PARTNER_CENTER_BASE_URL, PARTNER_CENTER_TOKEN, PARTNER_CENTER_CUSTOMER_ID, PC_BILLING_COMPANY } = process.env;
const url = `${PARTNER_CENTER_BASE_URL}/v1/customers/${PARTNER_CENTER_CUSTOMER_ID}/profiles/billing`;
const headers = { Authorization: `Bearer ${PARTNER_CENTER_TOKEN}`, 'Content-Type': 'application/json' };

const read = await fetch(url, { headers });
const { email, culture, language, defaultAddress } = await read.json();
const body = JSON.stringify({ email, culture, language, companyName: PC_BILLING_COMPANY, defaultAddress });

for (let attempt = 1; attempt <= 3; attempt += 1) {
  const response = await fetch(url, { method: 'PUT', headers, body });
  if (response.ok) break;
  console.error(`attempt ${attempt}: ${response.status}`);
}
console.log('done');
