import { isObject, textOf } from "../json";
import { isSuccess, serverIn } from "../observer/rows";
import { distinct, type Evidence, type Finding, finding } from "./finding";
import { acceptedOrRefused } from "./refusals";

/** What a restore does; asked only where the user agreed to it. */
export function restore({ exchanges, cloudId }: Evidence): Finding[] {
  const question = "Restore: its answer, and the server's words afterwards";
  const call = exchanges.find(({ method, path }) => method === "POST" && path.endsWith("/restore"));
  if (call === undefined) return [finding("restore", question, undefined)];
  const kind = call.answer?.kind ?? "no answer";
  const shape = isObject(call.answer?.json) ? "an object" : kind;
  const words = exchanges
    .filter(({ sentAt }) => sentAt >= call.answeredAt)
    .map((one) => serverIn(one, cloudId))
    .filter((server) => server !== undefined)
    .map((server) => `${textOf(server.status)}/${textOf(server.powerstatus)}`);
  return [
    finding(
      "restore",
      question,
      isSuccess(call) ? `accepted, ${shape} in HTTP ${call.answer?.status}` : acceptedOrRefused(call),
      {
        details: { words: distinct(words) },
        samples: [call],
      },
    ),
  ];
}

/** Open points on which a run says nothing, and why. */
export const NOT_ASKED: readonly (readonly [point: string, why: string])[] = [
  ["Whether snapshots outlive their server", "it would need the destruction of a server"],
  ["A snapshot named under a server that is not its own", "it would need a second disposable server"],
  [
    "Status words of a snapshot that fails",
    "a failure cannot be ordered; status-words has any that was seen",
  ],
  ["Power calls and their answers", "the kit leaves the server's power alone"],
  [
    "Deployment from a snapshot, also in another data centre, and the fields that it needs",
    "it would buy a server",
  ],
  ["What confirms the destruction of a server", "the only server that the kit may touch is yours"],
  ["Pages of servers that shift while they are read", "it would need servers that come and go"],
];
