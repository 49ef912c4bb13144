import { readPage } from "./pages";

/** One of the modules that a program can import. */
export interface EntryPoint {
  /** "pulumi-utho/client". */
  specifier: string;
  /** "client/index.ts". */
  source: string;
}

interface Manifest {
  name: string;
  exports: Record<string, string | { types: string }>;
}

/** What package.json exports as code, with the source that it is compiled from. */
export function entryPoints(): EntryPoint[] {
  const { name, exports }: Manifest = JSON.parse(readPage("package.json"));
  return Object.entries(exports).flatMap(([path, target]) => {
    if (typeof target === "string") return [];
    const source = target.types.replace(/^\.\/dist\//, "").replace(/\.d\.ts$/, ".ts");
    return [{ specifier: name + path.slice(1), source }];
  });
}
