import { expect, it } from "vitest";
import { sentenceIn } from "../../../../cli/stack/pulumi-cli";

const ROW = "pulumi-nodejs:dynamic/utho:SnapshotRestore restore-1";

it.each([
  [` +  ${ROW} creating (5s) restoring server 1001`, "restoring server 1001"],
  [`    ${ROW}  Server 1001 restarts.`, "Server 1001 restarts."],
  [` +  ${ROW} create Server 1001 restarts.`, "Server 1001 restarts."],
  [` ++ ${ROW} creating replacement (0.5s) [diff: ~mark,snapshot]; restoring`, "restoring"],
  [`    ${ROW} [diff: ~mark,snapshot]; restoring`, "restoring"],
  [` -  ${ROW} deleted original (0.01s)`, undefined],
  [` +  ${ROW} **creating failed** error: 1 error occurred:`, undefined],
  [` +  ${ROW} creating (1m5s) created snapshot (5s) is Active`, "created snapshot (5s) is Active"],
  ["@ updating.......", undefined],
  [" +  pulumi:pulumi:Stack restore-now created (15s)", undefined],
])("of the row %j a person reads %j", (row, sentence) => {
  expect(sentenceIn(row)).toBe(sentence);
});
