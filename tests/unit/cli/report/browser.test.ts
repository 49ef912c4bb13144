import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { renderHtml } from "../../../../cli/report/html/page";
import type { Report } from "../../../../cli/report/model";
import { hasBrowser, openBrowser } from "../../../support/browser";
import { hostileReport, sampleReport } from "./sample";

const HOSTILE = `<img src="http://127.0.0.1:9/x" onerror="document.title='owned'"><script>document.title='owned'</script>'"&\u202e`;
/** Runs in the page, and so is no part of the tests' own program. */
const CONTRAST = readFileSync(join(__dirname, "contrast.js"), "utf8");
const PATIENCE = 180_000;

/** The sample with many more snapshots, of other ages and sizes. */
function manySnapshots(): Report {
  const report = sampleReport();
  const more = Array.from({ length: 200 }, (_, index) => {
    const one = report.snapshots[index % report.snapshots.length];
    if (one === undefined) throw new Error("the sample has snapshots");
    const createdAt = new Date(Date.parse("2026-11-24T11:00:00Z") - index * 3_600_000).toISOString();
    return { ...one, id: `1001/${6000 + index}`, name: `${one.name} ${index}`, sizeGb: index, createdAt };
  });
  return { ...report, snapshots: more };
}

const LONG = "db-primary-mumbai-zone-2.internal.production.example-company.com";

/** Sixty servers with names that begin alike and are wider than a phone. */
function fleet(): Report {
  const servers = Array.from({ length: 60 }, (_, index) => ({
    cloudId: String(1001 + index),
    hostname: `${LONG}-${index}`,
  }));
  return sampleReport({}, servers);
}

