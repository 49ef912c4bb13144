import { type Terminal, UsageError } from "../screen/terminal";
import { StackAccess } from "../stack/access";
import { type ConfigValue, readStackConfig } from "../stack/account";
import { readStateFile } from "../stack/file";
import type { ProviderConfig } from "../stack/providers";
import { PulumiCli } from "../stack/pulumi-cli";
import { type AccountView, viewAccount } from "../stack/view";
import type { RotationPlanFlags } from "./flags";
import { forecast } from "./forecast";
import { forecastJson } from "./json";
import { forecastText } from "./screen";
import { type RotationSubject, subjectOfFlags, subjectsOfState } from "./subject";

/**
 * Prints what rotations would do now.
 *
 * Errors: those of the account (`UTHO_TOKEN_MISSING` and whatever Utho answers); `UTHO_STACK` where the state cannot
 * be read or holds no rotation.
 */
export async function runRotationPlan(flags: RotationPlanFlags, terminal: Terminal): Promise<void> {
  const pulumi = new PulumiCli(flags.cwd, terminal);
  const subjects = await subjectsOf(flags, pulumi);
  const config: ReadonlyMap<string, ConfigValue> =
    flags.stack === undefined ? new Map() : await readStackConfig(flags.stack, pulumi);
  const today = Date.now();
  const now = flags.now ?? today;
  const views = new Map<ProviderConfig | undefined, AccountView>();
  for (const { provider } of subjects) {
    if (!views.has(provider)) views.set(provider, await viewAccount(config, provider, terminal));
  }
  const forecasts = subjects.flatMap((subject) => {
    const view = views.get(subject.provider);
    return view === undefined ? [] : [forecast(subject, view, now, today)];
  });
  if (flags.json) terminal.out(JSON.stringify(forecastJson(forecasts, now), null, 2));
  else for (const one of forecasts) terminal.out(forecastText(one, now, terminal));
}

async function subjectsOf(flags: RotationPlanFlags, pulumi: PulumiCli): Promise<RotationSubject[]> {
  const { state, cloudId, stack } = flags;
  if (cloudId !== undefined) {
    if (state !== undefined) throw new UsageError("--cloud-id and --state cannot be given together");
    return [subjectOfFlags(flags)];
  }
  if (flags.prefix !== undefined || flags.mark !== undefined) {
    throw new UsageError(
      "--prefix and --mark are for a rotation that is in no state: --cloud-id is wanted too",
    );
  }
  if (state !== undefined) return subjectsOfState(readStateFile(state), flags);
  if (stack !== undefined) {
    return subjectsOfState(await new StackAccess(pulumi, stack).exportToAsk(), flags);
  }
  throw new UsageError("--stack, --state or --cloud-id is wanted: which rotation is to be planned?");
}
