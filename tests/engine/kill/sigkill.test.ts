import { familyOf } from "../../support/processes";
import type { RunningCommand } from "../../support/stack";
import { stopEverywhere } from "./suite";

stopEverywhere([
  {
    by: "SIGKILL of the CLI and its plugins",
    records: false,
    stop: async ({ child }: RunningCommand) => {
      for (const pid of familyOf(child.pid ?? 0)) process.kill(pid, "SIGKILL");
    },
  },
  { by: "SIGKILL of the CLI alone", records: false, stop: async ({ child }) => void child.kill("SIGKILL") },
]);
