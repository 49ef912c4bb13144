"""A snapshot before each upgrade: another version takes a new one, and deletes the old one after it is Active."""

import pulumi
import pulumi_utho_snapshots as utho

config = pulumi.Config()
server = utho.get_server(name=config.require("server"))

before = utho.Snapshot(
    "before-upgrade",
    cloud_id=server.cloud_id,
    triggers=[config.require("version")],
)

# A server that is made from it, for trying the upgrade first. Taken out of the configuration, it is destroyed.
plan = config.get("testPlan")
if plan is not None:
    copy = utho.ServerClone("test-copy", snapshot=before, hostname="test-copy", plan_id=plan)
    pulumi.export("address", copy.ipv4)

pulumi.export("snapshot", before.id)
pulumi.export("monthly_cost", before.monthly_cost)
