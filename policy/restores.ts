import type { ResourceValidationPolicy } from "@pulumi/policy";
import { dynamicType } from "../provider/utho/names";
import type { Asked } from "./options";
import { TYPES } from "./types";

/** A restore overwrites a disk; what it held is kept first, whatever the program acknowledges. */
export function restoreRule(asked: Asked): ResourceValidationPolicy {
  return {
    name: "utho-restore-keeps-safety-snapshot",
    description: "Every restore keeps the server's present state in a safety snapshot first.",
    enforcementLevel: asked.levelOf("utho-restore-keeps-safety-snapshot"),
    validateResource: ({ type, props }, report) => {
      if (dynamicType(type) !== TYPES.restore || props.safetySnapshot !== false) return;
      report(
        "safetySnapshot is false, so what the server holds now is lost for ever: leave safetySnapshot out.",
      );
    },
  };
}
