import { describe, expect, it } from "vitest";
import { CONFIG_KEYS, DEFAULTS } from "../../../provider/config";
import { RESTORE_TIMEOUTS } from "../../../provider/restore/contract";
import { DEFAULT_TIMEOUTS } from "../../../provider/utho/turn";
import { readPage, tableBelow } from "./pages";

/** Key, environment variable and default of each setting, as the code has them; `undefined` where it has none. */
const settings = Object.entries(CONFIG_KEYS).map(([key, variable]) => {
  const byDefault = Object.entries(DEFAULTS).find(([name]) => name === key)?.[1];
  return { key: `utho:${key}`, variable, byDefault };
});

const PLACES = [
  { page: "docs/configuration.md", heading: "Configuration" },
  { page: "README.md", heading: "Configuration" },
];

describe.each(PLACES)("the settings in $page", ({ page, heading }) => {
  const rows = tableBelow(readPage(page), heading);

  it("are all there, and no other", () => {
    const named = rows.map(([key = ""]) => /`([^`]+)`/.exec(key)?.[1]);
    expect(named).toEqual(settings.map(({ key }) => key));
  });

  it.each(settings)("list for $key its other sources and its default", (setting) => {
    const row = rows.find(([key = ""]) => key.includes(`\`${setting.key}\``)) ?? [];
    const [, variable = "", byDefault = ""] = row;
    expect(variable).toBe(setting.variable === undefined ? "" : `\`${setting.variable}\``);
    if (setting.byDefault !== undefined) expect(byDefault).toBe(`\`${setting.byDefault}\``);
    else expect(byDefault).not.toContain("`");
  });
});

it("the inputs of a Provider in docs/configuration.md are the settings of the stack", () => {
  const rows = tableBelow(readPage("docs/configuration.md"), "Two accounts in one program");
  const named = rows.flatMap(([inputs = ""]) => [...inputs.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(named).toEqual(Object.keys(CONFIG_KEYS));
});

describe("the timeouts in docs/configuration.md", () => {
  it("are those of the code", () => {
    const rows = tableBelow(readPage("docs/configuration.md"), "Timeouts of a resource");
    const inCode = Object.entries({
      Snapshot: DEFAULT_TIMEOUTS,
      SnapshotRestore: RESTORE_TIMEOUTS,
      ServerClone: DEFAULT_TIMEOUTS,
      SnapshotRotation: DEFAULT_TIMEOUTS,
    });
    expect(rows).toEqual(inCode.map(([name, t]) => [`\`${name}\``, t.create, t.update, t.delete]));
  });
});
