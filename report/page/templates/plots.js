// Plots say what stands under the pointer: of every curve the median, the least and the most found at a budget, or after so many guesses. The
// keyboard and a finger move the slider below the plot, which says the same. A plot of points is read at its points alone, its stops: there the
// slider counts them, and j below is a stop's number. Of a plot of marks that stand by themselves, its spots, the one nearest the pointer is
// read; there j is a spot's number.
const { element, number, unpack } = window.report;
const svgNS = "http://www.w3.org/2000/svg";
const pools = new Map(); // slug -> promise of its curves

document.querySelectorAll("figure[data-areas]").forEach(function (figure) { readable(figure, JSON.parse(figure.dataset.areas)); });

function packed(pool, read) {
  if (!pools.has(pool)) {
    const place = Array.from(document.querySelectorAll(".curves")).find(function (e) { return e.dataset.pool === pool; });
    pools.set(pool, unpack(place.dataset.z).then(function (bytes) { return read(bytes, JSON.parse(place.dataset.series)); }));
  }
  return pools.get(pool);
}
function curvesOf(pool) { return packed(pool, read); }

// spotsOf a plot: of each its place, its name and what is said of it.
function spotsOf(pool) { return packed(pool, function (bytes) { return JSON.parse(new TextDecoder().decode(bytes)); }); }

// read is the inverse of packCurves.
function read(bytes, series) {
  let at = 0;
  function column(n) {
    const out = new Array(n);
    let last = 0;
    for (let i = 0; i < n; i++) {
      let x = 0;
      for (let unit = 1; ; unit *= 128) {
        const b = bytes[at++];
        x += (b & 127) * unit;
        if (b < 128) break;
      }
      out[i] = last += x;
    }
    return out;
  }
  function twice(n) { return column(n).map(function (x) { return x / 2; }); }
  series.forEach(function (s) {
    s.at = column(s.steps);
    s.median = twice(s.steps);
    s.min = twice(s.steps);
    s.max = twice(s.steps);
  });
  return series;
}

// valueAt is what a curve shows at a budget, or null beyond its end; of points, at a stop.
function valueAt(s, budget) {
  if (s.values) {
    const v = s.values[budget];
    return v === null ? null : { median: v[0], min: v[1], max: v[2] };
  }
  if (s.perRow) return { median: s.perRow * budget };
  if (s.steps === 0 || budget > s.end) return null;
  let lo = 0, hi = s.at.length;
  while (hi - lo > 1) {
    const mid = (lo + hi) >> 1;
    if (s.at[mid] > budget) hi = mid; else lo = mid;
  }
  return { median: s.median[lo], min: s.min[lo], max: s.max[lo] };
}

// placeOf is where on the x axis j is, nearest the j that is closest to a place.
function placeOf(area, j) { return area.stops ? area.stops.at[j] : j; }
function nearest(area, x) {
  if (area.says) return 0;
  if (!area.stops) return Math.min(Math.max(Math.round(x), 0), area.xmax);
  const far = function (j) { return Math.abs(area.stops.at[j] - x); };
  return area.stops.at.reduce(function (best, _, j) { return far(j) < far(best) ? j : best; }, 0);
}

