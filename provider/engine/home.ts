import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * Pulumi's own folder on this machine, where notes of this package are kept too. `undefined`: there is none, since the
 * user of a container may have no home.
 */
export function pulumiHome(env: NodeJS.ProcessEnv): string | undefined {
  const { PULUMI_HOME: told = "" } = env;
  if (told !== "") return told;
  const home = userHome();
  return isAbsolute(home) ? join(home, ".pulumi") : undefined;
}

function userHome(): string {
  try {
    return homedir();
  } catch {
    return "";
  }
}
