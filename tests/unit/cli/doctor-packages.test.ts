import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Finding } from "../../../cli/doctor/finding";
import { checkPackages } from "../../../cli/doctor/packages";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-utho-packages-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, content: string | object): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
}

/** A package as it is installed: both of ours, the SDK, or a library. */
function install(at: string, name: string, version: string, dependencies: Record<string, string> = {}): void {
  const place = join(at, "node_modules", name);
  write(join(place, "package.json"), { name, version, dependencies, main: "index.js" });
  write(join(place, "index.js"), "");
  if (name === "pulumi-utho") write(join(place, "provider.js"), "");
}

function verdicts(): Record<string, Finding> {
  return Object.fromEntries(checkPackages(folder).map((one) => [one.check, one]));
}

describe("the packages of a program", () => {
  it.each([
    ["a folder", "Pulumi.yaml", "name: shop\nruntime: nodejs\nmain: infra # the program\n"],
    ["a quoted folder", "Pulumi.yaml", 'main: "infra/"\nname: shop\n'],
    ["a file", "Pulumi.yml", "name: shop\nmain: infra/index.ts\n"],
    ["a file, in JSON", "Pulumi.json", '{"name":"shop","main":"infra/index.js"}'],
  ])("are those that `main:` of the project leads to: %s", (_what, file, text) => {
    write(file, text);
    write("infra/index.ts", "");
    write("infra/package.json", { dependencies: { "pulumi-utho": "*", "@pulumi/pulumi": "*" } });
    install("infra", "pulumi-utho", "9.9.9");
    install("infra", "@pulumi/pulumi", "3.248.0");
    const { package: own, sdk, "package-copies": copies } = verdicts();
    expect(own?.detail).toContain("the program has 9.9.9");
    expect([sdk?.verdict, copies?.detail]).toEqual(["ok", "one"]);
  });

  it("do without this one when it was removed together with its resources: the way back is said", () => {
    write("package.json", { dependencies: { "@pulumi/pulumi": "*" } });
    install("", "@pulumi/pulumi", "3.248.0");
    const { package: own } = verdicts();
    expect(own).toMatchObject({
      verdict: "problem",
      next: expect.stringContaining("install it again, run `pulumi up`, and then remove it"),
    });
  });

  it("may hold two copies of this package, by a library of components", () => {
    write("package.json", { dependencies: { "pulumi-utho": "*", components: "*" } });
    install("", "pulumi-utho", "0.2.0");
    install("", "components", "1.0.0", { "pulumi-utho": "0.1.0" });
    const library = "node_modules/components";
    install(library, "pulumi-utho", "0.1.0");
    const { "package-copies": different } = verdicts();
    expect(different).toMatchObject({
      verdict: "problem",
      detail: expect.stringContaining("2 (0.2.0, 0.1.0)"),
    });
    expect(different?.next).toContain("npm dedupe");
    expect(JSON.stringify(different)).not.toContain(folder);
    install(library, "pulumi-utho", "0.2.0");
    expect(verdicts()["package-copies"]?.verdict).toBe("warning");
  });

  it("are one when a library finds that of the program, also by a link and in a circle", () => {
    write("package.json", { devDependencies: { "pulumi-utho": "*" }, dependencies: { components: "*" } });
    install("", "pulumi-utho", "0.2.0", { components: "*" });
    install("store", "components", "1.0.0", { "pulumi-utho": "*" });
    symlinkSync(join(folder, "store/node_modules/components"), join(folder, "node_modules/components"));
    symlinkSync(join(folder, "node_modules/pulumi-utho"), join(folder, "store/node_modules/pulumi-utho"));
    expect(verdicts()["package-copies"]).toMatchObject({ verdict: "ok", detail: "one" });
  });
});
