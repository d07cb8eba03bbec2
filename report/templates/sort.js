// Sorting on a click on a column's head. The page is whole without it.
document.querySelectorAll("table.sortable").forEach(function (table) {
  var body = table.tBodies[0];
  var heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach(function (head, column) {
    var button = document.createElement("button");
    button.type = "button";
    while (head.firstChild) button.appendChild(head.firstChild);
    head.appendChild(button);
    button.addEventListener("click", function () {
      var down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      var rows = Array.from(body.rows).map(function (row, place) {
        var cell = row.cells[column];
        return { row: row, place: place, number: cell.dataset.v === undefined ? null : Number(cell.dataset.v),
          missing: cell.classList.contains("missing"), text: cell.textContent };
      });
      rows.sort(function (a, b) {
        if (a.missing !== b.missing) return a.missing ? 1 : -1; // what is missing is last, either way
        var order = a.number !== null ? (b.number !== null ? a.number - b.number : -1) : (b.number !== null ? 1 : a.text.localeCompare(b.text));
        return (down ? -order : order) || a.place - b.place;
      });
      rows.forEach(function (entry) { body.appendChild(entry.row); });
    });
  });
});
