import { join, resolve } from "node:path";
import * as ts from "typescript";
import { expect, it } from "vitest";

const ROOT = resolve(__dirname, "../..");

it.each(["sdk", "provider"])(
  "the compiler reports every mistake of %s/misuse.ts, and nothing else",
  (folder) => {
    const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
    const file = join(__dirname, folder, "misuse.ts");
    const program = ts.createProgram([file], { ...options, noEmit: true });
    const diagnostics = ts.getPreEmitDiagnostics(program, program.getSourceFile(file));
    const texts = diagnostics.map(({ messageText, start }) => [
      start,
      ts.flattenDiagnosticMessageText(messageText, "\n"),
    ]);
    expect(texts).toEqual([]);
  },
);
