
"use strict";
(() => {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const round = value => Number(value.toPrecision(6)).toString();

  // Tables: sort by a column, keep the rows that hold every word. Absent values come last either way.
  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.classList.contains("absent") ? null : cell.dataset.v === undefined ? cell.textContent.trim() : Number(cell.dataset.v);
  };
  const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
  for (const box of all(".rows")) {
    const body = box.querySelector("tbody");
    const rows = Array.from(body.rows);
    const heads = all("th", box);
    const status = box.querySelector("[role=status]");
    heads.forEach((head, column) => head.firstChild.addEventListener("click", () => {
      const order = head.getAttribute("aria-sort") === "ascending" ? "descending" : head.getAttribute("aria-sort") === "descending" ? null : "ascending";
      heads.forEach(other => other.removeAttribute("aria-sort"));
      if (order) head.setAttribute("aria-sort", order);
      const sign = order === "descending" ? -1 : 1;
      const sorted = order === null ? rows : rows.slice().sort((a, b) => {
        const x = key(a, column), y = key(b, column);
        return x === null ? (y === null ? 0 : 1) : y === null ? -1 : sign * compare(x, y);
      });
      body.append(...sorted);
    }));
    box.querySelector("input").addEventListener("input", event => {
      const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        const cells = Array.from(row.cells, cell => " " + cell.textContent.toLowerCase()).join(" ");
        row.hidden = !words.every(word => text.includes(word) || cells.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      status.textContent = shown === rows.length ? `${rows.length} rows` : `${shown} of ${rows.length} rows`;
    });
    body.addEventListener("pointerover", event => {
      const cell = event.target.closest("td[data-v]");
      if (cell && !cell.title) {
        const head = heads[cell.cellIndex].dataset.c;
        cell.title = `${head} = ${cell.dataset.v}` + (cell.dataset.l ? `, interval ${cell.dataset.l} to ${cell.dataset.h}` : "") + (cell.dataset.b ? `, 80 % of measurements ${cell.dataset.b}` : "");
      }
    });
  }

  // The chooser: one answer at a time, read from the table of answers.
  const chooser = document.getElementById("chooser");
  if (chooser) {
    const table = document.getElementById("answers-table");
    const columns = Object.fromEntries(all("th", table).map((head, index) => [head.dataset.c, index]));
    const rows = Array.from(table.tBodies[0].rows);
    const cell = (row, name) => row.cells[columns[name]];
    const text = (row, name) => cell(row, name).classList.contains("absent") ? null : cell(row, name).textContent;
    const select = make("select", { id: "inputs" });
    const groups = new Map();
    rows.forEach((row, index) => {
      const label = [text(row, "evidence"), text(row, "artifact"), text(row, "model"), text(row, "system"), text(row, "slo_profile") || "no SLO"].join(" · ");
      if (!groups.has(label)) groups.set(label, make("optgroup", { label }));
      groups.get(label).append(make("option", { value: index }, text(row, "inputs") || "all inputs"));
    });
    select.append(...groups.values());
    const list = make("dl");
    const percent = row => cell(row, "saving").dataset.v === undefined ? null : Number(cell(row, "saving").dataset.v);
    const bounds = (row, name, scale) => cell(row, name).dataset.l === undefined ? "one run: no interval" : `95 % interval: ${round(scale * cell(row, name).dataset.l)} to ${round(scale * cell(row, name).dataset.h)}${scale === 100 ? " %" : ""}`;
    const entry = (name, value, note) => make("div", {}, make("dt", {}, name), make("dd", {}, value, make("small", {}, note || "")));
    const show = () => {
      const row = rows[Number(select.value)];
      const chance = cell(row, "probability_least").dataset.v;
      const best = text(row, "best_setting");
      list.replaceChildren(
        entry("Least-energy setting", best || "none keeps the SLO", `${text(row, "evidence")}; ${text(row, "feasible_settings")} of ${text(row, "settings")} settings keep the SLO`),
        entry("Energy of an output token", best ? `${text(row, "joules_per_output_token")} J` : "–", best ? bounds(row, "joules_per_output_token", 1) : ""),
        entry("Default on as many GPUs", text(row, "equal_default_setting") || "–", text(row, "equal_default_joules_per_output_token") ? `${text(row, "equal_default_joules_per_output_token")} J; keeps the SLO: ${text(row, "equal_default_keeps_slo")}` : "not measured"),
        entry("Saves against the default", percent(row) === null ? "cannot tell" : `${(100 * percent(row)).toFixed(1)} %`, percent(row) === null ? "the default has no number" : bounds(row, "saving", 100)),
        entry("Probability that it is the least", chance === undefined ? "cannot tell" : chance > 0.999 ? "above 99.9 %" : chance < 0.001 ? "below 0.1 %" : `${(100 * chance).toFixed(1)} %`, chance === undefined ? "needs repetitions of every setting" : "from the intervals between runs"));
    };
    select.addEventListener("change", show);
    chooser.append(make("label", { for: "inputs" }, "Inputs, model and SLO"), select, list);
    chooser.hidden = false;
    show();
  }

  // Theme: the system's, light or dark.
  const themes = ["system", "light", "dark"];
  const button = document.getElementById("theme");
  const isDark = () => document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  let theme = 0;
  button.hidden = false;
  button.addEventListener("click", () => {
    theme = (theme + 1) % themes.length;
    button.textContent = `Theme: ${themes[theme]}`;
    if (theme === 0) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = themes[theme];
    redraw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraw());

  // Charts. Texts that the chart library gets are escaped: it reads some markup in them.
  const escape = text => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const symbols = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "x", "star"];
  const heat = ["#FDE725", "#B4DE2C", "#6DCD59", "#35B779", "#1F9E89", "#26828E", "#31688E", "#3E4989", "#482878", "#440154"];
  const isTouch = matchMedia("(pointer: coarse)").matches;
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const channel = (color, at) => parseInt(color.slice(at, at + 2), 16);
  const adapted = color => {
    const [red, green, blue] = [1, 3, 5].map(at => channel(color, at));
    // Dark inks would vanish on a dark page.
    return !isDark() || 0.3 * red + 0.59 * green + 0.11 * blue > 110 ? color
      : "#" + [red, green, blue].map(value => Math.round(value + (255 - value) * 0.5).toString(16).padStart(2, "0")).join("");
  };
  const placeText = (axis, value) => axis.scale === "category" ? escape(axis.categories[value]) : round(value);
  const hasBand = point => typeof point.band_low === "number" && typeof point.band_high === "number";
  const hover = (panel, series, point) => {
    if (point.details) return point.details.map((line, index) => index ? escape(line) : `<b>${escape(line)}</b>`).join("<br>");
    const base = point.base || 0;
    const lines = [series.name ? `<b>${escape(series.name)}</b>` : null, `${escape(panel.x.label)}: ${placeText(panel.x, point.x)}`, `${escape(panel.y.label || panel.title)}: ${panel.y.scale === "category" ? placeText(panel.y, point.y) : round(point.y - base)}`];
    if (point.low !== null && point.low !== undefined && point.high !== null && point.high !== undefined) lines.push(`95 % interval: ${round(point.low)} to ${round(point.high)}`);
    if (hasBand(point)) lines.push(`80 % of measurements: ${round(point.band_low)} to ${round(point.band_high)}`);
    if (point.label) lines.push(escape(point.label));
    return lines.filter(Boolean).join("<br>");
  };
  const error = (points, color) => points.some(point => typeof point.low === "number" && typeof point.high === "number")
    ? { type: "data", symmetric: false, array: points.map(point => typeof point.high === "number" ? point.high - point.y : 0), arrayminus: points.map(point => typeof point.low === "number" ? Math.min(point.y - point.low, Math.max(point.y, 0)) : 0), color, thickness: 1.3, width: 3 }
    : undefined;
  const line = (panel, series) => {
    const color = adapted(series.style.color);
    const parts = [series.style.is_joined ? "lines" : null, series.style.has_markers ? "markers" : null, series.points.some(point => point.label) ? "text" : null].filter(Boolean);
    return {
      type: "scatter", mode: parts.join("+") || "markers", name: escape(series.name), x: series.points.map(point => point.x), y: series.points.map(point => point.y),
      text: series.points.map(point => point.label ? escape(point.label) : ""), textposition: "top right", textfont: { size: 10, color: css("--faint") },
      hovertext: series.points.map(point => hover(panel, series, point)), hoverinfo: "text", error_y: error(series.points, color),
      line: { color, width: 2, dash: series.style.is_dashed ? "dash" : "solid" },
      marker: { color, size: 8, symbol: symbols[series.style.marker % symbols.length] + (series.style.is_open ? "-open" : "") },
    };
  };
  // Bands come after the series, so that a trace has the number of its series.
  const banded = panel => panel.kind === "bars" ? [] : panel.series.filter(series => series.points.filter(hasBand).length > 1);
  const errorBand = series => {
    const points = series.points.filter(hasBand);
    const back = points.slice().reverse();
    return {
      type: "scatter", mode: "lines", fill: "toself", hoverinfo: "skip", showlegend: false, x: [...points, ...back].map(point => point.x),
      y: [...points.map(point => point.band_high), ...back.map(point => point.band_low)], line: { width: 0 }, fillcolor: adapted(series.style.color) + "24",
    };
  };
  const bars = (panel, series) => ({
    type: "bar", name: escape(series.name), x: series.points.map(point => point.x), y: series.points.map(point => point.y - (point.base || 0)),
    base: series.points.map(point => point.base || 0), hovertext: series.points.map(point => hover(panel, series, point)), hoverinfo: "text", textposition: "none",
    error_y: error(series.points, css("--text")), marker: { color: adapted(series.style.color) },
  });
  const cells = panel => {
    const grid = () => panel.y.categories.map(() => panel.x.categories.map(() => null));
    const [values, texts] = [grid(), grid()];
    for (const cell of panel.cells) {
      values[cell.row][cell.column] = typeof cell.value === "number" ? cell.value : null;
      texts[cell.row][cell.column] = escape(cell.text);
    }
    const mark = (list, marker) => ({
      type: "scatter", mode: "markers", x: list.map(cell => cell.column), y: list.map(cell => cell.row), hovertext: list.map(cell => escape(cell.text)), hoverinfo: "text", marker,
    });
    return [
      {
        type: "heatmap", z: values, hovertext: texts, hoverinfo: "text", zmin: panel.color_low, zmax: panel.color_high, xgap: 2, ygap: 2, hoverongaps: false,
        colorscale: heat.map((color, index) => [index / (heat.length - 1), color]),
        colorbar: { thickness: 10, len: 1, title: { text: escape(panel.color_label), side: "right", font: { size: 10 } }, tickfont: { size: 10 } },
      },
      mark(panel.cells.filter(cell => typeof cell.value !== "number"), { symbol: "x-thin", size: 7, color: css("--faint"), line: { color: css("--faint"), width: 1 } }),
      mark(panel.cells.filter(cell => cell.is_marked), { symbol: "circle", size: 9, color: "#000", line: { color: "#fff", width: 1.5 } }),
    ];
  };
  // Long names beside a narrow chart stand on several lines.
  const wrapped = name => {
    if (document.documentElement.clientWidth > 700) return escape(name);
    const lines = [""];
    for (const word of String(name).split(" ")) {
      if (lines[lines.length - 1].length + word.length > 18) lines.push("");
      lines[lines.length - 1] += (lines[lines.length - 1] ? " " : "") + word;
    }
    return lines.map(escape).join("<br>");
  };
  const axis = (from, values, isUpright) => {
    const result = {
      title: { text: escape(from.label), font: { size: 12 }, standoff: 8 }, gridcolor: css("--grid"), linecolor: css("--faint"), zeroline: false, automargin: true,
      type: from.scale === "log2" || from.scale === "log10" ? "log" : "linear", rangemode: from.from_zero ? "tozero" : "normal",
    };
    if (from.scale === "category") {
      Object.assign(result, { tickvals: from.categories.map((_, index) => index), ticktext: from.categories.map(isUpright ? wrapped : escape), range: [-0.6, from.categories.length - 0.4], showgrid: false });
    } else if (from.ticks.length) {
      Object.assign(result, { tickvals: from.ticks, ticktext: from.ticks.map(round) });
    } else if (result.type === "log") {
      const ticks = logTicks(from.scale, values);
      Object.assign(result, { tickvals: ticks, ticktext: ticks.map(round) });
    }
    if (typeof from.low === "number" && typeof from.high === "number" && result.type === "linear") {
      const space = 0.08 * (from.high - from.low);
      result.range = [from.low - space, from.high + space];
    }
    return result;
  };
  const logTicks = (scale, values) => {
    const known = values.filter(value => value > 0);
    if (!known.length) return [];
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const ticks = [];
    if (scale === "log2") {
      const step = Math.max(1, Math.ceil(Math.log2(high / low) / 8));
      for (let power = Math.floor(Math.log2(low)); power <= Math.ceil(Math.log2(high)); power++) if (power % step === 0) ticks.push(2 ** power);
      return ticks;
    }
    const decades = Math.log10(high / low);
    const steps = decades < 0.7 ? [1, 1.5, 2, 3, 4, 5, 7] : decades < 1.6 ? [1, 2, 5] : decades < 2.6 ? [1, 3] : [1];
    for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)); power++) for (const multiple of steps) ticks.push(Number((multiple * 10 ** power).toPrecision(3)));
    return ticks;
  };
  const layout = panel => {
    const placed = name => (panel.series || []).flatMap(series => series.points.map(point => point[name]));
    const y = axis(panel.kind === "bars" ? Object.assign({}, panel.y, { from_zero: true }) : panel.y, placed("y"), true);
    const shapes = [
      ...(panel.bands || []).map(band => ({ type: "rect", layer: "below", yref: "paper", x0: band.from, x1: band.to, y0: 0, y1: 1, fillcolor: band.color, opacity: 0.28, line: { width: 0 } })),
      ...(panel.references || []).map(one => ({ type: "line", xref: "paper", x0: 0, x1: 1, y0: one.y, y1: one.y, line: { color: css("--faint"), width: 1, dash: "dot" } })),
      ...(panel.dividers || []).map(place => ({ type: "line", yref: "paper", x0: place, x1: place, y0: 0, y1: 1, line: { color: css("--faint"), width: 1.5 } })),
    ];
    const notes = [
      ...(panel.references || []).map(one => ({ xref: "paper", x: 1, y: y.type === "log" ? Math.log10(one.y) : one.y, xanchor: "right", yanchor: "bottom", showarrow: false, text: escape(one.name), font: { size: 10 } })),
      ...(panel.groups || []).map(group => ({ yref: "paper", x: group.x, y: 1, yanchor: "bottom", showarrow: false, text: escape(group.name), font: { size: 11 } })),
    ];
    return {
      xaxis: axis(panel.x, placed("x")), yaxis: y, shapes, annotations: notes, showlegend: false, barmode: panel.is_stacked ? "overlay" : "group", bargap: 0.2,
      margin: { l: 56, r: 10, t: panel.groups && panel.groups.length ? 22 : 8, b: 46 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: "Inter, system-ui, sans-serif", size: 11, color: css("--text") }, hoverlabel: { bgcolor: css("--card"), bordercolor: css("--line"), font: { color: css("--text") }, align: "left" },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: css("--faint"), activecolor: css("--text") },
      dragmode: isTouch ? false : "zoom",
    };
  };
  const traces = panel => panel.kind === "heat" ? cells(panel) : [...panel.series.map(series => panel.kind === "bars" ? bars(panel, series) : line(panel, series)), ...banded(panel).map(errorBand)];

  // A series that the legend does not name goes with the one whose name it continues.
  const isHidden = (chart, series) => chart.hidden.has(series.name) || (!series.is_listed && Array.from(chart.hidden).some(name => series.name.startsWith(name + ", ")));
  const drawn = [];
  const draw = async (Plotly, chart) => {
    for (const plot of chart.plots) {
      await Plotly.react(plot.element, traces(plot.panel), layout(plot.panel), { responsive: true, displaylogo: false, displayModeBar: isTouch ? false : "hover", modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"] });
      if (chart.hidden.size && plot.panel.series) {
        await Plotly.restyle(plot.element, { visible: [...plot.panel.series, ...banded(plot.panel)].map(series => !isHidden(chart, series)) });
      }
    }
  };
  const swatch = style => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [name, value] of Object.entries({ width: 18, height: 10, "aria-hidden": "true" })) svg.setAttribute(name, value);
    const part = (tag, attributes) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      svg.append(element);
    };
    const color = adapted(style.color);
    if (style.is_joined) part("line", { x1: 0, x2: 18, y1: 5, y2: 5, stroke: color, "stroke-width": 2, "stroke-dasharray": style.is_dashed ? "4 3" : "none" });
    if (style.has_markers) part("circle", { cx: 9, cy: 5, r: 4, fill: style.is_open ? "none" : color, stroke: color, "stroke-width": 1.5 });
    return svg;
  };
  const legend = (Plotly, chart, figure) => {
    const box = make("div", { class: "series-keys", role: "group", "aria-label": "Series: press to hide or show" });
    const seen = new Set();
    for (const panel of figure.panels) {
      for (const series of panel.series || []) {
        if (!series.name || !series.is_listed || seen.has(series.name)) continue;
        seen.add(series.name);
        const toggle = make("button", { type: "button", "aria-pressed": "true" }, swatch(series.style), series.name);
        toggle.addEventListener("click", () => {
          const shows = toggle.getAttribute("aria-pressed") === "false";
          toggle.setAttribute("aria-pressed", String(shows));
          if (shows) chart.hidden.delete(series.name); else chart.hidden.add(series.name);
          draw(Plotly, chart);
        });
        box.append(toggle);
      }
      for (const band of panel.bands || []) {
        if (seen.has("band " + band.name)) continue;
        seen.add("band " + band.name);
        box.append(make("span", {}, swatch({ color: band.color, has_markers: true }), band.name));
      }
    }
    return seen.size > 1 ? box : null;
  };
  const open = async element => {
    const Plotly = await library();
    const figure = figures[element.dataset.figure];
    const chart = { plots: [], hidden: new Set(), element };
    const panels = make("div", { class: figure.columns > 1 && figure.panels.length > 1 ? "panels two" : "panels" });
    element.hidden = false;
    const keys = legend(Plotly, chart, figure);
    element.replaceChildren(...(keys ? [keys] : []), panels);
    for (const panel of figure.panels) {
      const plot = make("div", { class: "panel-plot", role: "img", "aria-label": `${panel.title}; values are in the table and in words below` });
      plot.style.height = `${Math.round(figure.panel_height * 1.15)}px`;
      panels.append(make("div", {}, make("h4", {}, panel.title), plot));
      chart.plots.push({ element: plot, panel });
    }
    await draw(Plotly, chart);
    drawn.push(chart);
    const image = element.parentElement.querySelector("img");
    if (image) image.style.display = "none";
    element.dataset.drawn = "yes";
  };
  const redraw = () => { if (drawn.length) library().then(Plotly => drawn.forEach(chart => draw(Plotly, chart))); };

  // The library is packed in the page; its text is one of the two scripts the page's policy allows.
  let loading = null;
  const library = () => loading ??= (async () => {
    const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent), letter => letter.charCodeAt(0));
    const script = document.createElement("script");
    script.textContent = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
    document.head.append(script);
    return window.Plotly;
  })();
  if ("DecompressionStream" in window && "IntersectionObserver" in window) {
    let queue = Promise.resolve();
    const watcher = new IntersectionObserver(entries => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        watcher.unobserve(entry.target);
        const chart = entry.target.querySelector(".chart");
        queue = queue.then(() => open(chart)).catch(problem => { chart.hidden = true; console.warn("The interactive chart could not be drawn; the picture stays.", problem); });
      }
    }, { rootMargin: "500px" });
    all("figure").forEach(figure => watcher.observe(figure));
  }

  // Texts to copy: the clipboard is there only where the page may use it.
  for (const box of all(".snippet")) {
    const copy = make("button", { type: "button", class: "copy" }, "Copy");
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(box.querySelector("pre").textContent);
        copy.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(box.querySelector("pre"));
        copy.textContent = "Selected: press Ctrl+C";
      }
      setTimeout(() => { copy.textContent = "Copy"; }, 2000);
    });
    box.append(copy);
  }

  // In print everything is open and every figure is its picture.
  let closed = [];
  addEventListener("beforeprint", () => { closed = all("details:not([open])"); closed.forEach(one => { one.open = true; }); all("figure img").forEach(image => { image.loading = "eager"; }); });
  addEventListener("afterprint", () => closed.forEach(one => { one.open = false; }));
})();