function readable(figure, areas) {
  const svg = figure.querySelector("svg.plot");
  const cross = document.createElementNS(svgNS, "g");
  cross.setAttribute("class", "cross");
  svg.append(cross);
  const slider = element("input", { type: "range", min: "0", step: "1", "aria-label": areas[0].unit[1] });
  const budget = element("input", { type: "number", min: "0", step: "1", "aria-label": areas[0].unit[1] + ", as a number" });
  const dataset = element("select", { "aria-label": areas[0].of === "setting" ? "setting" : "dataset" }, ...areas.map(function (a, i) { return element("option", { value: String(i) }, a.title); }));
  dataset.hidden = areas.length === 1;
  const below = element("div", { class: "readout", role: "status" });
  const floating = element("div", { class: "readout floating", "aria-hidden": "true" });
  floating.hidden = true;
  figure.append(element("div", { class: "reader" }, dataset, element("span", {}, areas[0].says ? "read" : "read at"), slider, budget, element("span", {}, areas[0].unit[1])), below, floating);
  let area = areas[0], turn = 0;
  choose(nearest(area, area.xmax));

  // show writes the read-out into box and marks the place in the plot.
  async function show(box, j) {
    const mine = ++turn, of = area;
    if (of.says) {
      of.spots = await spotsOf(of.pool);
      if (mine !== turn) return;
      const [x, y, name, ...values] = of.spots[j];
      mark("circle", { cx: x, cy: y, r: 5, class: "around" }, true);
      slider.setAttribute("aria-valuetext", name);
      fill(box, x, name, null, of.says.map(function (s, i) { return element("tr", {}, element("th", { scope: "row" }, s), element("td", {}, values[i])); }));
      return;
    }
    const all = of.stops ? of.stops.series : await curvesOf(of.pool);
    if (mine !== turn) return; // the pointer has moved on
    const series = of.only ? of.only.map(function (i) { return all[i]; }) : all;
    const place = placeOf(of, j);
    const x = of.left + (of.right - of.left) * place / of.xmax;
    mark("line", { x1: x, x2: x, y1: of.top, y2: of.bottom }, true);
    const rows = series.map(function (s) {
      const v = valueAt(s, j);
      const swatch = document.createElementNS(svgNS, "svg");
      swatch.setAttribute("viewBox", "0 0 1 1");
      swatch.setAttribute("class", "swatch f" + s.color);
      const square = document.createElementNS(svgNS, "rect");
      square.setAttribute("width", "1");
      square.setAttribute("height", "1");
      swatch.append(square);
      const name = element("th", { scope: "row" }, swatch, s.label);
      if (v === null) {
        const why = s.seeds === 0 ? "no result" : s.values ? "no value here" : "ends at " + number(s.end);
        return element("tr", {}, name, element("td", { colspan: "3", class: "missing" }, why));
      }
      const y = of.bottom - (of.bottom - of.top) * v.median / of.ymax;
      if (y >= of.top) mark("circle", { cx: x, cy: y, r: 3, class: "f" + s.color });
      if (v.min === undefined) return element("tr", {}, name, element("td", {}, number(v.median, 1)), element("td"), element("td"));
      if (s.seeds !== s.planned) name.append(" (" + s.seeds + " of " + s.planned + " seeds)");
      return element("tr", {}, name, ...[v.median, v.min, v.max].map(function (f) { return element("td", {}, number(f, 1)); }));
    });
    const head = element("thead", {}, element("tr", {}, ...[of.of, "median", "min", "max"].map(function (h) { return element("th", { scope: "col" }, h); })));
    fill(box, x, number(place, 1) + " " + of.unit[place === 1 ? 0 : 1], head, rows);
  }
  function fill(box, x, caption, head, rows) {
    const title = areas.length > 1 ? area.title + ", " : "";
    box.replaceChildren(element("table", {}, element("caption", {}, title + caption), ...(head ? [head] : []), element("tbody", {}, ...rows)));
    floating.hidden = box !== floating;
    if (box === floating) beside(x);
  }
  function mark(name, attributes, afresh) {
    if (afresh) cross.replaceChildren();
    const e = document.createElementNS(svgNS, name);
    for (const key of Object.keys(attributes)) e.setAttribute(key, attributes[key]);
    cross.append(e);
  }

  // beside puts the floating box where it hides neither the line nor the figure's other half.
  function beside(x) {
    const f = figure.getBoundingClientRect(), s = svg.getBoundingClientRect();
    const scale = s.width / svg.viewBox.baseVal.width;
    const at = s.left - f.left + x * scale, width = floating.offsetWidth, gap = 14;
    const left = at + gap + width > f.width ? at - gap - width : at + gap;
    floating.style.left = Math.min(Math.max(left, 0), Math.max(f.width - width, 0)) + "px";
    floating.style.top = s.top - f.top + area.top * scale + 6 + "px";
  }

  function budgetAt(event) {
    const s = svg.getBoundingClientRect(), scale = s.width / svg.viewBox.baseVal.width;
    const x = (event.clientX - s.left) / scale, y = (event.clientY - s.top) / scale;
    const hit = areas.find(function (a) { return x >= a.left - 4 && x - 4 < a.right + 1 && y >= a.top - 4 && y - 4 < a.bottom; });
    if (!hit) return null;
    area = hit;
    if (hit.says) return spotAt(hit, x, y, (event.pointerType === "mouse" ? 12 : 24) / scale);
    return nearest(hit, (x - hit.left) / (hit.right - hit.left) * hit.xmax);
  }
  // spotAt is the spot nearest a place, if it is within reach, and if they have been unpacked, which begins with the first question.
  function spotAt(of, x, y, reach) {
    if (typeof of.spots === "number") {
      spotsOf(of.pool).then(function (list) { of.spots = list; });
      return null;
    }
    let best = null, least = of.byRow ? Number.MAX_VALUE : reach * reach;
    of.spots.forEach(function (s, j) {
      const aside = of.byRow ? 0 : s[0] - x, far = aside * aside + (s[1] - y) * (s[1] - y);
      if (far <= least) { best = j; least = far; }
    });
    return best;
  }
  function hide() {
    turn++;
    floating.hidden = true;
    cross.replaceChildren();
  }
  svg.addEventListener("pointermove", function (event) {
    const j = budgetAt(event);
    if (j === null) { hide(); return; }
    choose(j);
    show(event.pointerType === "mouse" ? floating : below, j);
  });
  svg.addEventListener("pointerdown", function (event) {
    const j = budgetAt(event);
    if (j === null) return;
    choose(j);
    show(below, j); // which stays when the pointer goes
  });
  svg.addEventListener("pointerleave", function (event) { if (event.pointerType === "mouse") hide(); });

  // choose moves slider, number and dataset to j in the area that is read.
  function choose(j) {
    dataset.value = String(areas.indexOf(area));
    budget.hidden = Boolean(area.says);
    if (area.says) {
      slider.max = (typeof area.spots === "number" ? area.spots : area.spots.length) - 1;
      slider.value = j;
      return;
    }
    slider.max = area.stops ? area.stops.at.length - 1 : area.xmax;
    budget.max = area.xmax;
    budget.step = area.stops ? "any" : "1";
    budget.value = placeOf(area, j);
    slide(j);
  }
  function slide(j) {
    slider.value = j;
    const place = placeOf(area, j);
    slider.setAttribute("aria-valuetext", number(place, 1) + " " + area.unit[place === 1 ? 0 : 1]);
  }
  slider.addEventListener("input", function () {
    const j = Number(slider.value);
    choose(j);
    show(below, j);
  });
  budget.addEventListener("input", function () {
    if (!budget.checkValidity() || budget.value === "") return;
    const j = nearest(area, Number(budget.value));
    slide(j); // what is being typed stays
    show(below, j);
  });
  dataset.addEventListener("change", function () {
    area = areas[Number(dataset.value)];
    const j = nearest(area, area.xmax);
    choose(j);
    show(below, j);
  });
}
