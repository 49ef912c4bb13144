import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cronLines, type NightlyProject, nightlyFiles } from "../../../../cli/init/files";
import { tarballIn } from "../../../../cli/init/run";
import { ROOT } from "../../security/lockfile";

const project: NightlyProject = {
  name: "backups",
  servers: [
    { cloudId: "1001", hostname: "web-1" },
    { cloudId: "1002", hostname: "db\u20281\n// " },
  ],
  leftOut: [],
  stack: "it's",
  timeZone: "Asia/Kolkata",
  at: "02:05",
  packages: { "pulumi-utho": "^0.1.0", "@pulumi/pulumi": "^3.215.0" },
  path: ["/opt/my node/bin", "/usr/bin"],
  backend: undefined,
};

it("init installs the package from the tarball that the project around it has it from", () => {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-utho-init-"));
  const found = (manifest: object) => {
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    return tarballIn(folder);
  };
  expect(tarballIn(folder)).toBeUndefined();
  expect(found({ dependencies: { "pulumi-utho": "file:../pulumi-utho-0.1.0.tgz" } })).toBe(
    `file:${join(folder, "../pulumi-utho-0.1.0.tgz")}`,
  );
  for (const spec of ["^0.1.0", "file:.", "workspace:*"])
    expect(found({ devDependencies: { "pulumi-utho": spec } })).toBeUndefined();
  expect(found({})).toBeUndefined();
  rmSync(folder, { recursive: true });
});

describe("a project for nightly snapshots", () => {
  it("names each server by its id, whatever its hostname holds", () => {
    const program = nightlyFiles(project)["index.js"] ?? "";
    expect(program).toContain('    "1001", // web-1\n    "1002", // db\\u{2028}1\\u{a}// \n  ],');
    expect(() => new Function("require", "exports", program)).not.toThrow();
  });

  it("has one place for the environment, which a shell reads as it was meant", () => {
    const env = nightlyFiles(project)["nightly.env"] ?? "";
    const shown =
      'set -a; eval "$0"; echo "$PATH|$PULUMI_STACK|$PULUMI_BACKEND_URL|$PULUMI_CONFIG_PASSPHRASE_FILE"';
    const out = execFileSync("/bin/sh", ["-c", shown, env], { cwd: "/tmp", encoding: "utf8" });
    expect(out.trim()).toBe(
      "/opt/my node/bin:/usr/bin:/usr/local/bin:/bin|it's|file:///tmp/state|/tmp/passphrase",
    );
  });

  it("keeps what is secret out of git, and has a script that a shell can read", () => {
    const files = nightlyFiles(project);
    expect(files[".gitignore"]?.split("\n")).toEqual(
      expect.arrayContaining(["passphrase", "state/", "nightly.env"]),
    );
    expect(() => execFileSync("bash", ["-n"], { input: files["nightly.sh"] })).not.toThrow();
    expect(JSON.parse(files["package.json"] ?? "")).toMatchObject({
      dependencies: { "pulumi-utho": "^0.1.0" },
    });
  });

  it("counts a server that was not chosen as known, by its id, and no other one", () => {
    expect(nightlyFiles(project)["ignore.json"]).toBeUndefined();
    const leftOut = [{ cloudId: "1003", hostname: "mail" }];
    const { ignore } = JSON.parse(nightlyFiles({ ...project, leftOut })["ignore.json"] ?? "");
    expect(ignore).toMatchObject([{ match: "1003", kinds: ["uncovered", "stale"] }]);
  });

  it("has lines for cron: the run, and the check hours later", () => {
    expect(cronLines("/srv/backups", "02:05")).toEqual([
      "5 2 * * *  /srv/backups/nightly.sh",
      "5 6 * * *  /srv/backups/nightly.sh check",
    ]);
    expect(cronLines("/srv/my backups", "22:00")).toEqual([
      "0 22 * * *  '/srv/my backups'/nightly.sh",
      "0 2 * * *  '/srv/my backups'/nightly.sh check",
    ]);
  });

  it("has the script of the recipe for cron, which tests run over bad nights", () => {
    const recipe = readFileSync(join(ROOT, "examples/ci/cron/nightly.sh"), "utf8");
    expect(nightlyFiles(project)["nightly.sh"]).toBe(recipe);
  });
});
