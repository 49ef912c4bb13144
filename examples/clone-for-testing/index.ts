import * as pulumi from "@pulumi/pulumi";
import * as utho from "pulumi-utho";

const config = new pulumi.Config();

/** The CI run; part of the hostname, so that runs at the same time never meet. */
const run = config.require("run");

// The newest snapshot that is there already: a test must not make production wait for one.
const snapshot = utho.getSnapshotOutput({ cloudId: config.require("cloudId"), mostRecent: true });

const staging = new utho.ServerClone(
  "staging",
  { snapshot: snapshot.id, hostname: `staging-${run}`, planId: config.require("planId") },
  { customTimeouts: { create: "20m" } },
);

export const address = staging.ipv4;
/** Secret: `pulumi stack output password --show-secrets`. */
export const password = staging.password;
