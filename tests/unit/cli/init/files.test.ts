import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { cronLine, type NightlyProject, nightlyFiles } from "../../../../cli/init/files";

const project: NightlyProject = {
  name: "backups",
  servers: [
    { cloudId: "1001", hostname: "web-1" },
    { cloudId: "1002", hostname: "db\u20281\n// " },
  ],
  stack: "it's",
  timeZone: "Asia/Kolkata",
  at: "02:05",
  packages: { "pulumi-utho": "^0.1.0", "@pulumi/pulumi": "^3.215.0" },
  path: ["/opt/my node/bin", "/usr/bin"],
  backend: undefined,
};

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

  it("has a line for cron", () => {
    expect(cronLine("/srv/backups", "02:05")).toBe("5 2 * * *  /srv/backups/nightly.sh");
    expect(cronLine("/srv/my backups", "00:00")).toBe("0 0 * * *  '/srv/my backups'/nightly.sh");
  });
});
