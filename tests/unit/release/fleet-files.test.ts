import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Step } from "../../support/ci-steps";
import { REPOSITORY } from "./copy";

const EXAMPLE = join(REPOSITORY, "examples/many-servers");

function read(file: string): unknown {
  return parse(readFileSync(join(EXAMPLE, file), "utf8"));
}

const text = { type: "string" };
const flag = { type: "boolean" };

/** Nothing besides these, since a key that a tool does not know is a setting that is silently left out. */
function exactly(properties: Record<string, object>, ...required: string[]): object {
  return { type: "object", properties, required, additionalProperties: false };
}

const secretRef = exactly({ name: text, key: text, namespace: text }, "name", "key");

/** What the operator's resource `pulumi.com/v1` `Stack` takes, as far as the example uses it. */
const STACK = exactly(
  {
    apiVersion: { const: "pulumi.com/v1" },
    kind: { const: "Stack" },
    metadata: { type: "object", required: ["name"] },
    spec: exactly(
      {
        ...{ serviceAccountName: text, stack: text, projectRepo: text, branch: text, repoDir: text },
        ...{ backend: text, config: { type: "object" }, resyncFrequencySeconds: { type: "integer" } },
        ...{ continueResyncOnCommitMatch: flag, retryOnUpdateConflict: flag },
        envRefs: {
          type: "object",
          additionalProperties: exactly({ type: { const: "Secret" }, secret: secretRef }, "type", "secret"),
        },
      },
      "stack",
    ),
  },
  "apiVersion",
  "kind",
  "spec",
);

/** What `Pulumi.<stack>.deploy.yaml` takes, likewise. */
const DEPLOYMENT = exactly(
  {
    settings: exactly({
      sourceContext: exactly({ git: exactly({ repoUrl: text, branch: text, repoDir: text }, "branch") }),
      operationContext: exactly({
        options: exactly({
          ...{ skipInstallDependencies: flag, skipIntermediateDeployments: flag },
          ...{ deleteAfterDestroy: flag, remediateIfDriftDetected: flag, shell: text },
        }),
      }),
    }),
  },
  "settings",
);

describe("the files of the example many-servers", () => {
  it.each([
    ["operator.yaml", STACK],
    ["Pulumi.part-1.deploy.yaml", DEPLOYMENT],
  ])("%s has the settings that its tool knows", (file, schema) => {
    const ajv = new Ajv({ allErrors: true });
    const isValid = ajv.validate(schema, read(file));
    expect(ajv.errors ?? []).toEqual([]);
    expect(isValid).toBe(true);
  });

  it("need every setting of the program", () => {
    const program = readFileSync(join(EXAMPLE, "index.ts"), "utf8");
    const all = [...program.matchAll(/config\.(?:require|get)\w*\("(\w+)"\)/g)].map(([, key]) => key);
    expect(all).toEqual(["parts", "fewest", "retired"]);
    // `retired` is for a part that is given up.
    const keys = all.slice(0, 2);
    for (const file of ["operator.yaml", "Pulumi.part-1.deploy.yaml", "github.yml", "all.ts", "README.md"])
      for (const key of keys)
        expect(readFileSync(join(EXAMPLE, file), "utf8")).toMatch(
          new RegExp(`(many-servers:|config set )${key}`),
        );
  });
});

interface Workflow {
  permissions?: Record<string, string>;
  env?: Record<string, string>;
  jobs: Record<string, { "timeout-minutes"?: number; env?: Record<string, string>; steps: Step[] }>;
}

describe.each([
  "ci/github/workflows/snapshots.yml",
  "ci/github/workflows/drift.yml",
  "many-servers/github.yml",
])("the recipe %s", (file) => {
  const workflow: Workflow = parse(readFileSync(join(REPOSITORY, "examples", file), "utf8"));
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);

  it("gives no job more rights or secrets than a step needs, and each job an end", () => {
    expect(workflow.permissions?.contents).toBe("read");
    const wide = [workflow.env, ...jobs.map(({ env }) => env)].map((env) => JSON.stringify(env ?? {}));
    for (const env of wide) expect(env).not.toContain("secrets.");
    for (const job of jobs) expect(job["timeout-minutes"]).toBeGreaterThan(0);
  });

  it("leaves no token in the checkout, and puts no expression into a script", () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const one of checkouts) expect(one).toMatchObject({ with: { "persist-credentials": false } });
    for (const { run } of steps) expect(run ?? "").not.toContain("${{");
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.filter((one) => !/^(actions|pulumi)\/[\w-]+@v\d+$/.test(one))).toEqual([]);
  });
});
