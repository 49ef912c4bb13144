import { textsOf } from "../../provider/engine/inputs";
import type { SnapshotInfo } from "../../provider/lookup/types";
import { shownLabel } from "../../provider/utho/names";
import { isActive } from "../../provider/utho/status";
import { type Column, tableLines } from "../screen/table";
import type { Terminal } from "../screen/terminal";
import { ageText, reasonsText, wall } from "../screen/text";
import { type Owner, Ownership, rotatedBy } from "../stack/ownership";
import type { StackState } from "../stack/state";
import { isSafetyName, newestFirst } from "./pick";

/** A snapshot that a server can be put back to, or made from. */
export interface Listed {
  id: string;
  name: string;
  /** ISO 8601 in UTC; null: not known. */
  takenAt: string | null;
  ageSeconds: number | null;
  status: string;
  usable: boolean;
  sizeGb: number | null;
  /** Who made it, and what for. */
  why: string;
}

/** Snapshots of one server, the newest first, with the reason why each is there as far as the states say it. */
export function listed(
  snapshots: readonly SnapshotInfo[],
  states: readonly StackState[],
  now: number,
): Listed[] {
  const ownership = new Ownership(states);
  return newestFirst(snapshots).map((one) => {
    const { id, name, status, createdAt, sizeGb } = one;
    const ageSeconds = createdAt === undefined ? null : Math.round((now - Date.parse(createdAt)) / 1000);
    const times = { takenAt: createdAt ?? null, ageSeconds, sizeGb: sizeGb ?? null };
    return { id, name, status, usable: isActive(status), ...times, why: reasonOf(one, ownership) };
  });
}

/** Of what kind the resource is that owns a snapshot, as far as these states say it. */
export function kindsBy(
  states: readonly StackState[],
): (snapshot: SnapshotInfo) => Owner["kind"] | undefined {
  const ownership = new Ownership(states);
  return ({ snapshotId, cloudId, name }) => ownership.claimOn({ id: snapshotId, cloudId, name })?.owner.kind;
}

function reasonOf({ id, snapshotId, cloudId, name }: SnapshotInfo, ownership: Ownership): string {
  const claim = ownership.claimOn({ id: snapshotId, cloudId, name });
  const label = shownLabel(name);
  if (claim === undefined && isSafetyName(name)) return "the server before a restore";
  if (claim === undefined) return label === undefined ? "made by hand" : `made by ${label}`;
  const { owner, resource } = claim;
  if (owner.kind === "SnapshotRestore") return `the server before ${owner.name}`;
  const reasons = textsOf(rotatedBy(resource).get(id)?.reasons) ?? [];
  return reasons.length === 0 ? `${owner.kind} ${owner.name}` : `${owner.name}: ${reasonsText(reasons)}`;
}

function whyText({ why, usable, status }: Listed): string {
  return usable ? why : `not usable (${status}), ${why}`;
}

/** The list for people. */
export function listedLines(all: readonly Listed[], timeZone: string, terminal: Terminal): string[] {
  const columns: readonly Column<Listed>[] = [
    { head: "Id", text: ({ id }) => id, color: ({ usable }) => (usable ? "green" : "red") },
    {
      head: "Age",
      text: ({ ageSeconds }) => (ageSeconds === null ? "" : ageText(ageSeconds * 1000)),
      align: "right",
    },
    {
      head: `Taken (${timeZone})`,
      text: ({ takenAt }) => (takenAt === null ? "" : wall(Date.parse(takenAt), timeZone)),
    },
    { head: "Size", text: ({ sizeGb }) => (sizeGb === null ? "" : `${sizeGb} GB`), align: "right", spare: 1 },
    {
      head: "Why it is there",
      text: whyText,
      least: "nightly: last, daily, weekly, monthly".length,
      tail: 0,
    },
    { head: "Name", text: ({ name }) => name, least: 20, tail: "20261124t104207z".length, spare: 2 },
  ];
  return tableLines(all, columns, terminal);
}
