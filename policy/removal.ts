import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { dynamicType } from "../provider/utho/names";
import { knownText } from "./known";
import type { Asked } from "./options";
import { TYPES } from "./types";

/** What cannot be made again goes with its resource, by one line less in a program; the option `protect` stops that. */
export function removalRule(asked: Asked): ResourceValidationPolicy {
  return {
    name: "utho-removal-keeps-data",
    description: "What would be lost for ever with its resource is protected.",
    enforcementLevel: asked.levelOf("utho-removal-keeps-data"),
    validateResource: (args, report) => {
      const loss = args.opts.protect ? undefined : lossOf(args, asked);
      if (loss !== undefined) report(`${loss}: set the resource option protect.`);
    },
  };
}

function lossOf({ type, name, props }: ResourceValidationArgs, asked: Asked): string | undefined {
  if (dynamicType(type) === TYPES.clone && asked.disposable?.test(name) !== true) {
    return "removing this resource destroys the server and its disk";
  }
  if (dynamicType(type) === TYPES.rotation && props.onRemove === "delete") {
    return 'onRemove is "delete", so removing this resource deletes every backup that it made';
  }
  if (dynamicType(type) === TYPES.snapshot && knownText(props, "adoptId") !== undefined) {
    return "this snapshot was there before the program, and removing this resource deletes it (or set retainOnDelete)";
  }
  return undefined;
}
