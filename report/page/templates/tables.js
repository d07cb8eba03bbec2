// Tables sort on a click on a column's head, and longer ones filter by words and by what a column holds. The page is
// whole without it.
const { element } = window.report;
const longTable = 8;      // rows from which on a table has filters
const fewValues = 12;     // a column of so few different texts …
const shortText = 40;     // … that are no longer than this can be chosen by them
const allRows = "all";

document.querySelectorAll("table.sortable").forEach(function (table) {
  const body = table.tBodies[0];
  const heads = Array.from(table.tHead.rows[0].cells);
  const rows = Array.from(body.rows);
  heads.forEach(function (head, column) { sortBy(table, heads, head, column); });
  if (rows.length >= longTable) filter(table, heads, rows);
});

function sortBy(table, heads, head, column) {
  const body = table.tBodies[0];
  const button = element("button", { type: "button" });
  while (head.firstChild) button.appendChild(head.firstChild);
  head.appendChild(button);
  button.addEventListener("click", function () {
    const down = head.getAttribute("aria-sort") === "ascending";
    heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = Array.from(body.rows).map(function (row, place) {
      const cell = row.cells[column];
      return { row, place, number: cell.dataset.v === undefined ? null : Number(cell.dataset.v),
        missing: cell.classList.contains("missing"), text: cell.textContent };
    });
    rows.sort(function (a, b) {
      if (a.missing !== b.missing) return a.missing ? 1 : -1; // what is missing is last, either way
      const order = a.number !== null ? (b.number !== null ? a.number - b.number : -1) : (b.number !== null ? 1 : a.text.localeCompare(b.text));
      return (down ? -order : order) || a.place - b.place;
    });
    rows.forEach(function (entry) { body.appendChild(entry.row); });
  });
}

function filter(table, heads, rows) {
  const search = element("input", { type: "search", "aria-label": "Rows with these words" , placeholder: "filter rows" });
  const said = element("output", {}); // a live region
  const bar = element("div", { class: "filters", role: "search" }, search);
  const chosen = new Map(); // column -> select
  heads.forEach(function (head, column) {
    if (head.classList.contains("n")) return;
    const values = Array.from(new Set(rows.map(function (r) { return text(r, column); })));
    if (values.length === 1 || values.length > fewValues || values.length > rows.length / 2 || values.some(function (v) { return v.length > shortText; })) return;
    const name = head.textContent;
    const select = element("select", { "aria-label": name }, element("option", { value: "" }, name + ": " + allRows));
    values.forEach(function (v) { select.append(element("option", { value: "=" + v }, v || "(empty)")); });
    select.addEventListener("change", apply);
    chosen.set(column, select);
    bar.append(select);
  });
  bar.append(said);
  search.addEventListener("input", apply);
  (table.closest(".scroll") || table).before(bar);
  if (table.classList.contains("claims")) tiles(heads, chosen);

  function apply() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach(function (row) {
      const all = row.textContent.toLowerCase();
      const fits = words.every(function (w) { return all.includes(w); }) &&
        Array.from(chosen).every(function ([column, select]) { return select.value === "" || select.value === "=" + text(row, column); });
      row.hidden = !fits;
      if (fits) shown++;
    });
    said.textContent = shown === rows.length ? "" : shown + " of " + rows.length + " rows";
    table.dispatchEvent(new Event("filtered"));
  }
}

// text of a cell without the numbers of its footnotes.
function text(row, column) {
  const cell = row.cells[column].cloneNode(true);
  cell.querySelectorAll("sup").forEach(function (s) { s.remove(); });
  return cell.textContent;
}

// tiles make the counts of verdicts at the head of the page filters of the table of claims.
function tiles(heads, chosen) {
  const select = chosen.get(heads.findIndex(function (h) { return h.textContent === "verdict"; }));
  if (!select) return;
  const buttons = Array.from(document.querySelectorAll("ul.counts li")).map(function (tile) {
    const button = element("button", { type: "button", "aria-pressed": "false" }, ...tile.childNodes);
    button.dataset.value = "=" + tile.dataset.verdict;
    tile.append(button);
    button.addEventListener("click", function () {
      select.value = button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.value;
      select.dispatchEvent(new Event("change"));
    });
    return button;
  });
  select.addEventListener("change", function () {
    buttons.forEach(function (b) { b.setAttribute("aria-pressed", String(b.dataset.value === select.value)); });
  });
}
