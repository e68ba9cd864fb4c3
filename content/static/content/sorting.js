/* Sorts the rows of a table by the column whose heading is pressed. Tables that come later are sorted too. */
(() => {
  const value = (row, column) => {
    const cell = row.cells[column];
    const order = cell?.dataset.order;
    return order ? Number(order) : (cell?.textContent.trim() ?? "");
  };

  /* Numbers come before texts, and what is alike keeps its order. */
  const compare = (one, other) => {
    if (typeof one === "number" && typeof other === "number") return one - other;
    if (typeof one === typeof other) return one.localeCompare(other, undefined, { numeric: true });
    return typeof one === "number" ? -1 : 1;
  };

  const sort = (heading) => {
    const table = heading.closest("table");
    const ascending = heading.getAttribute("aria-sort") !== "ascending";
    for (const other of heading.parentElement.cells) other.setAttribute("aria-sort", "none");
    heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [value(row, heading.cellIndex), row]);
    rows.sort(([one], [other]) => (ascending ? compare(one, other) : compare(other, one)));
    body.append(...rows.map(([, row]) => row));
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("table[data-sortable] button.sort");
    if (button) sort(button.closest("th"));
  });
})();
