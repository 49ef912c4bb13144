import { type Report, type ServerEntry, SNAPSHOT_STATES, type SnapshotEntry } from "../model";
import { count, escapeMarkup, formatAge, formatCost, formatSize, formatTime } from "../text";
import { recoveryOf, remarkOn, STATE_WORDS, serverOf } from "../wording";
import { recipeOf } from "./recipe";

/** A head of a column that sorts; `numeric` columns begin with the largest. */
function sortable(title: string, numeric = false): string {
  const order = numeric ? " data-numeric" : "";
  return `<th scope="col"${numeric ? ' class="number"' : ""}><button type="button" class="sort"${order}>${title}<span aria-hidden="true" class="arrow"></span></button></th>`;
}

/** Every snapshot, sortable and to be filtered. */
export function snapshotTable({ snapshots }: Report): string {
  const present = SNAPSHOT_STATES.filter((state) => snapshots.some((one) => one.state === state));
  const boxes = present.map((state) => {
    const number = snapshots.filter((one) => one.state === state).length;
    return `<label><input type="checkbox" name="state" value="${state}" checked> ${STATE_WORDS[state]} <span class="remark">${number}</span></label>`;
  });
  const heads = [
    sortable("State"),
    sortable("Name"),
    sortable("Server"),
    sortable("Created"),
    sortable("Size", true),
    sortable("A month", true),
    '<th scope="col">How to restore it</th>',
  ];
  return `<section aria-labelledby="snapshots-title" id="snapshots" tabindex="-1">
<h2 id="snapshots-title">List</h2>
<form class="filter" role="search" hidden>
<label>Find <input type="search" id="find" autocomplete="off" placeholder="name, id, server, stack"></label>
<fieldset><legend>State</legend>${boxes.join("")}</fieldset>
<p role="status" id="shown">${count(snapshots.length, "snapshot")}</p>
</form>
<div class="wide"><table id="listing" class="cards">
<caption class="hidden-text">All snapshots, the worst first. The heads of the columns sort.</caption>
<thead><tr>${heads.join("")}</tr></thead>
<tbody>
${snapshots.map(snapshotRow).join("\n")}
</tbody></table></div>
</section>`;
}

function snapshotRow(entry: SnapshotEntry, index: number): string {
  const { state, name, id, createdAt, ageSeconds, sizeGb, monthlyCost, owners } = entry;
  const remark = remarkOn(entry);
  const words = [name, id, serverOf(entry), STATE_WORDS[state], remark, ...owners.map(({ urn }) => urn)].join(
    " ",
  );
  const { title, code } = recipeOf(entry);
  const recipe =
    code === undefined
      ? `<span class="remark">${escapeMarkup(title)}</span>`
      : `<details><summary>${title}</summary><pre tabindex="0"><code>${escapeLines(code)}</code></pre></details>`;
  const time =
    createdAt === null
      ? "unknown"
      : `<time datetime="${escapeMarkup(createdAt)}">${formatTime(createdAt)}</time>`;
  return `<tr data-state="${state}" data-words="${escapeMarkup(words.toLowerCase())}">
<td data-sort="${SNAPSHOT_STATES.indexOf(state)}"><span class="badge ${state}">${STATE_WORDS[state]}</span></td>
<th scope="row" data-sort="${escapeMarkup(name.toLowerCase())}"><bdi>${escapeMarkup(name)}</bdi><br><span class="remark"><bdi>${escapeMarkup(id)}</bdi>${remark === "" ? "" : ` · <bdi>${escapeMarkup(remark)}</bdi>`}</span></th>
<td data-sort="${escapeMarkup(serverOf(entry).toLowerCase())}"><bdi>${escapeMarkup(serverOf(entry))}</bdi></td>
<td data-sort="${escapeMarkup(createdAt ?? "")}">${time}<br><span class="remark">${ageSeconds === null ? "" : `${formatAge(ageSeconds)} ago`}</span></td>
<td class="number" data-sort="${sizeGb ?? -1}">${formatSize(sizeGb)}</td>
<td class="number" data-sort="${monthlyCost ?? -1}">${formatCost(monthlyCost)}</td>
<td data-index="${index}">${recipe}</td>
</tr>`;
}

/** Line breaks of our own code stay; whatever else is invisible is written out. */
function escapeLines(code: string): string {
  return code.split("\n").map(escapeMarkup).join("\n");
}

/** Every server with the recovery point that it reaches. */
export function serverTable({ servers }: Report): string {
  if (servers.length === 0) return "";
  return `<section aria-labelledby="servers-title">
<h2 id="servers-title">Servers</h2>
<div class="wide"><table id="servers" class="cards">
<caption class="hidden-text">Each server with its newest usable snapshot</caption>
<thead><tr><th scope="col">Coverage</th><th scope="col">Server</th><th scope="col">Recovery point</th><th scope="col" class="number">Snapshots</th><th scope="col" class="number">Size</th><th scope="col" class="number">A month</th></tr></thead>
<tbody>
${servers.map(serverRow).join("\n")}
</tbody></table></div>
</section>`;
}

function serverRow(server: ServerEntry): string {
  const { coverage, hostname, cloudId, snapshots, sizeGb, monthlyCost, recoveryPoint } = server;
  const when =
    recoveryPoint === null
      ? ""
      : `<br><time class="remark" datetime="${escapeMarkup(recoveryPoint.createdAt)}">${formatTime(recoveryPoint.createdAt)}</time>`;
  return `<tr><td><span class="badge ${coverage}">${coverage}</span></td><th scope="row"><bdi>${escapeMarkup(hostname)}</bdi> <span class="remark">${escapeMarkup(cloudId)}</span></th><td>${recoveryOf(server)}${when}</td><td class="number">${snapshots}</td><td class="number">${formatSize(sizeGb)}</td><td class="number">${formatCost(monthlyCost)}</td></tr>`;
}
