import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(__dirname, "../../../simulator");

/** What each layer may import besides itself, and why not more. */
const allowed: Record<string, { layers: string[]; because: string }> = {
  store: { layers: [], because: "the state knows no rule, no setting and no HTTP" },
  settings: { layers: [], because: "a setting is a value" },
  rules: { layers: ["store", "settings"], because: "a rule decides by state and settings, whatever asks it" },
  answers: {
    layers: ["rules", "store", "settings"],
    because: "an answer is the wire form of what a rule found",
  },
  routes: {
    layers: ["answers", "rules", "store"],
    because: "a route maps HTTP to a rule and decides nothing",
  },
  faults: {
    layers: ["answers", "settings"],
    because: "a fault distorts an answer and never reads the state",
  },
  http: {
    layers: ["faults", "routes", "answers", "rules", "settings"],
    because: "an exchange puts the parts in their order",
  },
  control: {
    layers: ["faults", "http", "rules", "store", "settings"],
    because: "control acts on the state behind the API's back",
  },
};

/** Files of the simulator's root that every layer may use. */
const shared = ["error", "clock", "operations"];

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : [path];
  });
}

function imports(file: string): string[] {
  // Programs in docstrings import the package as its users do.
  return [...readFileSync(file, "utf8").matchAll(/^(?! \*).*from "([^"]+)"/gm)].map((match) =>
    String(match[1]),
  );
}

describe("the layers of the simulator", () => {
  it.each(Object.entries(allowed))("%s", (layer, { layers, because }) => {
    for (const file of sources(join(root, layer))) {
      for (const target of imports(file).filter((one) => one.startsWith("."))) {
        const [first = "", second] = relative(root, resolve(dirname(file), target)).split("/");
        const ok = second === undefined ? shared.includes(first) : first === layer || layers.includes(first);
        expect(ok, `${relative(root, file)} imports ${target}, but ${because}`).toBe(true);
      }
    }
  });

  it("there is no other layer", () => {
    const folders = readdirSync(root, { withFileTypes: true }).filter((one) => one.isDirectory());
    expect(folders.map((one) => one.name).sort()).toEqual(Object.keys(allowed).sort());
  });

  it("nothing is imported from the rest of the package, and few libraries", () => {
    for (const file of sources(root)) {
      for (const target of imports(file)) {
        if (target.startsWith(".")) expect(resolve(dirname(file), target).startsWith(root)).toBe(true);
        else expect(target).toMatch(/^(valibot|node:.+)$/);
      }
    }
  });
});
