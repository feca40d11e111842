// Draws every [data-chart] from its JSON block with ECharts, which is fetched only where a chart is near the window.
// The words of a chart come from outside: everything is drawn on canvas or set as text, never as HTML.
let library = null;
const drawn = new Map();
const still = matchMedia("(prefers-reduced-motion: reduce)");
const dashes = ["solid", "solid", "dashed", "dotted", "solid", "dashed", "dotted", "solid"];
const symbols = ["circle", "rect", "triangle", "diamond", "roundRect", "pin", "arrow", "circle"];

const echarts = () => (library ??= import("../../vendor/echarts.js"));
const token = (style, name) => style.getPropertyValue(`--jl-${name}`).trim();

function look() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => token(style, name);
  return {
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((at) => get(`series-${at}`)),
    ink: get("ink"), ink2: get("ink-2"), ink3: get("ink-3"), line: get("line"), grid: get("chart-grid"), muted: get("chart-muted"),
    surface: get("surface"), accent: get("accent"), soft: get("accent-soft"), font: get("font"),
  };
}

const language = document.documentElement.lang || "zh-CN";
const plain = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });

function text(value, spec) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (spec.percent) return `${plain.format(Math.round(value * 1000) / 10)}%`;
  return Math.abs(value) >= 1000 ? whole.format(value) : plain.format(value);
}

function axisText(value, spec) {
  if (spec.percent) return `${plain.format(Math.round(value * 1e6) / 1e4)}%`;
  return Math.abs(value) >= 10000 ? short.format(value) : plain.format(value);
}

function tip(params, spec) {
  const rows = Array.isArray(params) ? params : [params];
  const box = document.createElement("div");
  box.className = "jl-tip";
  const head = document.createElement("b");
  head.textContent = rows[0]?.axisValueLabel ?? rows[0]?.name ?? "";
  box.append(head);
  for (const row of rows) {
    const value = Array.isArray(row.value) ? row.value.at(-1) : row.value;
    const line = document.createElement("div");
    const swatch = document.createElement("i");
    swatch.style.background = typeof row.color === "string" ? row.color : "currentColor";
    const name = document.createElement("span");
    name.textContent = row.seriesName && !row.seriesName.startsWith("series\u0000") ? row.seriesName : row.name;
    const number = document.createElement("span");
    const unit = spec.series?.[row.seriesIndex]?.unit || spec.unit || "";
    number.textContent = text(value, spec) + (unit && !spec.percent && value !== null && value !== undefined ? ` ${unit}` : "");
    line.append(swatch, name, number);
    box.append(line);
  }
  return box;
}

function series(one, at, spec, theme, colour) {
  const paint = one.muted ? theme.muted : colour;
  const base = { name: one.name, data: one.values, yAxisIndex: one.right && !spec.horizontal ? 1 : 0, color: paint, z: one.muted ? 1 : 2 };
  if (spec.stacked && !one.muted) base.stack = "all";
  if (one.kind === "bar") {
    const round = spec.stacked ? 0 : 3;
    return { ...base, type: "bar", barMaxWidth: 28, itemStyle: { borderRadius: spec.horizontal ? [0, round, round, 0] : [round, round, 0, 0] } };
  }
  const few = one.values.length <= 40;
  return {
    ...base, type: "line", showSymbol: few && !one.muted && one.values.length <= 16, symbol: symbols[at % symbols.length], symbolSize: 6, connectNulls: false,
    lineStyle: { width: one.muted ? 1.5 : 2, type: one.muted ? [4, 4] : dashes[at % dashes.length], cap: "round" },
    ...(one.kind === "area" ? { areaStyle: { opacity: spec.stacked ? 0.55 : 0.1 } } : {}),
    emphasis: { focus: "none" },
  };
}

// Shares near 100 % end there: no room is left for 120 %.
function nearlyAll(spec) {
  const peak = Math.max(...spec.series.flatMap((one) => one.values));
  return spec.percent && !spec.stacked && peak > 0.75 && peak <= 1;
}

