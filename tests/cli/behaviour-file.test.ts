import { expect, test } from 'vitest';
import { parseBehaviour } from '../../src/cli/files/json-files.ts';
import { UsageError } from '../../src/cli/io.ts';
import { behaviourPresets } from '../../src/mock/index.ts';

test('a behaviour is read, whole or in part, and from a report or a fingerprint', async () => {
  for (const behaviour of [...Object.values(behaviourPresets), { stale: { status: 409 } }, {}]) {
    expect(await parseBehaviour(JSON.stringify(behaviour), 'x.json')).toEqual(behaviour);
    expect(await parseBehaviour(JSON.stringify({ schemaVersion: 1, behaviour }), 'x.json')).toEqual(behaviour);
  }
});

test.each([
  ['null', 'JSON object'],
  ['[]', 'JSON object'],
  ['{"colour":"red"}', '"colour" is not a question'],
  ['{"precondition":"sometimes"}', '"header", "header-or-body", "optional"'],
  ['{"byteOrderMark":"true"}', 'true, false'],
  ['{"stale":412}', '"stale" wants'],
  ['{"stale":{"status":200}}', '"stale" wants'],
  ['{"stale":{"status":412,"code":"2055"}}', '"stale" wants'],
  ['{"stale":{"status":412,"why":"x"}}', '"stale" wants'],
  ['{"__proto__":{}}', '"__proto__" is not a question'],
])('%s is refused, and what there is is named: %s', async (text, why) => {
  await expect(parseBehaviour(text, 'x.json')).rejects.toThrow(why);
  await expect(parseBehaviour(text, 'x.json')).rejects.toBeInstanceOf(UsageError);
});

test.each([
  ['{\n  "weakTag": "accepted",\n  "colour": "red"\n}', 3],
  ['{\n  "behaviour": {\n    "tagList":\n      "some"\n  }\n}', 4],
  ['{\n\t"stale": {\n\t\t"status": 400,\n\t\t"code": "x"\n\t}\n}', 4],
])('what is wrong is told with its line: %j', async (text, line) => {
  await expect(parseBehaviour(text, 'x.json')).rejects.toThrow(`x.json, line ${line}: `);
});
