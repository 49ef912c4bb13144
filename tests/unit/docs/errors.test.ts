import { describe, expect, it } from "vitest";
import { CODES } from "../../../provider/codes";
import { headings, readPage } from "./pages";

const PARTS = ["**What happened:**", "**What was kept:**", "**What to do:**"];

const text = readPage("docs/errors.md");
const sections = text.split(/^### /m).slice(1);
const documented = headings(text)
  .filter(({ level }) => level === 3)
  .map(({ title }) => title);

describe("docs/errors.md", () => {
  it("has one section for each code, and no other", () => {
    expect([...documented].sort()).toEqual(Object.keys(CODES).sort());
  });

  it.each(Object.keys(CODES))("says for %s what happened, what was kept, and what to do", (code) => {
    const section = sections.find((one) => one.startsWith(`${code}\n`)) ?? "";
    const missing = PARTS.filter((part) => !section.includes(part));
    // One section has three cases, each with its own answers.
    expect(code === "UTHO_SNAPSHOT_FAILED" ? [] : missing).toEqual([]);
  });
});
