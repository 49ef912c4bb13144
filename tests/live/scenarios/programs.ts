import type { Session } from "../session";

/** The programs of the run, one after the other. */
export interface Declared {
  trigger: string;
  second?: boolean;
  restore?: boolean;
}

/** The logical names hold nothing of the account. */
export function programOf({ settings }: Session, { trigger, second, restore }: Declared): string {
  const cloudId = JSON.stringify(settings.cloudId);
  return [
    `const first = new utho.Snapshot("first", { cloudId: ${cloudId}, triggers: [${JSON.stringify(trigger)}] });`,
    "exports.first = first.id;",
    ...(second
      ? [`exports.second = new utho.Snapshot("second", { cloudId: ${cloudId}, triggers: [first.id] }).id;`]
      : []),
    ...(restore
      ? [
          'new utho.SnapshotRestore("back", { snapshot: first.id, safetySnapshot: false, acknowledgeDataLoss: true });',
        ]
      : []),
  ].join("\n");
}

/** Asks the stack's outputs for the numbers of its snapshots; to be called after each `up` that changes them. */
export async function readIds(session: Session): Promise<Session["ids"]> {
  const { stdout } = await session.workspace.run("stack", "output", "--json");
  const outputs: Record<string, unknown> = JSON.parse(stdout || "{}");
  session.ids = { first: numberOf(outputs.first), second: numberOf(outputs.second) };
  return session.ids;
}

function numberOf(id: unknown): string | undefined {
  return typeof id === "string" ? id.split("/")[1] : undefined;
}
