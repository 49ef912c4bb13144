import { join, resolve } from "node:path";
import * as ts from "typescript";
import { expect, it } from "vitest";

const ROOT = resolve(__dirname, "../../..");

it("the compiler reports every mistake of misuse.ts, and nothing else", { timeout: 60_000 }, () => {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const file = join(__dirname, "misuse.ts");
  const program = ts.createProgram([file], { ...options, noEmit: true });
  const diagnostics = ts.getPreEmitDiagnostics(program, program.getSourceFile(file));
  const texts = diagnostics.map(({ messageText, start }) => [
    start,
    ts.flattenDiagnosticMessageText(messageText, "\n"),
  ]);
  expect(texts).toEqual([]);
});
