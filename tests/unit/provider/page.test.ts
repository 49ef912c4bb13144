import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { pageOf } from "../../../provider/codes";

const REPOSITORY = resolve(__dirname, "../../..");

afterEach(() => {
  vi.restoreAllMocks();
});

function seenFrom(folder: string): string {
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  return pageOf("UTHO_BUSY");
}

it("names the page of an error as the program's folder sees it, and where it really is from afar", () => {
  expect(seenFrom(REPOSITORY)).toBe("docs/errors.md#utho_busy");
  // As a program beside the folder node_modules that holds the package.
  expect(seenFrom(resolve(REPOSITORY, ".."))).toBe(
    `${REPOSITORY.split("/").at(-1)}/docs/errors.md#utho_busy`,
  );
  expect(seenFrom(join(REPOSITORY, "packages/infra"))).toBe("../../docs/errors.md#utho_busy");
  const far = mkdtempSync(join(tmpdir(), "pulumi-utho-far-"));
  expect(seenFrom(join(far, "a/b/c"))).toBe(`${REPOSITORY}/docs/errors.md#utho_busy`);
  rmSync(far, { recursive: true });
});
