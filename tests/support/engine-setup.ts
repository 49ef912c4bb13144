import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** Gives every engine test the folder of a Pulumi CLI with its Node language host. */
export default async function setUp(): Promise<void> {
  if (!existsSync(resolve(__dirname, "../../dist/provider/index.js"))) {
    throw new Error("The package is not built: run `npm run build` first (`npm test` does it).");
  }
  const { provideEngine } = await import("../../tools/provide-engine.mjs");
  const engine = await provideEngine({ log: (line: string) => console.error(line) });
  process.env.PULUMI_UTHO_TEST_ENGINE = engine.bin;
  if (!existsSync(join(engine.bin, process.platform === "win32" ? "pulumi.exe" : "pulumi"))) {
    throw new Error(`No Pulumi CLI in ${engine.bin}.`);
  }
}
