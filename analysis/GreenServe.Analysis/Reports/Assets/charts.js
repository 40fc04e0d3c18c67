// Charts. Texts that the chart library gets are escaped: it reads some markup in them.
const escape = text => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
let colors = {};
const symbols = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "x", "star"];
const heat = ["#FDE725", "#B4DE2C", "#6DCD59", "#35B779", "#1F9E89", "#26828E", "#31688E", "#3E4989", "#482878", "#440154"];
const isTouch = matchMedia("(pointer: coarse)").matches;
const adapted = color => (isDark() ? colors[color] || color : color);
const placeText = (axis, value) => (axis.scale === "category" ? escape(axis.categories[value]) : round(value));
const hasBand = point => typeof point.band_low === "number" && typeof point.band_high === "number";
const hover = (panel, series, point) => {
    if (point.details) return point.details.map((line, index) => (index ? escape(line) : `<b>${escape(line)}</b>`)).join("<br>");
    const base = point.base || 0;
    const lines = [
        series.name ? `<b>${escape(series.name)}</b>` : null,
        `${escape(panel.x.label)}: ${placeText(panel.x, point.x)}`,
        `${escape(panel.y.label || panel.title)}: ${panel.y.scale === "category" ? placeText(panel.y, point.y) : round(point.y - base)}`,
    ];
    if (point.low !== null && point.low !== undefined && point.high !== null && point.high !== undefined)
        lines.push(`95 % interval: ${round(point.low)} to ${round(point.high)}`);
    if (hasBand(point)) lines.push(`80 % of measurements: ${round(point.band_low)} to ${round(point.band_high)}`);
    if (point.label) lines.push(escape(point.label));
    return lines.filter(Boolean).join("<br>");
};
const error = (points, color) =>
    points.some(point => typeof point.low === "number" && typeof point.high === "number")
        ? {
              type: "data",
              symmetric: false,
              array: points.map(point => (typeof point.high === "number" ? point.high - point.y : 0)),
              arrayminus: points.map(point => (typeof point.low === "number" ? Math.min(point.y - point.low, Math.max(point.y, 0)) : 0)),
              color,
              thickness: 1.3,
              width: 3,
          }
        : undefined;
