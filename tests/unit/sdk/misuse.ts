/**
 * Programs with mistakes in them. This file is never run: types.test.ts compiles it, and each mistake that the compiler
 * does not see is an error there.
 */
import * as pulumi from "@pulumi/pulumi";
import * as utho from "../../../sdk";

// @ts-expect-error: a snapshot is of one server, and cloudId says of which
new utho.Snapshot("web", {});
// @ts-expect-error: no arguments at all
new utho.Snapshot("web");
// @ts-expect-error: an unknown argument
new utho.Snapshot("web", { cloudId: "1001", serverId: "1001" });
// @ts-expect-error: ids are texts
new utho.Snapshot("web", { cloudId: 1001 });
// @ts-expect-error: a flag is no text
new utho.Snapshot("web", { cloudId: "1001", powerOff: "yes" });
// @ts-expect-error: triggers are a list or a record
new utho.Snapshot("web", { cloudId: "1001", triggers: "v1" });
// @ts-expect-error: an output that may be undefined
new utho.Snapshot("web", { cloudId: new utho.Snapshot("other", { cloudId: "1" }).serverName });
// @ts-expect-error: options come third
new utho.Snapshot("web", { cloudId: "1001", protect: true });

const snapshot = new utho.Snapshot("good", {
  cloudId: pulumi.output("1001"),
  name: pulumi.secret("golden"),
  triggers: ["v1", pulumi.output(1), { deep: true }],
});
// Undefined means left out, also behind an output.
new utho.Snapshot("left out", {
  cloudId: "1001",
  name: undefined,
  powerOff: pulumi.output<boolean | undefined>(undefined),
});
new utho.Snapshot("record", { cloudId: "1001", triggers: { version: "v1", commit: pulumi.output("abc") } });

export const id: pulumi.Output<string> = snapshot.id;
export const size: pulumi.Output<number | undefined> = snapshot.sizeGb;
// @ts-expect-error: the size may be undefined
export const surelySized: pulumi.Output<number> = snapshot.sizeGb;
// @ts-expect-error: outputs are not to be written
snapshot.name = pulumi.output("renamed");
// @ts-expect-error: no such output
export const nothing = snapshot.cost;

// @ts-expect-error: get takes the id too
utho.Snapshot.get("theirs");
export const theirs: utho.Snapshot = utho.Snapshot.get("theirs", pulumi.interpolate`${"1001"}/9001`);

// @ts-expect-error: a singular look-up wants a filter
utho.getSnapshot();
// @ts-expect-error: an unknown filter
utho.getServers({ hostname: "web-1" });
// @ts-expect-error: outputs go to the Output form
utho.getSnapshots({ name: snapshot.name });
// @ts-expect-error: the plain form gives a promise
export const wrong: pulumi.Output<utho.GetServersResult> = utho.getServers();
export const right: pulumi.Output<utho.GetServersResult> = utho.getServersOutput({
  name: snapshot.serverName,
});
export const lifted: pulumi.Output<string> = utho.getSnapshotOutput({ name: snapshot.name }).id;
export const listed: pulumi.Output<string> = utho.getSnapshotOutput({
  status: [snapshot.status, "Pending"],
}).id;