describe.skipIf(!hasBrowser())("the HTML report in a browser", { timeout: PATIENCE }, () => {
  let browser: Browser;
  let folder: string;
  let page: Page;
  /** Everything that must not be: what the console says, what is asked of the network, what throws. */
  let trouble: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-utho-browser-"));
    browser = await openBrowser();
  }, PATIENCE);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  }, PATIENCE);
  beforeEach(async () => {
    trouble = [];
    page = await browser.newPage();
    page.on("console", (message) => void trouble.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => void trouble.push(`error: ${String(error)}`));
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(pathToFileURL(folder).href) && !url.startsWith("data:"))
        trouble.push(`request: ${url}`);
    });
  }, PATIENCE);
  afterEach(async () => {
    await page.close();
    expect(trouble).toEqual([]);
  });

  async function open(report: Report): Promise<void> {
    const file = join(folder, "report.html");
    writeFileSync(file, renderHtml(report));
    await page.goto(pathToFileURL(file).href);
  }

  /** Names of the rows that can be seen, from the top. */
  function shownNames(): Promise<string[]> {
    return page.$$eval("#listing tbody tr:not([hidden]) th > bdi", (all) =>
      all.map((one) => one.textContent ?? ""),
    );
  }

  /** Presses Tab until the element with the focus fits. */
  async function tabTo(selector: string): Promise<void> {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
    }
    throw new Error(`Tab does not lead to ${selector}`);
  }

  it("runs no script from a name, and makes no request", async () => {
    await open(hostileReport(HOSTILE));
    expect(await page.title()).not.toBe("owned");
    expect(await page.$$eval("img, main script", (all) => all.length)).toBe(0);
    expect((await shownNames())[0]).toContain("<img src=");
  });

  it("can be filtered by keyboard: text, state, and back by Escape", async () => {
    await open(sampleReport());
    expect(await shownNames()).toHaveLength(3);
    await tabTo("#find");
    await page.keyboard.type("by hand");
    expect(await shownNames()).toEqual(["by hand"]);
    expect(await page.$eval("#shown", (one) => one.textContent)).toBe("1 of 3 snapshots");
    await page.keyboard.press("Escape");
    expect(await shownNames()).toHaveLength(3);
    await tabTo('input[value="in-sync"]');
    await page.keyboard.press("Space");
    expect(await shownNames()).toEqual(["renamed", "by hand"]);
  });

  it("can be sorted by keyboard, both ways, and says how it is sorted", async () => {
    await open(manySnapshots());
    await tabTo("#listing thead th:nth-child(5) button");
    await page.keyboard.press("Enter");
    expect((await shownNames()).slice(0, 2)).toEqual([
      expect.stringMatching(/ 199$/),
      expect.stringMatching(/ 198$/),
    ]);
    expect(await page.$eval("#listing thead th:nth-child(5)", (one) => one.getAttribute("aria-sort"))).toBe(
      "descending",
    );
    await page.keyboard.press("Enter");
    expect((await shownNames())[0]).toMatch(/ 0$/);
    expect(await page.$$eval("[aria-sort]", (all) => all.length)).toBe(1);
  });

  it("shows how to restore a snapshot, by keyboard too", async () => {
    await open(sampleReport());
    await tabTo("#listing summary");
    await page.keyboard.press("Enter");
    const code = await page.$eval("#listing details[open] code", (one) => one.textContent ?? "");
    expect(code).toContain('new utho.SnapshotRestore("restore-web-1"');
    expect(code).toMatch(/snapshot: "1001\/500\d"/);
  });

  it("names its landmarks, labels what can be used, and keeps the order of focus", async () => {
    await open(sampleReport());
    const tree = await page.accessibility.snapshot({ interestingOnly: false });
    const text = JSON.stringify(tree);
    for (const role of ["main", "banner", "contentinfo", "search", "table"])
      expect(text).toContain(`"role":"${role}"`);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("To the list of snapshots");
    const unnamed = await page.evaluate(
      `[...document.querySelectorAll("input, button, summary")].filter(
        (one) => (one.labels?.[0] ?? one).textContent.trim() === "").length`,
    );
    expect(unnamed).toBe(0);
  });

  it.each(["light", "dark"])("has text with enough contrast when it is %s", async (scheme) => {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await open(sampleReport());
    const weak = await page.evaluate(CONTRAST);
    expect(weak).toEqual([]);
  });

  it("prints every restore recipe, and closes them again", async () => {
    await open(manySnapshots());
    const printed = join(folder, "report.pdf");
    await page.evaluate(`addEventListener("beforeprint", () => {
      document.documentElement.dataset.printed = document.querySelectorAll("details:not([open])").length;
    })`);
    await page.pdf({ path: printed, format: "A4" });
    expect(statSync(printed).size).toBeGreaterThan(20_000);
    expect(await page.evaluate("document.documentElement.dataset.printed")).toBe("0");
    expect(await page.$$eval("details[open]", (all) => all.length)).toBe(0);
  });

  it("draws a lane for each server and a mark for each snapshot, wide enough to read", async () => {
    await open(manySnapshots());
    expect(await page.$$eval(".timeline text.lane", (all) => all.map((one) => one.textContent))).toEqual([
      "db-1",
      "web-1",
    ]);
    expect(await page.$$eval("svg.timeline .mark", (all) => all.length)).toBe(200);
    const image = await page.screenshot({ fullPage: true });
    expect(image.length).toBeGreaterThan(30_000);
    await page.setViewport({ width: 375, height: 700 });
    const overflow = await page.evaluate(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    expect(overflow).toBeLessThanOrEqual(0);
  });

  it.each([390, 320])(
    "shows each server and snapshot whole on a phone of %d pixels, without moving sideways",
    async (width) => {
      await page.setViewport({ width, height: 844 });
      await open(fleet());
      const beyond = await page.$$eval(".wide:not(.tall)", (all) =>
        all.map((one) => one.scrollWidth - one.clientWidth),
      );
      expect(beyond).toEqual([0, 0]);
      const cells = await page.$$eval("#servers tbody tr:first-child > *", (all) =>
        all.map((one) => ({ text: one.textContent, right: one.getBoundingClientRect().right })),
      );
      const texts = ["covered", `${LONG}-0 1001`, "1h ago2026-11-24 11:00 UTC", "3", "150 GB", "₹600"];
      expect(cells.map(({ text }) => text)).toEqual(texts);
      for (const { right } of cells) expect(right).toBeLessThanOrEqual(width);
      expect(await page.$eval("#servers tbody th", (one) => one.clientHeight)).toBeLessThan(100);
      expect(await page.evaluate(CONTRAST)).toEqual([]);
    },
  );

  it("names servers apart on the timeline whose names begin alike", async () => {
    await open(fleet());
    const lanes = await page.$$eval(".timeline text.lane", (all) => all.map((one) => one.textContent));
    expect(new Set(lanes).size).toBe(60);
  });

  it("opens on a phone at now, and shows how to restore without moving sideways, its code in a box that scrolls", async () => {
    await page.setViewport({ width: 390, height: 844 });
    await open(manySnapshots());
    const timeline = await page.$eval(".wide.tall", ({ scrollLeft, scrollWidth, clientWidth }) => ({
      atEnd: Math.abs(scrollLeft + clientWidth - scrollWidth) < 2,
      isWide: scrollWidth > clientWidth,
    }));
    expect(timeline).toEqual({ atEnd: true, isWide: true });
    const hosts = await page.$$eval(".timeline .near", (all) =>
      all.map((one) => [one.textContent, one.getBoundingClientRect().right <= 390]),
    );
    expect(hosts).toEqual([
      ["db-1", true],
      ["web-1", true],
    ]);
    await page.$eval("#listing summary", (one) => one.click());
    const boxes = await page.$$eval("#listing summary, #listing details[open] pre", (all) =>
      all
        .slice(0, 2)
        .map((one) => one.getBoundingClientRect())
        .map(({ left, right }) => [left >= 0, right <= 390]),
    );
    expect(boxes).toEqual([
      [true, true],
      [true, true],
    ]);
    const side = await page.evaluate(
      'getComputedStyle(document.querySelector("#listing details[open] pre")).overflowX',
    );
    expect(side).toBe("auto");
    await page.type("#find", "no such name");
    expect(
      await page.$$eval("#listing tbody tr", (all) => all.filter((one) => one.clientHeight > 0).length),
    ).toBe(0);
  });
});
