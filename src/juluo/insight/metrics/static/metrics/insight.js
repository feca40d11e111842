// Small behaviours of the dashboards: tabs keep what the filters say, and the menu of channels says how many are chosen.
document.addEventListener("htmx:pushedIntoHistory", () => {
  const kept = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => ["range", "from", "to", "against", "channel", "who"].includes(name)));
  for (const tab of document.querySelectorAll("a[data-follow]")) tab.search = kept.toString();
});

document.addEventListener("change", (event) => {
  const menu = event.target.closest("[data-many]");
  if (!menu || event.target.type !== "checkbox") return;
  const words = menu.querySelector("[data-many-words]");
  const chosen = menu.querySelectorAll("input:checked").length;
  words.textContent = chosen ? words.dataset.some.replace("%n", chosen) : words.dataset.all;
});

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-many-search]")) return;
  const wanted = event.target.value.trim().toLowerCase();
  for (const item of event.target.closest("[data-many]").querySelectorAll(".jl-menu-item")) {
    item.hidden = wanted !== "" && !item.textContent.toLowerCase().includes(wanted);
  }
});

// Looking for a name is no change of the filters.
document.addEventListener("change", (event) => { if (event.target.matches("[data-many-search]")) event.stopPropagation(); }, true);

// The graph: places are given in a square and stretched to the frame; names are outlined, to be read above lines; a point leads to its member.
document.addEventListener("juluo:drawn", (event) => {
  if (!event.target.closest(".in-graph")) return;
  const { chart, spec } = event.detail;
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--jl-${name}`).trim();
  const outline = { color: colour("ink"), textBorderColor: colour("surface"), textBorderWidth: 3 };
  const { left, right, top, bottom, data: nodes } = spec.option.series[0];
  const wide = (chart.getWidth() - left - right) / (chart.getHeight() - top - bottom);
  const small = Math.min(1, chart.getWidth() / 640);
  const data = nodes.map((node) => ({ ...node, x: node.x * wide, symbolSize: node.symbolSize * small, label: { ...node.label, ...outline } }));
  chart.setOption({ series: [{ data, emphasis: { label: outline } }], legend: { textStyle: { color: colour("ink-2") }, pageTextStyle: { color: colour("ink-3") } } });
  chart.on("click", (point) => { if (point.data?.url) location.assign(point.data.url); });
});

// A part that could not be fetched says so instead of pretending to load for ever.
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const part = event.target.closest?.(".in-part");
    if (!part || event.target !== part || !part.querySelector(".jl-skeleton")) return;
    part.replaceChildren(document.getElementById("part-failed").content.cloneNode(true));
    part.querySelector("button").addEventListener("click", () => part.dispatchEvent(new Event("change")));
  });
}
