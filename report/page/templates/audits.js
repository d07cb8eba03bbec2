// The list of a cell's audits, unpacked when it is opened: sorted by any column, filtered by answer, a page at a time.
const { element, number, unpack } = window.report;
const perPage = 200;
const svgNS = "http://www.w3.org/2000/svg";

document.addEventListener("toggle", function (event) {
  if (!event.target.open) return;
  const place = event.target.querySelector(":scope > .inside > .audits");
  if (place && !place.dataset.state) open(place);
}, true);
document.querySelectorAll("details.cell[open] > .inside > .audits").forEach(open); // links.js may have been faster

async function open(place) {
  place.dataset.state = "opening";
  try {
    list(place, place.dataset.z ? read(await unpack(place.dataset.z), place.dataset) : []);
    place.dataset.state = "open";
  } catch (err) {
    place.dataset.state = "failed";
    place.replaceChildren(element("p", { class: "warn" }, "The list of audits cannot be shown: " + err.message));
  }
}

// read is the inverse of auditColumns.pack.
function read(bytes, about) {
  const n = Number(about.n), width = Number(about.width), heads = JSON.parse(about.heads);
  let at = 0;
  function integers(sum) {
    const out = new Array(n);
    let last = 0;
    for (let i = 0; i < n; i++) {
      const x = (bytes[at + i] | bytes[at + n + i] << 8 | bytes[at + 2 * n + i] << 16 | bytes[at + 3 * n + i] << 24) >>> 0;
      out[i] = sum ? last = (last + x) >>> 0 : x;
    }
    at += 4 * n;
    return out;
  }
  const audit = integers(true), call = integers(true), found = integers(true), row = integers(false);
  const view = new DataView(new ArrayBuffer(8));
  const score = new Array(n);
  for (let i = 0; i < n; i++) {
    for (let b = 0; b < width; b++) view.setUint8(b, bytes[at + b * n + i]);
    score[i] = width === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  }
  at += width * n;
  const out = new Array(n);
  for (let i = 0; i < n; i++) {
    const answer = bytes[at + n + i];
    out[i] = { audit: audit[i], round: call[i], row: row[i], score: score[i], head: heads[bytes[at + i]],
      anomaly: (answer & 1) === 1, truth: (answer & 2) === 2, found: found[i] };
  }
  return out;
}

const columns = ["audit", "round", "row", "score", "head", "anomaly", "found"];
const kinds = {
  "all audits": function () { return true; },
  "anomalies": function (q) { return q.truth; },
  "normal rows": function (q) { return !q.truth; },
  "wrong answers of the oracle": function (q) { return q.truth !== q.anomaly; },
};