function built(spec, theme) {
  const value = (opposite) => ({
    type: "value",
    axisLabel: { color: theme.ink3, formatter: (number) => axisText(number, spec) }, splitLine: { show: !opposite, lineStyle: { color: theme.grid } },
    splitNumber: 4, minInterval: spec.percent ? 0 : undefined,
    ...(nearlyAll(spec) ? { max: 1, interval: 0.25 } : {}),
  });
  const category = {
    type: "category", data: spec.x, name: spec.xTitle, nameLocation: "middle", nameGap: 30, nameTextStyle: { color: theme.ink3 },
    boundaryGap: spec.series.some((one) => one.kind === "bar"), inverse: spec.horizontal,
    axisLabel: { color: theme.ink3, hideOverlap: true,  ...(spec.horizontal ? { width: 120, overflow: "truncate" } : {}) },
    axisLine: { lineStyle: { color: theme.line } }, axisTick: { show: false },
  };
  const right = spec.series.some((one) => one.right);
  const values = right ? [value(false), value(true)] : value(false);
  const named = spec.series.length > 1;
  let painted = 0;
  const drawnSeries = spec.series.map((one, at) => series(one, at, spec, theme, theme.series[one.muted ? 0 : painted++ % theme.series.length]));
  if (drawnSeries[0] && spec.bands.length) {
    drawnSeries[0].markArea = {
      silent: true, itemStyle: { color: theme.accent, opacity: 0.08 }, label: { color: theme.ink3, position: "insideTopRight", fontSize: 11 },
      data: spec.bands.map(([low, high, name]) => [{ yAxis: low, name }, { yAxis: high }]),
    };
  }
  if (drawnSeries[0] && spec.marks.length) {
    drawnSeries[0].markLine = {
      silent: true, symbol: "none", lineStyle: { color: theme.ink3, type: [3, 3], width: 1 },
      label: { color: theme.ink2, fontSize: 11, formatter: (mark) => mark.name, position: "end", rotate: 0 },
      data: spec.marks.map(([at, name]) => ({ xAxis: at, name })),
    };
  }
  return {
    grid: { left: !category.boundaryGap && spec.x[0]?.length > 6 ? 16 : 4, right: right ? 8 : spec.horizontal || category.boundaryGap ? 16 : 24, top: (named ? 36 : 10) + (spec.marks.length ? 18 : 0), bottom: spec.zoom ? 48 : spec.xTitle ? 26 : 4, outerBoundsMode: "same", containLabel: true },
    legend: named ? { top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 4, itemGap: 16, textStyle: { color: theme.ink2 }, type: "scroll", pageIconColor: theme.ink2, pageTextStyle: { color: theme.ink3 } } : undefined,
    xAxis: spec.horizontal ? values : category,
    yAxis: spec.horizontal ? category : values,
    series: drawnSeries,
    dataZoom: spec.zoom ? [{ type: "slider", height: 20, bottom: 8, borderColor: "transparent", backgroundColor: theme.grid, fillerColor: theme.soft, handleStyle: { color: theme.accent }, textStyle: { color: theme.ink3 } }, { type: "inside", zoomOnMouseWheel: "ctrl" }] : undefined,
  };
}

function frame(spec, theme) {
  const trigger = spec.series.length ? "axis" : "item";
  return {
    color: theme.series, backgroundColor: "transparent", animation: !still.matches, animationDuration: 300,
    textStyle: { fontFamily: theme.font, fontSize: 12, color: theme.ink2 },
    tooltip: {
      trigger, confine: true, backgroundColor: theme.surface, borderColor: theme.line, borderWidth: 1, padding: [8, 12], transitionDuration: 0,
      axisPointer: { type: spec.series.some((one) => one.kind === "bar") ? "shadow" : "line", lineStyle: { color: theme.ink3, type: "solid" }, shadowStyle: { color: theme.ink3, opacity: 0.08 } },
      formatter: (params) => tip(params, spec),
    },
  };
}

function merged(base, over) {
  for (const [key, value] of Object.entries(over || {})) {
    const both = value && base[key] && typeof value === "object" && typeof base[key] === "object" && !Array.isArray(value) && !Array.isArray(base[key]);
    base[key] = both ? merged(base[key], value) : value;
  }
  return base;
}

async function draw(box) {
  const block = document.getElementById(box.dataset.chart);
  if (!block) return;
  const { init } = await echarts();
  if (!box.isConnected) return;
  const spec = JSON.parse(block.textContent);
  const theme = look();
  drawn.get(box)?.dispose();
  const picture = init(box, null, { renderer: "canvas" });
  drawn.set(box, picture);
  picture.setOption(merged({ ...frame(spec, theme), ...(spec.series.length ? built(spec, theme) : {}) }, spec.option));
  box.dataset.drawn = "yes";
  box.dispatchEvent(new CustomEvent("juluo:drawn", { bubbles: true, detail: { chart: picture, spec } }));
}

const near = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    near.unobserve(entry.target);
    draw(entry.target);
  }
}, { rootMargin: "200px" });

const sized = new ResizeObserver((entries) => {
  for (const entry of entries) drawn.get(entry.target)?.resize();
});

function find(scope) {
  for (const box of scope.querySelectorAll?.("[data-chart]") ?? []) {
    if (box.dataset.found) continue;
    box.dataset.found = "yes";
    near.observe(box);
    sized.observe(box);
  }
}

function sweep() {
  for (const [box, picture] of drawn) {
    if (box.isConnected) continue;
    picture.dispose();
    drawn.delete(box);
  }
}

export function watchCharts() {
  find(document);
  document.addEventListener("htmx:afterSettle", () => { sweep(); find(document); });
  document.addEventListener("juluo:theme", () => { for (const box of drawn.keys()) draw(box); });
  addEventListener("beforeprint", () => { for (const box of document.querySelectorAll("[data-chart]:not([data-drawn])")) draw(box); });
}
