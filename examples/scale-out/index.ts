import * as pulumi from "@pulumi/pulumi";
import * as utho from "pulumi-utho";

const config = new pulumi.Config();
const count = config.getNumber("count") ?? 3;
const planId = config.require("planId");

const { cloudId } = utho.getServerOutput({ name: config.require("source") });

/** The server as it is good, with everything installed. */
const golden = new utho.Snapshot("golden", { cloudId, triggers: [config.get("release") ?? "1"] });

// A new golden snapshot replaces no running server: it counts for servers that are added from then on.
const workers: utho.ServerClone[] = [];
for (let number = 1; number <= count; number++) {
  const hostname = `${pulumi.getStack()}-worker-${number}`;
  workers.push(new utho.ServerClone(`worker-${number}`, { snapshot: golden, hostname, planId }));
}

export const addresses = workers.map(({ hostname, ipv4 }) => pulumi.interpolate`${hostname} ${ipv4}`);
