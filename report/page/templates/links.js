// A link to something in a closed part of the page opens it, and the keyboard goes on from there.
function reveal(id) {
  const target = document.getElementById(id);
  if (!target) return;
  for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
  // Not on its summary: the key that followed the link would go on to close it.
  if (target.tabIndex < 0) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  target.scrollIntoView();
}

function follow() {
  if (location.hash.length > 1) reveal(decodeURIComponent(location.hash.slice(1)));
}

document.addEventListener("click", function (event) {
  const link = event.target.closest("a[href^='#']");
  // A link to where one is already changes no hash.
  if (link && link.getAttribute("href") === location.hash) follow();
});
window.addEventListener("hashchange", follow);
follow();

// On paper the verdicts' details are open, the cells' lists not.
window.addEventListener("beforeprint", function () {
  document.querySelectorAll("details.claim").forEach(function (d) {
    if (!d.open) { d.open = true; d.dataset.closed = ""; }
  });
});
window.addEventListener("afterprint", function () {
  document.querySelectorAll("details[data-closed]").forEach(function (d) { d.open = false; delete d.dataset.closed; });
});
