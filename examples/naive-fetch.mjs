// What one writes first, to show what `pc-billing score -- node examples/naive-fetch.mjs` says of it. Not to be copied.
const { PARTNER_CENTER_BASE_URL, PARTNER_CENTER_TOKEN, PARTNER_CENTER_CUSTOMER_ID, PC_BILLING_COMPANY } = process.env;
const url = `${PARTNER_CENTER_BASE_URL}/v1/customers/${PARTNER_CENTER_CUSTOMER_ID}/profiles/billing`;
const headers = { Authorization: `Bearer ${PARTNER_CENTER_TOKEN}`, 'Content-Type': 'application/json' };

const read = await fetch(url, { headers });
const { email, culture, language, defaultAddress } = await read.json();
const body = JSON.stringify({ email, culture, language, companyName: PC_BILLING_COMPANY, defaultAddress });

for (let attempt = 1; attempt <= 3; attempt += 1) {
  const answer = await fetch(url, { method: 'PUT', headers, body });
  if (answer.ok) break;
  console.error(`attempt ${attempt}: ${answer.status}`);
}
console.log('done');
