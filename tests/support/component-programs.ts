/**
 * Components as people write them: several children of all kinds that use each other, a component within a component,
 * and something outside that waits for the whole. `utho` and `pulumi` are at hand.
 */
export const COMPONENTS = `
class Backups extends pulumi.ComponentResource {
  constructor(name, opts) {
    super("shop:index:Backups", name, {}, opts);
    const parent = this;
    this.web = new utho.Snapshot(name + "-web", { cloudId: "1001" }, { parent });
    this.db = new utho.Snapshot(name + "-db", { cloudId: "1002", triggers: [this.web.id] }, { parent });
    this.undo = new utho.SnapshotRestore(name + "-undo", { snapshot: this.db, triggers: ["once"] }, { parent });
    this.copy = new utho.ServerClone(name + "-copy",
      { snapshot: this.web, hostname: "copy-1", planId: "10045" }, { parent });
    this.nightly = new utho.SnapshotRotation(name + "-nightly",
      { cloudIds: ["1001"], every: "3650d", keep: { last: 2 } }, { parent });
    this.registerOutputs({ web: this.web.id });
  }
}
class Site extends pulumi.ComponentResource {
  constructor(name, opts) {
    super("shop:index:Site", name, {}, opts);
    this.backups = new Backups(name + "-inner", { parent: this });
    this.last = new utho.Snapshot(name + "-last", { cloudId: "1002" }, { parent: this, dependsOn: this.backups });
  }
}
const declare = (name, opts) => {
  const site = new Site(name, opts);
  const after = new utho.Snapshot("after", { cloudId: "1001" }, { dependsOn: [site] });
  return { site, after };
};
`;

/** What each resource of the program above depends on, by logical names; `{}`: nothing. */
export const DEPENDENCIES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "shop-inner-web": {},
  "shop-inner-db": { triggers: ["shop-inner-web"] },
  "shop-inner-undo": { snapshot: ["shop-inner-db"], sources: ["shop-inner-db"] },
  "shop-inner-copy": { snapshot: ["shop-inner-web"] },
  "shop-inner-nightly": {},
};
