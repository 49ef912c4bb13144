/** All that the page runs: it filters and sorts what stands there already, and opens everything for the printer. */
export const SCRIPT = `
(() => {
  "use strict";
  const table = document.getElementById("listing");
  const form = document.querySelector("form.filter");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const find = document.getElementById("find");
  const boxes = [...form.querySelectorAll("input[name=state]")];
  const shown = document.getElementById("shown");
  form.hidden = false;
  // Time runs to the right, and what is looked for is at its end.
  for (const one of document.querySelectorAll(".wide.tall")) one.scrollLeft = one.scrollWidth;
  form.addEventListener("submit", (event) => event.preventDefault());
  const filter = () => {
    const words = find.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const states = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const row of rows) {
      const fits = states.has(row.dataset.state) && words.every((word) => row.dataset.words.includes(word));
      row.hidden = !fits;
      if (fits) count += 1;
    }
    shown.textContent = count === rows.length ? rows.length + (rows.length === 1 ? " snapshot" : " snapshots") : count + " of " + rows.length + " snapshots";
  };
  find.addEventListener("input", filter);
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    find.value = "";
    filter();
  });
  for (const box of boxes) box.addEventListener("change", filter);
  const heads = [...table.tHead.rows[0].cells];
  const valueOf = (row, column) => row.cells[column].dataset.sort;
  heads.forEach((head, column) => {
    const button = head.querySelector("button");
    if (button === null) return;
    const numeric = button.hasAttribute("data-numeric") || column === 0;
    button.addEventListener("click", () => {
      const first = button.hasAttribute("data-numeric") ? "descending" : "ascending";
      const other = first === "ascending" ? "descending" : "ascending";
      const order = head.getAttribute("aria-sort") === first ? other : first;
      for (const one of heads) one.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order);
      const sign = order === "ascending" ? 1 : -1;
      rows.sort((a, b) => {
        const [x, y] = [valueOf(a, column), valueOf(b, column)];
        return sign * (numeric ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0);
      });
      body.append(...rows);
    });
  });
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });
})();
`;
