import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { filesOf, testsOf } from "../support/page-code";

describe("the life in docs/testing.md, with the Automation API", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-utho-life-"));
    vi.stubEnv("PATH", `${process.env.PULUMI_UTHO_TEST_ENGINE}${delimiter}${process.env.PATH}`);
    vi.stubEnv("PULUMI_BACKEND_URL", `file://${folder}`);
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "test");
    vi.stubEnv("PULUMI_SKIP_UPDATE_CHECK", "1");
    vi.stubEnv("UTHO_TOKEN", undefined);
    vi.stubEnv("UTHO_ENDPOINT", undefined);
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  const tests = testsOf(filesOf("docs/testing.md"), "life.test.ts");

  it.each(tests)("$name", ({ run }) => run());

  it("is found", () => {
    expect(tests).toHaveLength(1);
  });
});
