import { findNodeAtLocation, parseTree } from "jsonc-parser";
import type { StackState } from "../stack/state";
import { unreadable } from "../stack/unreadable";

/**
 * The same export with resources appended. Everything else stays as it is written, to the byte: encrypted values, and
 * numbers that JavaScript would round.
 * @throws ProviderFailure `UTHO_STACK` where the export holds no deployment, as that of a stack that was never up may
 */
export function withResources(
  { text, origin }: Pick<StackState, "text" | "origin">,
  added: readonly object[],
): string {
  const tree = parseTree(text);
  const items = added.map((one) => JSON.stringify(one)).join(",\n");
  const list = tree && findNodeAtLocation(tree, ["deployment", "resources"]);
  if (list?.type === "array") {
    const end = list.offset + list.length - 1;
    const comma = (list.children?.length ?? 0) > 0 ? "," : "";
    return `${text.slice(0, end).trimEnd()}${comma}\n${items}\n${text.slice(end)}`;
  }
  const whole = tree && findNodeAtLocation(tree, ["deployment"]);
  if (whole?.type !== "object") {
    throw unreadable(origin, "it holds no deployment.", "run `pulumi up` once, then this command again.");
  }
  // A list that is null would stand there twice; the later one counts, for Go as for JavaScript.
  const end = whole.offset + whole.length - 1;
  const comma = (whole.children?.length ?? 0) > 0 ? "," : "";
  return `${text.slice(0, end).trimEnd()}${comma}\n"resources": [\n${items}\n]\n${text.slice(end)}`;
}
