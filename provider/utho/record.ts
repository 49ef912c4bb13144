import type { Action, WallTime } from "../../client";
import { byNumber } from "../engine/inputs";
import { ifAnswered, isNotOffered } from "../failure";
import type { Operation } from "./runtime";

/** Of this server, the oldest first, by a clock of its own; `undefined`: Utho keeps no such record. */
export async function recordOf({ account, cloudId }: Operation): Promise<Action[] | undefined> {
  try {
    const actions = await account.client.actions.list();
    return actions
      .filter(({ resourceId }) => resourceId === cloudId)
      .sort((a, b) => (a.startedAt ?? "").localeCompare(b.startedAt ?? "") || byNumber(a.id, b.id));
  } catch (error) {
    if (isNotOffered(error)) return undefined;
    throw error;
  }
}

/** The same where a passing fault may count as "no record". */
export function recordIfOffered(operation: Operation): Promise<Action[] | undefined> {
  return ifAnswered(recordOf(operation));
}

/** A time of the record, in milliseconds of its own clock. */
export function millisecondsOf(wall: WallTime | undefined): number {
  return Date.parse(`${wall}Z`);
}