const line = (panel, series) => {
    const color = adapted(series.style.color);
    const parts = [
        series.style.is_joined ? "lines" : null,
        series.style.has_markers ? "markers" : null,
        series.points.some(point => point.label) ? "text" : null,
    ].filter(Boolean);
    return {
        type: "scatter",
        mode: parts.join("+") || "markers",
        name: escape(series.name),
        x: series.points.map(point => point.x),
        y: series.points.map(point => point.y),
        text: series.points.map(point => (point.label ? escape(point.label) : "")),
        textposition: "top right",
        textfont: { size: 10, color: css("--faint") },
        hovertext: series.points.map(point => hover(panel, series, point)),
        hoverinfo: "text",
        error_y: error(series.points, color),
        line: { color, width: 2, dash: series.style.is_dashed ? "dash" : "solid" },
        marker: { color, size: 8, symbol: symbols[series.style.marker % symbols.length] + (series.style.is_open ? "-open" : "") },
    };
};
// Bands come after the series, so that a trace has the number of its series.
const banded = panel => (panel.kind === "bars" ? [] : panel.series.filter(series => series.points.filter(hasBand).length > 1));
const errorBand = series => {
    const points = series.points.filter(hasBand);
    const back = points.slice().reverse();
    return {
        type: "scatter",
        mode: "lines",
        fill: "toself",
        hoverinfo: "skip",
        showlegend: false,
        x: [...points, ...back].map(point => point.x),
        y: [...points.map(point => point.band_high), ...back.map(point => point.band_low)],
        line: { width: 0 },
        fillcolor: adapted(series.style.color) + "24",
    };
};
const bars = (panel, series) => ({
    type: "bar",
    name: escape(series.name),
    x: series.points.map(point => point.x),
    y: series.points.map(point => point.y - (point.base || 0)),
    base: series.points.map(point => point.base || 0),
    hovertext: series.points.map(point => hover(panel, series, point)),
    hoverinfo: "text",
    textposition: "none",
    error_y: error(series.points, css("--text")),
    marker: { color: adapted(series.style.color) },
});
const cells = panel => {
    const grid = () => panel.y.categories.map(() => panel.x.categories.map(() => null));
    const [values, texts, labels] = [grid(), grid(), grid()];
    for (const cell of panel.cells) {
        values[cell.row][cell.column] = typeof cell.value === "number" ? cell.value : null;
        texts[cell.row][cell.column] = escape(cell.text);
        labels[cell.row][cell.column] = cell.label ? escape(cell.label) : "";
    }
    const mark = (list, marker) => ({
        type: "scatter",
        mode: "markers",
        x: list.map(cell => cell.column),
        y: list.map(cell => cell.row),
        hovertext: list.map(cell => escape(cell.text)),
        hoverinfo: "text",
        marker,
    });
    return [
        {
            type: "heatmap",
            z: values,
            hovertext: texts,
            hoverinfo: "text",
            text: labels,
            texttemplate: labels.some(row => row.some(Boolean)) ? "%{text}" : "",
            textfont: { size: 10 },
            zmin: panel.color_low,
            zmax: panel.color_high,
            xgap: 2,
            ygap: 2,
            hoverongaps: false,
            colorscale: heat.map((color, index) => [index / (heat.length - 1), color]),
            colorbar: {
                thickness: 10,
                len: 1,
                title: { text: escape(panel.color_label), side: "right", font: { size: 10 } },
                tickfont: { size: 10 },
            },
        },
        mark(
            panel.cells.filter(cell => typeof cell.value !== "number"),
            { symbol: "x-thin", size: 7, color: css("--faint"), line: { color: css("--faint"), width: 1 } },
        ),
        mark(
            panel.cells.filter(cell => cell.is_marked),
            { symbol: "circle", size: 9, color: "#000", line: { color: "#fff", width: 1.5 } },
        ),
    ];
};
// Long names beside a narrow chart stand on several lines.
const isNarrow = () => document.documentElement.clientWidth <= 700;
const wrapped = name => {
    if (!isNarrow()) return escape(name);
    const lines = [""];
    for (const word of String(name).split(" ")) {
        if (lines[lines.length - 1].length + word.length > 18) lines.push("");
        lines[lines.length - 1] += (lines[lines.length - 1] ? " " : "") + word;
    }
    return lines.map(escape).join("<br>");
};
const axis = (from, values, isUpright) => {
    const result = {
        title: { text: escape(from.label), font: { size: 12 }, standoff: 8 },
        gridcolor: css("--grid"),
        linecolor: css("--faint"),
        zeroline: false,
        automargin: true,
        type: from.scale === "log2" || from.scale === "log10" ? "log" : "linear",
        rangemode: from.from_zero ? "tozero" : "normal",
    };
    if (from.scale === "category") {
        // Names side by side on a phone would stand on each other.
        const step = !isUpright && isNarrow() ? Math.ceil(from.categories.length / 8) : 1;
        const places = from.categories.map((_, index) => index).filter(index => index % step === 0);
        const texts = places.map(index => (isUpright ? wrapped : escape)(from.categories[index]));
        Object.assign(result, { tickvals: places, ticktext: texts, range: [-0.6, from.categories.length - 0.4], showgrid: false });
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
// Numbers that differ in their last digits only are one.
const isNearly = (low, high) => high - low <= 1e-9 * Math.abs(high);
const linearTicks = (low, high) => {
    if (isNearly(low, high)) return [low];
    const rough = (high - low) / 4;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(one => one * power).find(one => one >= rough) || 10 * power;
    const first = Math.ceil(low / step);
    const count = Math.floor(high / step + 1e-9) - first + 1;
    return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(6)));
};
const logTicks = (scale, values) => {
    const known = values.filter(value => value > 0);
    if (!known.length) return [];
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const ticks = [];
    if (scale === "log2") {
        const step = Math.max(1, Math.ceil(Math.log2(high / low) / 8));
        for (let power = Math.floor(Math.log2(low)); power <= Math.ceil(Math.log2(high)); power++)
            if (power % step === 0) ticks.push(2 ** power);
        return ticks;
    }
    const decades = Math.log10(high / low);
    const steps = decades < 0.7 ? [1, 1.5, 2, 3, 4, 5, 7] : decades < 1.6 ? [1, 2, 5] : decades < 2.6 ? [1, 3] : [1];
    for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)); power++)
        for (const multiple of steps) ticks.push(Number((multiple * 10 ** power).toPrecision(3)));

    // Where the values lie close together none of these numbers may be among them.
    return ticks.filter(tick => tick >= low && tick <= high).length > 1 || isNearly(low, high) ? ticks : linearTicks(low, high);
};
const layout = panel => {
    const placed = name => (panel.series || []).flatMap(series => series.points.map(point => point[name]));
    const y = axis(panel.kind === "bars" ? Object.assign({}, panel.y, { from_zero: true }) : panel.y, placed("y"), true);
    const shapes = [
        ...(panel.bands || []).map(band => ({
            type: "rect",
            layer: "below",
            yref: "paper",
            x0: band.from,
            x1: band.to,
            y0: 0,
            y1: 1,
            fillcolor: band.color,
            opacity: 0.28,
            line: { width: 0 },
        })),
        ...(panel.references || []).map(one => ({
            type: "line",
            xref: "paper",
            x0: 0,
            x1: 1,
            y0: one.y,
            y1: one.y,
            line: { color: css("--faint"), width: 1, dash: "dot" },
        })),
        ...(panel.dividers || []).map(place => ({
            type: "line",
            yref: "paper",
            x0: place,
            x1: place,
            y0: 0,
            y1: 1,
            line: { color: css("--faint"), width: 1.5 },
        })),
    ];
    const notes = [
        ...(panel.references || []).map(one => ({
            xref: "paper",
            x: 1,
            y: y.type === "log" ? Math.log10(one.y) : one.y,
            xanchor: "right",
            yanchor: "bottom",
            showarrow: false,
            text: escape(one.name),
            font: { size: 10 },
        })),
        ...(panel.groups || []).map(group => ({
            yref: "paper",
            x: group.x,
            y: 1,
            yanchor: "bottom",
            showarrow: false,
            text: escape(group.name),
            font: { size: 11 },
        })),
    ];
    return {
        xaxis: axis(panel.x, placed("x")),
        yaxis: y,
        shapes,
        annotations: notes,
        showlegend: false,
        barmode: panel.is_stacked ? "overlay" : "group",
        bargap: 0.2,
        margin: { l: 56, r: 10, t: panel.groups && panel.groups.length ? 22 : 8, b: 46 },
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        font: { family: "Inter, system-ui, sans-serif", size: 11, color: css("--text") },
        hoverlabel: { bgcolor: css("--card"), bordercolor: css("--line"), font: { color: css("--text") }, align: "left" },
        modebar: { bgcolor: "rgba(0,0,0,0)", color: css("--faint"), activecolor: css("--text") },
        dragmode: isTouch ? false : "zoom",
    };
};
const traces = panel =>
    panel.kind === "heat"
        ? cells(panel)
        : [
              ...panel.series.map(series => (panel.kind === "bars" ? bars(panel, series) : line(panel, series))),
              ...banded(panel).map(errorBand),
          ];
