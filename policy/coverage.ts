import type { PolicyResource, StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { dynamicType } from "../provider/utho/names";
import { known, knownText, knownTexts } from "./known";
import type { Asked } from "./options";
import { TYPES } from "./types";

/** A server that must be covered, and why. */
interface Wanted {
  cloudId: string | undefined;
  /** The clone that makes it: in a preview its id is not known, but who depends on it is. */
  madeBy: PolicyResource | undefined;
  what: string;
}

/** Every server that the program makes, restores or is asked to watch has a snapshot or a rotation in the stack. */
export function coverageRule(asked: Asked): StackValidationPolicy {
  return {
    name: "utho-server-is-covered",
    description: "Every server that the program makes, restores or names has a snapshot or a rotation.",
    enforcementLevel: asked.levelOf("utho-server-is-covered"),
    validateStack: (args, report) => {
      const covering = args.resources.filter(covers);
      for (const wanted of serversIn(args, asked)) {
        if (covering.some((resource) => isOf(resource, wanted))) continue;
        const message = `${wanted.what} has neither a Snapshot nor a SnapshotRotation in this stack: declare one, so that what it holds can be brought back.`;
        report(message, wanted.madeBy?.urn);
      }
    },
  };
}

/** A rotation that is paused takes nothing. */
function covers({ type, props }: PolicyResource): boolean {
  if (dynamicType(type) === TYPES.snapshot) return true;
  return dynamicType(type) === TYPES.rotation && known(props, "paused") !== true;
}

function serversIn({ resources }: StackValidationArgs, asked: Asked): Wanted[] {
  const clones = resources
    .filter(({ type, name }) => dynamicType(type) === TYPES.clone && asked.disposable?.test(name) !== true)
    .map((clone) => {
      const cloudId = knownText(clone.props, "cloudId");
      return { cloudId, madeBy: clone, what: `The server of ServerClone "${clone.name}"` };
    });
  const restored = resources
    .filter(({ type }) => dynamicType(type) === TYPES.restore)
    .flatMap(({ name, props }) => {
      // What 0.1.0 wrote names its source `snapshotId`.
      const cloudId = (knownText(props, "snapshot") ?? knownText(props, "snapshotId"))?.split("/")[0];
      if (cloudId === undefined) return [];
      return [
        { cloudId, madeBy: undefined, what: `Server ${cloudId}, which SnapshotRestore "${name}" puts back,` },
      ];
    });
  const named = asked.servers.map((cloudId) => ({ cloudId, madeBy: undefined, what: `Server ${cloudId}` }));
  return onceEach([...named, ...clones, ...restored]);
}

function onceEach(wanted: readonly Wanted[]): Wanted[] {
  const seen = new Set<string>();
  return wanted.filter(({ cloudId }) => {
    if (cloudId === undefined) return true;
    const isNew = !seen.has(cloudId);
    seen.add(cloudId);
    return isNew;
  });
}

function isOf({ props, propertyDependencies }: PolicyResource, { cloudId, madeBy }: Wanted): boolean {
  if (cloudId !== undefined) {
    const ids = [knownText(props, "cloudId"), ...knownTexts(props, "cloudIds")];
    if (ids.includes(cloudId)) return true;
  }
  if (madeBy === undefined) return false;
  const sources = [...(propertyDependencies.cloudId ?? []), ...(propertyDependencies.cloudIds ?? [])];
  return sources.some(({ urn }) => urn === madeBy.urn);
}
