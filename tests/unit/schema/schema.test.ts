import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { asCloneInputs, asCloneState } from "../../../provider/clone/contract";
import { diffClone } from "../../../provider/clone/diff";
import { CONFIG_KEYS } from "../../../provider/config";
import { digestTriggers } from "../../../provider/engine/values";
import { asRestoreInputs, asRestoreState } from "../../../provider/restore/contract";
import { diffRestore } from "../../../provider/restore/diff";
import { asSnapshotInputs, asSnapshotState } from "../../../provider/snapshot/contract";
import { diffSnapshot } from "../../../provider/snapshot/diff";
import { CLONE_TYPE, RESTORE_TYPE, ROTATION_TYPE, SNAPSHOT_TYPE } from "../../../sdk/forwarder";
import { REPOSITORY, readPage } from "../docs/pages";

const SCHEMA_FILE = "plugin/schema.json";

async function generate() {
  const { schemaOf, schemaText } = await import("../../../tools/schema/package.mjs");
  return { schema: schemaOf(REPOSITORY), text: schemaText(REPOSITORY) };
}

let schema: Awaited<ReturnType<typeof generate>>["schema"];
let text: string;
beforeAll(async () => {
  ({ schema, text } = await generate());
});

type Inputs = Record<string, unknown>;

const SNAPSHOT = { cloudId: "1001", name: "web", triggers: ["v1"] };
const RESTORE = { snapshot: "1001/5001", triggers: ["v1"] };
const CLONE = { snapshot: "1001/5001", hostname: "web", planId: "10045", dcslug: "innoida", vpcId: "7" };
const state = { status: "Active", triggersDigest: digestTriggers(["v1"]) };

/** What the provider replaces for changed inputs. */
const REPLACED: Record<string, { before: Inputs; replaces: (news: Inputs) => string[] }> = {
  "utho:index:Snapshot": {
    before: SNAPSHOT,
    replaces: (news) =>
      diffSnapshot("1001/5001", asSnapshotState({ ...SNAPSHOT, ...state }), asSnapshotInputs(news)).replaces,
  },
  "utho:index:SnapshotRestore": {
    before: RESTORE,
    replaces: (news) =>
      diffRestore(asRestoreState({ ...RESTORE, ...state, phase: "restored" }), asRestoreInputs(news))
        .replaces,
  },
  "utho:index:ServerClone": {
    before: CLONE,
    replaces: (news) => diffClone(asCloneState({ ...CLONE, ...state }), asCloneInputs(news)).replaces,
  },
};

/** Another value of an input's type. */
function otherThan(type: string | undefined): unknown {
  if (type === "boolean") return false;
  return type === undefined ? ["v2"] : type === "array" ? ["9"] : "1002/9";
}

function secretsOf(properties: Record<string, { secret?: boolean }>): string[] {
  return Object.entries(properties).flatMap(([key, { secret }]) => (secret === true ? [key] : []));
}

describe("the schema of the plugin", () => {
  it(`is current: \`npm run schema\` writes ${SCHEMA_FILE}`, () => {
    expect(readPage(SCHEMA_FILE)).toBe(text);
  });

  it("takes a resource of the dynamic provider for the same one", () => {
    const aliases = Object.entries(schema.resources).map(([token, one]) => [token, one.aliases]);
    expect(aliases).toEqual([
      ["utho:index:Snapshot", [{ type: SNAPSHOT_TYPE }]],
      ["utho:index:SnapshotRestore", [{ type: RESTORE_TYPE }]],
      ["utho:index:ServerClone", [{ type: CLONE_TYPE }]],
      ["utho:index:SnapshotRotation", [{ type: ROTATION_TYPE }]],
    ]);
  });

  it.each(Object.entries(REPLACED))("names what replaces a %s as the provider does", (token, one) => {
    const promised: string[] = [];
    const replacing: string[] = [];
    for (const [key, property] of Object.entries(schema.resources[token]?.inputProperties ?? {})) {
      if (property.willReplaceOnChanges === true) promised.push(key);
      // Another snapshot to take over is no change of this one, and refused.
      if (key === "adoptId") continue;
      if (one.replaces({ ...one.before, [key]: otherThan(property.type) }).includes(key)) replacing.push(key);
    }
    expect(replacing.length).toBeGreaterThan(1);
    expect(promised).toEqual(replacing);
  });

  it("lets no engine replace by itself: a rename made outside would delete a snapshot", () => {
    expect(text).not.toContain('"replaceOnChanges"');
    const rotation = schema.resources["utho:index:SnapshotRotation"];
    expect(Object.values(rotation?.inputProperties ?? {}).filter((one) => one.willReplaceOnChanges)).toEqual(
      [],
    );
  });

  it("keeps secrets secret", () => {
    const secrets = Object.entries(schema.resources).map(([token, { properties, inputProperties }]) => [
      token.slice("utho:index:".length),
      ...secretsOf({ ...properties, ...inputProperties }),
    ]);
    expect(secrets).toEqual([
      ["Snapshot"],
      ["SnapshotRestore"],
      ["ServerClone", "password", "rootPassword"],
      ["SnapshotRotation"],
    ]);
    expect(secretsOf(schema.provider.inputProperties)).toEqual(["token"]);
    expect(secretsOf(schema.config.variables)).toEqual(["token"]);
  });

  it("has every setting with its variables, and no token of the environment for a second account", () => {
    const keys = Object.keys(CONFIG_KEYS);
    expect(Object.keys(schema.config.variables)).toEqual(keys);
    expect(Object.keys(schema.provider.inputProperties)).toEqual(keys);
    expect(schema.provider.requiredInputs).toEqual(["token"]);
    expect(JSON.stringify(schema.provider)).not.toContain("defaultInfo");
    expect(schema.config.variables.endpoint?.defaultInfo).toEqual({ environment: ["UTHO_ENDPOINT"] });
  });

  it("names the repository, and where releases of GitHub are, once a release has named it", async () => {
    expect([schema.homepage, schema.pluginDownloadURL]).toEqual([undefined, undefined]);
    const { schemaOf } = await import("../../../tools/schema/package.mjs");
    const manifest: object = JSON.parse(readPage("package.json"));
    const named = (url: string) => schemaOf(REPOSITORY, { ...manifest, repository: { type: "git", url } });
    const onGitHub = named("git+https://github.com/someone/pulumi-utho.git");
    expect(onGitHub.homepage).toBe("https://github.com/someone/pulumi-utho");
    expect(onGitHub.pluginDownloadURL).toBe("github://api.github.com/someone/pulumi-utho");
    expect(onGitHub.language.go.importBasePath).toBe("github.com/someone/pulumi-utho/sdk/go/utho");
    expect(named("git+https://forge.example/someone/pulumi-utho.git").pluginDownloadURL).toBeUndefined();
  });

  it("shows programs of each resource whose YAML names its own properties", () => {
    for (const [token, { description }] of Object.entries(schema.resources)) {
      expect(description).toContain("```python\nimport pulumi");
      const programs = [...description.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ""]) =>
        parse(text),
      );
      expect(programs.length, token).toBeGreaterThan(0);
      for (const { type, properties } of programs.flatMap(({ resources }) =>
        Object.values<Inputs>(resources),
      )) {
        const inputs = schema.resources[`utho:index:${String(type).slice("utho:".length)}`]?.inputProperties;
        expect(Object.keys(inputs ?? {})).toEqual(expect.arrayContaining(Object.keys(Object(properties))));
      }
    }
  });
});
