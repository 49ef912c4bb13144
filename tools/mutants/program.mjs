/** Defects of what runs in the user's program: look-ups and Providers. */
export const PROGRAM_MUTANTS = [
  {
    defect: "an id that a look-up has found counts as written in the program",
    file: "sdk/source.ts",
    from: 'return hasAnswered(given) ? "computed" : undefined;',
    to: "return undefined;",
    test: "tests/unit/sdk/source.test.ts",
  },
  {
    defect: "what a run's look-ups have learned outlives the run",
    file: "sdk/run.ts",
    from: "const known = memories.get(run) ?? new Map<string, ProviderRuntime>();\n  memories.set(run, known);\n",
    to: "const known = memories.get(memories) ?? new Map<string, ProviderRuntime>();\n  memories.set(memories, known);\n",
    test: "tests/unit/sdk/runs.test.ts",
  },
  {
    defect: "look-ups of other settings share a connection",
    file: "provider/lookup/index.ts",
    from: "JSON.stringify(runtime.settings())",
    to: '"one for all"',
    test: "tests/unit/sdk/runs.test.ts",
  },
  {
    defect: "an unknown filter of a look-up is ignored",
    file: "sdk/lookup.ts",
    from: "  checkFilters(call, filters);\n",
    to: "",
    test: "tests/unit/sdk/runs.test.ts",
  },
  {
    defect: "a Provider without a token takes the stack's",
    file: "sdk/provider.ts",
    from: 'key === "token" ? "" : ofStack(key)',
    to: "ofStack(key)",
    test: "tests/unit/sdk/provider.test.ts",
  },
  {
    defect: "a look-up takes no notice of its parent's provider",
    file: "sdk/account.ts",
    from: "opts.provider ?? opts.parent?.getProvider(SNAPSHOT_TYPE)",
    to: "opts.provider",
    test: "tests/unit/sdk/provider.test.ts",
  },
  {
    defect: "each kind of resource makes its own turns of the servers",
    file: "provider/utho/runtime.ts",
    from: "    if (isDeepStrictEqual(given, this.given)) return;\n",
    to: "",
    test: "tests/unit/provider/runtime.test.ts",
  },
  {
    defect: "a paused rotation deletes the snapshots of a server that leaves",
    file: "provider/rotation/outlook.ts",
    from: 'return onRemove === "delete" && !paused;',
    to: 'return onRemove === "delete";',
    test: "tests/unit/provider/rotation/leaving.test.ts",
  },
];
