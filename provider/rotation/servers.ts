import { type Fail, normaliseId, type RawInputs } from "../engine/inputs";
import { isUnknown } from "../engine/values";

/** Checks `cloudId` and `cloudIds`, of which exactly one is wanted, and brings them into one form and order. */
export function checkServers(inputs: Record<string, unknown>, fail: Fail): void {
  const { cloudId, cloudIds } = inputs;
  if (cloudId !== undefined && cloudIds !== undefined) {
    fail(
      "cloudIds",
      "UTHO_ROTATION_INPUT",
      "cloudId and cloudIds are both given; name one server by cloudId, or several by cloudIds",
    );
  } else if (cloudId !== undefined) {
    normaliseId(inputs, "cloudId");
    checkId(inputs.cloudId, "cloudId", fail);
  } else if (cloudIds === undefined) {
    fail("cloudId", "UTHO_ROTATION_INPUT", "no server is named; give cloudId, or cloudIds for several");
  } else if (!isUnknown(cloudIds)) {
    checkIds(inputs, cloudIds, fail);
  }
}

function checkIds(inputs: Record<string, unknown>, value: unknown, fail: Fail): void {
  if (!Array.isArray(value)) {
    fail("cloudIds", "UTHO_ROTATION_INPUT", `cloudIds must be a list of ids, not ${JSON.stringify(value)}`);
    return;
  }
  if (value.length === 0) {
    const why = "a look-up that found no server would otherwise silently end the backups";
    fail("cloudIds", "UTHO_ROTATION_INPUT", `cloudIds is empty; ${why}`);
    return;
  }
  const ids = value.map((id: unknown) => {
    const one: Record<string, unknown> = { id };
    normaliseId(one, "id");
    return one.id;
  });
  for (const id of ids) checkId(id, "cloudIds", fail);
  const known = ids.filter((id): id is string => typeof id === "string");
  inputs.cloudIds = known.length === ids.length ? sortedIds(known) : ids;
}

function checkId(value: unknown, property: string, fail: Fail): void {
  if (isUnknown(value) || (typeof value === "string" && /^\d{1,20}$/.test(value))) return;
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  fail(
    property,
    "UTHO_INPUT_CLOUD_ID",
    `${text} is not the id of a server: ids are numbers, such as "1001"; getServers() lists them`,
  );
}

/** Each id once, in the order of their numbers: the program's order means nothing. */
export function sortedIds(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

/** The servers that checked inputs, or a state, name. */
export function serversOf(values: RawInputs): string[] {
  const { cloudId, cloudIds } = values;
  const given: readonly unknown[] = Array.isArray(cloudIds) ? cloudIds : [cloudIds ?? cloudId];
  return sortedIds(given.filter((id): id is string => typeof id === "string"));
}
