import { AuthError } from "../../client/errors";
import { readSettings } from "../../provider/config";
import { connect } from "../stack/account";
import type { ProviderConfig } from "../stack/providers";
import type { StackState } from "../stack/state";
import { standingOf } from "./api";
import { Check, type Finding } from "./finding";

type Answer = "accepted" | "encrypted" | "refused" | "unanswered";

/** Asks with the token of each provider that a program has made for another account. Names none of them. */
export async function checkProviders({ providers }: StackState, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  if (providers.size === 0) return [];
  const check = new Check("state.providers", "Providers of other accounts");
  const answers = await Promise.all([...providers.values()].map((one) => answerTo(one, env)));
  const count = (wanted: Answer) => answers.filter((one) => one === wanted).length;
  const all = answers.length;
  const whose = all === 1 ? "its token is" : "their tokens are";
  if (count("encrypted") > 0) return [check.skipped(`${all}: ${whose} encrypted in this file`)];
  const bad = count("refused") + count("unanswered");
  if (bad === 0) return [check.ok(`${all}: ${whose} accepted`)];
  return [
    check.problem(
      `${bad} of ${all} ${bad === 1 ? "is" : "are"} not accepted`,
      count("refused") > 0
        ? "give each a token of its account, and run `pulumi up`: it updates the providers alone."
        : "check the endpoint that each is given, and the network.",
    ),
  ];
}

async function answerTo({ values, hidden }: ProviderConfig, env: NodeJS.ProcessEnv): Promise<Answer> {
  if (hidden.size > 0) return "encrypted";
  try {
    const settings = readSettings((key) => values.get(key), { ...env, UTHO_TOKEN: undefined });
    await standingOf(await connect(settings));
    return "accepted";
  } catch (error) {
    return error instanceof AuthError ? "refused" : "unanswered";
  }
}
