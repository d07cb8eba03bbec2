// A term of the glossary, where a section meets it first in a heading of a table or in prose, tells what it means
// under the pointer and leads to the glossary.
const { element } = window.report;
const terms = new Map();
document.querySelectorAll("#glossary-terms dt").forEach(function (dt) { terms.set(dt.textContent, { id: dt.id, means: dt.nextElementSibling.textContent }); });
const words = Array.from(terms.keys()).sort(function (a, b) { return b.length - a.length; });
const escaped = words.map(function (w) { return w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"); });
const pattern = words.length === 0 ? null : new RegExp("(?<![\\w.(=\\u2019'-])(" + escaped.join("|") + ")(?:s)?(?![\\w=(])");

if (pattern) {
  document.querySelectorAll("header, main > section").forEach(function (section) {
    if (section.getAttribute("aria-labelledby") === "glossary") return;
    const met = new Set();
    section.querySelectorAll("p, thead th").forEach(function (place) {
      if (place.closest("nav, .inside .audits")) return;
      for (const node of Array.from(place.childNodes)) if (node.nodeType === Node.TEXT_NODE) mark(node, met);
    });
  });
}

function mark(node, met) {
  const hit = pattern.exec(node.data);
  if (!hit) return;
  const rest = node.splitText(hit.index + hit[0].length);
  const of = terms.get(hit[1]);
  if (!met.has(hit[1])) {
    met.add(hit[1]);
    const word = node.splitText(hit.index);
    const term = element("a", { class: "term", href: "#" + of.id, title: of.means }, word.data);
    word.replaceWith(term);
  }
  mark(rest, met);
}
