import { expect, test } from 'vitest';
import { formatMemberTable } from '../../scripts/contract/member-table.ts';
import { contractPath, parseContract, textOf } from '../../scripts/contract/model.ts';

test('what the client and the reports do with each member was decided by a person', async () => {
  await expect(formatMemberTable(parseContract(textOf(contractPath)))).toMatchFileSnapshot('member-table.golden.txt');
});
