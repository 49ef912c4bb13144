import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { compact } from "../../../client/compact";
import { snapshot } from "../../../client/snapshots";
import { asCloneInputs, asCloneState } from "../../../provider/clone/contract";
import { diffClone } from "../../../provider/clone/diff";
import { asRestoreInputs, asRestoreState } from "../../../provider/restore/contract";
import { diffRestore } from "../../../provider/restore/diff";
import { checkRotation } from "../../../provider/rotation/check";
import { asRotationInputs } from "../../../provider/rotation/contract";
import { diffRotation } from "../../../provider/rotation/diff";
import { asRotationState } from "../../../provider/rotation/state";
import { asSnapshotInputs, asSnapshotState, refreshState } from "../../../provider/snapshot/contract";
import { diffSnapshot } from "../../../provider/snapshot/diff";

type Props = Record<string, unknown>;
interface Recorded {
  urn: string;
  type: string;
  id?: string;
  inputs: Props;
  outputs: Props;
  external?: boolean;
}

const FILE = resolve(__dirname, "../../recorded/0.1.0.json");
const { state }: { state: { deployment: { resources: Recorded[] } } } = JSON.parse(
  readFileSync(FILE, "utf8"),
);

/** Moments after the recording: the rotation takes a snapshot every ten years. */
const NOW = Date.parse("2026-12-01T00:00:00Z");

/** What each kind's `diff` says, as the engine asks it: state's outputs, the program's inputs. */
const DIFFS: Record<string, (id: string, olds: Props, news: Props) => { changes: boolean }> = {
  Snapshot: (id, olds, news) => diffSnapshot(id, asSnapshotState(olds), asSnapshotInputs(news)),
  SnapshotRestore: (_id, olds, news) => diffRestore(asRestoreState(olds), asRestoreInputs(news)),
  ServerClone: (_id, olds, news) => diffClone(asCloneState(olds), asCloneInputs(news)),
  SnapshotRotation: (_id, olds, news) =>
    diffRotation(asRotationState(olds), asRotationInputs(news), NOW, true),
};

const CASES = state.deployment.resources.flatMap(({ urn, type, id, inputs, outputs, external }) => {
  const kind = type.slice(type.lastIndexOf(":") + 1);
  const diff = DIFFS[kind];
  const name = `${kind} ${urn.slice(urn.lastIndexOf(":") + 1)}`;
  return diff === undefined || id === undefined || external
    ? []
    : [{ name, kind, id, inputs, outputs, diff }];
});

describe.each(CASES)("what 0.1.0 recorded of the $name", ({ id, inputs, outputs, diff }) => {
  it("is no change, and neither is another value of a hidden input", () => {
    expect(diff(id, outputs, inputs)).toMatchObject({ changes: false });
    const resourceUrn = "urn:pulumi:prod::store::shop:index:Site$pulumi-nodejs:dynamic/utho:Some::moved";
    const moved = [{ resourceUrn }, { timeouts: { create: "3h", delete: "1h" } }, { resourceUrn: undefined }];
    for (const hidden of moved) {
      expect(diff(id, outputs, { ...inputs, ...hidden })).toMatchObject({ changes: false });
    }
  });
});

describe("a rotation that was moved", () => {
  it("keeps the mark and the prefix by which it knows its snapshots", () => {
    const [rotation] = CASES.filter(({ kind }) => kind === "SnapshotRotation");
    const { mark, ownPrefix, ...program } = rotation?.inputs ?? {};
    const { inputs } = checkRotation(rotation?.inputs ?? {}, {
      ...program,
      resourceUrn: "urn:pulumi:a::b::c::d",
    });
    expect(inputs).toMatchObject({ mark, ownPrefix, resourceUrn: "urn:pulumi:a::b::c::d" });
    expect(rotation?.diff("", rotation.outputs, inputs)).toMatchObject({ changes: false });
  });

  it("every kind is recorded", () => {
    expect(new Set(CASES.map(({ kind }) => kind))).toEqual(new Set(Object.keys(DIFFS)));
  });
});

const SNAPSHOTS = CASES.filter(({ kind }) => kind === "Snapshot");

describe.each(SNAPSHOTS)("what 0.1.0 recorded of the $name", ({ outputs }) => {
  it("is refreshed without an output that came later", () => {
    const {
      cloudId,
      snapshotId: id,
      status,
      sizeGb,
      storage,
      createdAt,
      name,
      ...state
    } = asSnapshotState(outputs);
    const wire = {
      id,
      cloudid: cloudId,
      name,
      status,
      size: sizeGb,
      storage,
      image: "debian-12",
      note: "a note",
    };
    const listed = v.parse(snapshot, wire);
    const known = compact({ cloudId, snapshotId: id, status, sizeGb, storage, createdAt, name, ...state });
    expect(refreshState(known, listed, { cloudId, zone: () => "Asia/Kolkata" })).toEqual(known);
  });
});
