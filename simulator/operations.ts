/** Calls that only look. */
const readOperationNames = [
  "server.list",
  "server.read",
  "snapshot.listByDeploy",
  "snapshot.list",
  "snapshot.listByZone",
  "action.list",
  "action.read",
  "account.info",
  "zone.list",
  "plan.list",
  "plan.listForSnapshot",
  "image.list",
] as const;

/** Calls that change the cloud. */
export const writeOperationNames = [
  "server.deploy",
  "server.destroy",
  "server.poweron",
  "server.poweroff",
  "server.powercycle",
  "server.hardreboot",
  "snapshot.create",
  "snapshot.restore",
  "snapshot.delete",
] as const;

/** Every call of the API that is imitated, by noun and verb; faults, settings and the request log speak of them so. */
export const operationNames = [...readOperationNames, ...writeOperationNames] as const;

/** One of {@link operationNames}. */
export type OperationName = (typeof operationNames)[number];
