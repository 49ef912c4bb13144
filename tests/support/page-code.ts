import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import ts from "typescript";
import { expect } from "vitest";
import * as client from "../../client";
import * as utho from "../../sdk";
import * as simulator from "../../simulator";
import * as testing from "../../testing";
import { codeBlocks } from "../unit/docs/pages";

const REPOSITORY = resolve(__dirname, "../..");
const ofNode = createRequire(resolve(REPOSITORY, "package.json"));

/** One test of a page, and what is to run before and after it. */
export interface PageTest {
  name: string;
  run(): Promise<void>;
}

interface Hooks {
  before: (() => unknown)[];
  after: (() => unknown)[];
}

/** Stands for the installed package, so that no build is needed. */
const INSTALLED: Record<string, unknown> = {
  "pulumi-utho": utho,
  "pulumi-utho/client": client,
  "pulumi-utho/simulator": simulator,
  "pulumi-utho/testing": testing,
  "pulumi-utho/testing/vitest": {},
};

/** The files that a page shows: code whose first line is `// name.ts`. */
export function filesOf(page: string): Map<string, string> {
  const blocks = codeBlocks(readFileSync(resolve(REPOSITORY, page), "utf8"));
  return new Map(
    blocks.flatMap(({ text }) => {
      const [, name] = /^\/\/ ([\w./-]+\.ts)\n/.exec(text) ?? [];
      return name === undefined ? [] : [[name, text]];
    }),
  );
}

/** A file of a page, loaded as Node would; what it imports may be another file of the page. */
export function loadFile(
  files: Map<string, string>,
  name: string,
  more: Record<string, unknown> = {},
): unknown {
  const text = files.get(name);
  if (text === undefined) throw new Error(`The page shows no ${name}.`);
  const compilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
  };
  const { outputText } = ts.transpileModule(text, { compilerOptions });
  const module: { exports: unknown } = { exports: {} };
  const load = (wanted: string): unknown => {
    const own = more[wanted] ?? INSTALLED[wanted];
    if (own !== undefined) return own;
    return wanted.startsWith("./") ? loadFile(files, `${wanted.slice(2)}.ts`, more) : ofNode(wanted);
  };
  new Function("require", "module", "exports", outputText)(load, module, module.exports);
  return module.exports;
}

/** The tests that a file of a page has, with the real `expect`; each to be run as a test of ours. */
export function testsOf(files: Map<string, string>, name: string): PageTest[] {
  const tests: PageTest[] = [];
  const each: Hooks = { before: [], after: [] };
  const all: Hooks = { before: [], after: [] };
  const vitest = {
    expect,
    it: (title: string, body: () => unknown) =>
      void tests.push({ name: title, run: async () => around(each, body) }),
    beforeEach: (hook: () => unknown) => void each.before.push(hook),
    afterEach: (hook: () => unknown) => void each.after.push(hook),
    beforeAll: (hook: () => unknown) => void all.before.push(hook),
    afterAll: (hook: () => unknown) => void all.after.push(hook),
  };
  loadFile(files, name, { vitest });
  const [first] = tests;
  if (first === undefined || all.before.length + all.after.length === 0) return tests;
  const together = {
    name: tests.map((one) => one.name).join("; "),
    run: () => around(all, () => inTurn(tests)),
  };
  return [together];
}

async function around({ before, after }: Hooks, body: () => unknown): Promise<void> {
  try {
    for (const hook of before) await hook();
    await body();
  } finally {
    for (const hook of after) await hook();
  }
}

async function inTurn(tests: readonly PageTest[]): Promise<void> {
  for (const { run } of tests) await run();
}
