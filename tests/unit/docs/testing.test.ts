import { describe, expect, it } from "vitest";
import { filesOf, testsOf } from "../../support/page-code";

const files = filesOf("docs/testing.md");

describe("the tests in docs/testing.md", () => {
  const tests = testsOf(files, "backups.test.ts");

  it("are found", () => {
    expect(tests).toHaveLength(3);
  });

  it.each(tests)("$name", ({ run }) => run());
});
