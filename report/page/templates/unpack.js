// What the page holds packed: gzip in base64 (- and _ for + and /), columns of bytes inside.
window.report = {
  unpack: async function (text) {
    if (typeof DecompressionStream === "undefined") throw new Error("this browser is too old to unpack it");
    const packed = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), function (c) { return c.charCodeAt(0); });
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  },

  // element makes one: attributes by name, children as texts or elements.
  element: function (name, attributes, ...children) {
    const e = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) e.setAttribute(key, value);
    e.append(...children);
    return e;
  },

  // number with commas, as the rest of the page writes them.
  number: function (x, digits) {
    return x.toLocaleString("en-US", { maximumFractionDigits: digits || 0 });
  },
};
