// The row itself: the image that it is, or its features with their places among the pool's. report.row(group, id)
// promises what is to be shown of it.
const { element, number, unpack } = window.report;
const groups = new Map(); // id -> promise of its rows

window.report.row = async function (group, id) {
  const place = Array.from(document.querySelectorAll(".rows")).find(function (e) { return e.dataset.group === group; });
  if (!place || place.dataset.missing) return element("p", { class: "note" }, place ? place.dataset.missing : "The row's data is not on this page; the report of its own run has it if it was made with the raw data.");
  if (!groups.has(group)) groups.set(group, unpack(place.dataset.z).then(function (bytes) { return read(bytes, place.dataset); }));
  const rows = await groups.get(group);
  const i = rows.ids.indexOf(id);
  if (i < 0) return element("p", { class: "note" }, "This row's data is not on this page, which has only the rows audited first.");
  return rows.side > 0 ? image(rows, i) : features(rows, i);
};

// read is the inverse of poolRows.pack.
function read(bytes, about) {
  const n = Number(about.n), d = Number(about.d), side = Number(about.side);
  const whole = function (at, i) { return (bytes[at + i] | bytes[at + n + i] << 8 | bytes[at + 2 * n + i] << 16 | bytes[at + 3 * n + i] << 24) >>> 0; };
  const ids = new Array(n);
  for (let i = 0, last = 0; i < n; i++) ids[i] = last = (last + whole(0, i)) >>> 0;
  if (side > 0) return { ids, side, pixels: function (i) { return bytes.subarray(4 * n + i * d, 4 * n + (i + 1) * d); } };
  const view = new DataView(new ArrayBuffer(4));
  return { ids, side, features: d,
    value: function (i, j) { view.setUint32(0, whole(4 * n * (1 + j), i)); return view.getFloat32(0); },
    place: function (i, j) { return bytes[4 * n * (1 + d) + j * n + i] / 2; } };
}

function image(rows, i) {
  const canvas = element("canvas", { width: rows.side, height: rows.side, class: "row-image", role: "img", "aria-label": "row " + number(rows.ids[i]) + " as an image" });
  const to = canvas.getContext("2d"), data = to.createImageData(rows.side, rows.side);
  rows.pixels(i).forEach(function (v, p) { data.data.set([255 - v, 255 - v, 255 - v, 255], 4 * p); });
  to.putImageData(data, 0, 0);
  return canvas;
}

// features, the farthest from the pool's middle first.
function features(rows, i) {
  const all = Array.from({ length: rows.features }, function (_, j) { return { j, value: rows.value(i, j), place: rows.place(i, j) }; });
  all.sort(function (a, b) { return Math.abs(b.place - 50) - Math.abs(a.place - 50) || a.j - b.j; });
  const body = all.map(function (f) {
    const meter = element("meter", { min: "0", max: "100", value: f.place, title: number(f.place, 1) + " % of the pool is below" });
    return element("tr", {}, element("td", {}, String(f.j + 1)), element("td", {}, String(Number(f.value.toPrecision(5)))), element("td", {}, number(f.place, 1) + " % "), element("td", {}, meter));
  });
  const head = ["feature", "value", "of the pool below", ""].map(function (h) { return element("th", { scope: "col" }, h); });
  const table = element("table", { class: "features", "aria-label": "features of row " + number(rows.ids[i]) }, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...body));
  return element("div", { class: "scroll log", tabindex: "0", role: "region", "aria-label": "features" }, table);
}