function list(place, all) {
  if (all.length === 0) {
    place.replaceChildren(element("p", { class: "note" }, "There are no audits."));
    return;
  }
  let shown = all.slice(), first = 0, sorted = "audit", down = false;
  const select = element("select", { "aria-label": "audits shown" });
  Object.keys(kinds).forEach(function (k) { select.append(element("option", {}, k)); });
  const said = element("output", {});
  const back = element("button", { type: "button" }, "‹ earlier"), on = element("button", { type: "button" }, "later ›");
  const body = element("tbody");
  const row = element("div", { class: "row", role: "status" });
  const { picture, point } = curve(all, place.dataset.curve);
  const heads = columns.map(function (name) {
    const button = element("button", { type: "button" }, name);
    button.addEventListener("click", function () {
      down = sorted === name && !down;
      sorted = name;
      arrange();
    });
    return element("th", { scope: "col" }, button);
  });
  const table = element("table", { class: "audits", "aria-label": "audits" }, element("thead", {}, element("tr", {}, ...heads)), body);
  const scroll = element("div", { class: "scroll log", tabindex: "0", role: "region", "aria-label": "audits" }, table);
  select.addEventListener("change", arrange);
  back.addEventListener("click", function () { turn(-perPage); });
  on.addEventListener("click", function () { turn(perPage); });

  function arrange() {
    shown = all.filter(kinds[select.value]);
    shown.sort(function (a, b) {
      const x = a[sorted], y = b[sorted];
      const order = typeof x === "string" ? x.localeCompare(y) : Number(x) - Number(y);
      return (down ? -order : order) || a.audit - b.audit;
    });
    heads.forEach(function (h, i) {
      if (columns[i] === sorted) h.setAttribute("aria-sort", down ? "descending" : "ascending");
      else h.removeAttribute("aria-sort");
    });
    first = 0;
    show();
  }
  function turn(by) {
    first += by;
    show();
    scroll.scrollTop = 0;
  }
  function show() {
    const end = Math.min(first + perPage, shown.length);
    body.replaceChildren(...shown.slice(first, end).map(function (q) {
      const answer = (q.anomaly ? "yes" : "no") + (q.anomaly === q.truth ? "" : " (wrong)");
      const cells = [q.audit, q.round, q.row, q.score !== q.score ? "—" : Number(q.score.toPrecision(6)), q.head, answer, q.found];
      const line = element("tr", q.truth ? { class: "a" } : {}, ...cells.map(function (c) { return element("td", {}, String(c)); }));
      const button = element("button", { type: "button", title: "show this row" }, String(q.row));
      button.addEventListener("click", function () { reveal(q, button); });
      line.cells[2].replaceChildren(button);
      return line;
    }));
    said.textContent = shown.length === 0 ? "none of " + number(all.length)
      : number(first + 1) + "–" + number(end) + " of " + number(shown.length) + (shown.length === all.length ? "" : " (" + number(all.length) + " in all)");
    back.disabled = first === 0;
    on.disabled = end === shown.length;
  }
  // reveal shows the row of an audit beside the list, and where on the cell's curve it is.
  async function reveal(q, button) {
    body.querySelectorAll("tr.chosen").forEach(function (r) { r.classList.remove("chosen"); });
    button.closest("tr").classList.add("chosen");
    point(q);
    const shown = await window.report.row(place.dataset.rows, q.row);
    row.replaceChildren(element("p", {}, element("b", {}, "row " + number(q.row)), ", audit " + number(q.audit) + ": " + (q.truth ? "an anomaly" : "not an anomaly") +
      (q.anomaly === q.truth ? "" : " (the oracle was wrong)") + "; " + number(q.found) + " found by then"), shown);
    row.scrollIntoView({ block: "nearest" });
  }
  arrange();
  place.replaceChildren(picture, element("div", { class: "filters" }, select, back, on, said), element("div", { class: "beside" }, scroll, row));
}

// curve is the cell's: anomalies found against audits. point marks an audit on it. Where the list is not whole, steps has
// the number of all audits and what was found at equal parts of them.
function curve(all, steps) {
  const parts = steps ? steps.split(" ").map(Number) : [], budget = parts.shift();
  const width = 600, height = 90, last = steps ? { audit: budget, found: parts[parts.length - 1] } : all[all.length - 1];
  const svg = document.createElementNS(svgNS, "svg");
  const add = function (name, attributes) {
    const e = document.createElementNS(svgNS, name);
    for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
    svg.append(e);
    return e;
  };
  const x = function (audit) { return (audit / Math.max(last.audit, 1) * width).toFixed(1); };
  const y = function (found) { return (height - found / Math.max(last.found, 1) * height).toFixed(1); };
  let path = "M0 " + height;
  if (steps) parts.forEach(function (found, i) { path += "L" + x(Math.floor((i + 1) * budget / parts.length)) + " " + y(found); });
  else all.forEach(function (q) { if (q.truth) path += "H" + x(q.audit) + "V" + y(q.found); });
  svg.setAttribute("viewBox", "-3 -4 " + (width + 6) + " " + (height + 8));
  svg.setAttribute("class", "curve");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", number(last.found) + " anomalies found in " + number(last.audit) + " audits");
  add("path", { d: path + "H" + width });
  const dot = add("circle", { r: 4, cx: -9, cy: -9 });
  const picture = element("div", { class: "cell-curve" }, svg, element("p", { class: "note" }, "anomalies found, up to " + number(last.found) + ", against " + number(last.audit) + " audits"));
  return { picture, point: function (q) { dot.setAttribute("cx", x(q.audit)); dot.setAttribute("cy", y(q.found)); } };
}
