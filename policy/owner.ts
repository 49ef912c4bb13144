import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { dynamicType, keptLabelOf, labelOf } from "../provider/utho/names";
import { knownText } from "./known";
import type { Asked } from "./options";
import { TYPES } from "./types";

/** Utho has no tags: only a snapshot's name shows, in the console and on the bill, whose it is. */
export function ownerRule(asked: Asked, owner: RegExp): ResourceValidationPolicy {
  return {
    name: "utho-snapshot-names-owner",
    description: `Every snapshot's name shows its owner: it matches ${owner}.`,
    enforcementLevel: asked.levelOf("utho-snapshot-names-owner"),
    validateResource: (args, report) => {
      const name = nameOf(args);
      if (name === undefined || owner.test(name)) return;
      report(
        `the name "${name}" does not match ${owner}. A generated name begins with <stack>-<logical name>: give the resource another logical name, or set its name or namePrefix.`,
      );
    },
  };
}

/** The name that the resource's snapshots will have, or its beginning; `undefined`: the resource chooses no name. */
function nameOf({ type, urn, props }: ResourceValidationArgs): string | undefined {
  const generated = `${labelOf(urn)}-`;
  if (dynamicType(type) === TYPES.snapshot) {
    const isAdopted = knownText(props, "adoptId") !== undefined;
    return knownText(props, "name") ?? (isAdopted ? undefined : generated);
  }
  if (dynamicType(type) === TYPES.rotation) {
    const prefix = knownText(props, "namePrefix") ?? knownText(props, "ownPrefix");
    return prefix === undefined ? generated : `${prefix}-`;
  }
  const makesSafety = dynamicType(type) === TYPES.restore && props.safetySnapshot !== false;
  return makesSafety ? `${keptLabelOf(urn, "before")}-` : undefined;
}
