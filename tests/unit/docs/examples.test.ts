import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { filesBelow, LAYERS } from "../../architecture/sources";
import { docstringBlocks } from "./docstrings";
import { entryPoints } from "./entry-points";
import { type CodeBlock, codeBlocks, pages, REPOSITORY, readPage } from "./pages";

/** What a program installs stands for the sources, so that no build is needed. */
const INSTALLED = Object.fromEntries(
  entryPoints().map(({ specifier, source }): [string, string[]] => [specifier, [source]]),
);

interface Example {
  /** Page or source, and line, as a failure names it. */
  place: string;
  /** A file that exists only for the compiler, where the package's dependencies resolve. */
  file: string;
  text: string;
}

/** The programs among some fenced code. */
function examplesOf(place: string, blocks: readonly CodeBlock[]): Example[] {
  return blocks
    .filter(({ language }) => language === "ts" || language === "typescript")
    .map(({ text, line }) => {
      // Code that begins with the name of its file may be imported by another one of its page.
      const [, own] = /^\/\/ ([\w-]+(?:\.test)?\.ts)\n/.exec(text) ?? [];
      if (own !== undefined) return { place: `${place}:${line}`, file: join(REPOSITORY, own), text };
      // `export =` is for CommonJS, and `await` at the top for modules.
      const ending = /^export =/m.test(text) ? "cts" : "mts";
      const name = `${place.replaceAll("/", "-")}-${line}.${ending}`;
      return { place: `${place}:${line}`, file: join(REPOSITORY, name), text };
    });
}

const sources = filesBelow(LAYERS, /\.ts$/);

const examples: Example[] = [
  ...pages().flatMap((page) => examplesOf(page, codeBlocks(readPage(page)))),
  ...sources.flatMap((file) => examplesOf(file, docstringBlocks(readPage(file)))),
];

/** Mistakes of all examples, by their files; one program for all, since loading Pulumi's types takes seconds. */
function check(): Map<string, string[]> {
  const { config } = ts.readConfigFile(join(REPOSITORY, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: [] },
    ts.sys,
    REPOSITORY,
  );
  const settings: ts.CompilerOptions = {
    ...options,
    noEmit: true,
    declaration: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    paths: INSTALLED,
  };
  const host = ts.createCompilerHost(settings);
  const texts = new Map(examples.map(({ file, text }) => [file, text]));
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.getSourceFile = (file, version, onError, fresh) => {
    const text = texts.get(file);
    return text === undefined
      ? getSourceFile(file, version, onError, fresh)
      : ts.createSourceFile(file, text, version);
  };
  const program = ts.createProgram([...texts.keys()], settings, host);
  return new Map(
    [...texts.keys()].map((file) => {
      const source = program.getSourceFile(file);
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return [file, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))];
    }),
  );
}

describe("examples in the pages and the docstrings", () => {
  it("are programs that the compiler accepts", () => {
    const mistakes = check();
    const problems = examples.flatMap(({ place, file }) =>
      (mistakes.get(file) ?? ["not checked"]).map((text) => `${place}: ${text}`),
    );
    expect(problems).toEqual([]);
    for (const known of ["README.md", "sdk/snapshot.ts", "client/index.ts", "simulator/index.ts"]) {
      expect(examples.some(({ place }) => place.startsWith(known))).toBe(true);
    }
  });

  it("say in docs/uses whether they are a whole program, and of which project", () => {
    const uses = pages().filter((page) => page.startsWith("docs/uses/"));
    const silent = uses.flatMap((page) =>
      [...readPage(page).matchAll(/^(.*)\n\n```ts$/gm)]
        .filter(([, before = ""]) => !before.includes("`index.ts`"))
        .map(([, before]) => `${page}: ${before}`),
    );
    expect(silent).toEqual([]);
    expect(uses.length).toBeGreaterThan(4);
  });

  it("are fenced, so that the check above sees them", () => {
    const unfenced = sources.filter((file) => /^ *\* @example(?! *\n *\* ```)/m.test(readPage(file)));
    expect(unfenced).toEqual([]);
  });
});
