// Figures: drawn as they come into view, in places whose heights the page has reserved.
// A series that the legend does not name goes with the one whose name it continues.
const isHidden = (chart, series) =>
    chart.hidden.has(series.name) || (!series.is_listed && Array.from(chart.hidden).some(name => series.name.startsWith(name + ", ")));
const options = {
    responsive: true,
    displaylogo: false,
    displayModeBar: isTouch ? false : "hover",
    modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"],
};
const draw = async (Plotly, chart) => {
    for (const { element, panel } of chart.plots) {
        // The tools would cover the title of a colour bar.
        const shown = panel.kind === "heat" ? { ...options, displayModeBar: false } : options;
        await Plotly.react(element, traces(panel), layout(panel), shown);
        if (chart.hidden.size && panel.series) {
            await Plotly.restyle(element, { visible: [...panel.series, ...banded(panel)].map(series => !isHidden(chart, series)) });
        }
    }
};
const paint = (svg, style) => {
    const color = adapted(style.color);
    svg.replaceChildren();
    if (style.is_joined) {
        svg.append(
            makeSvg("line", {
                x1: 0,
                x2: 18,
                y1: 5,
                y2: 5,
                stroke: color,
                "stroke-width": 2,
                "stroke-dasharray": style.is_dashed ? "4 3" : "none",
            }),
        );
    }
    if (style.has_markers)
        svg.append(makeSvg("circle", { cx: 9, cy: 5, r: 4, fill: style.is_open ? "none" : color, stroke: color, "stroke-width": 1.5 }));
};
const paintLegend = chart => {
    const panels = chart.plots.map(plot => plot.panel);
    const styleOf = name => panels.flatMap(panel => panel.series || []).find(series => series.name === name).style;
    const bandOf = name => panels.flatMap(panel => panel.bands || []).find(band => band.name === name);
    for (const key of all(".series-keys button", chart.element)) paint(key.firstChild, styleOf(key.textContent));
    for (const key of all(".series-keys .band", chart.element))
        paint(key.firstChild, { color: bandOf(key.textContent).color, has_markers: true });
};
const listen = (Plotly, chart) => {
    for (const key of all(".series-keys button", chart.element)) {
        key.addEventListener("click", () => {
            const shows = key.getAttribute("aria-pressed") === "false";
            key.setAttribute("aria-pressed", String(shows));
            if (shows) chart.hidden.delete(key.textContent);
            else chart.hidden.add(key.textContent);
            draw(Plotly, chart);
        });
    }
};

// The library is one of the two scripts that the page's policy allows.
let loading = null;
const library = () =>
    (loading ??= (async () => {
        const script = make("script");
        script.textContent = await packed("plotly");
        document.head.append(script);
        return window.Plotly;
    })());
const openFigure = async place => {
    const [Plotly, data] = [await library(), await packed("figures")];
    colors = data.dark_colors;
    const element = place.querySelector(".chart");
    const figure = data.figures[place.dataset.figure];
    const plots = all(".panel-plot", element).map((plot, index) => ({ element: plot, panel: figure.panels[index] }));
    const chart = { plots, hidden: new Set(), element };
    await draw(Plotly, chart);
    paintLegend(chart);
    listen(Plotly, chart);
    redraws.push(() => {
        draw(Plotly, chart);
        paintLegend(chart);
    });
    element.dataset.drawn = "yes";
};

// Pictures stand in for charts in print, and where a chart cannot be drawn.
const showPicture = async place => {
    const svg = (await packed("pictures"))[place.dataset.figure];
    if (!svg || place.querySelector("img")) return;
    const image = make("img", { alt: document.getElementById(`${place.dataset.figure}-words`).textContent });
    image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    place.prepend(image);
};
const places = all("figure[data-figure]");
if (isPacked && "IntersectionObserver" in window) {
    let queue = Promise.resolve();
    const watcher = new IntersectionObserver(
        entries => {
            for (const { isIntersecting, target } of entries) {
                if (!isIntersecting) continue;
                watcher.unobserve(target);
                queue = queue
                    .then(() => openFigure(target))
                    .catch(problem => {
                        console.warn("The interactive chart could not be drawn; the picture stands in its place.", problem);
                        target.classList.add("plain");
                        return showPicture(target);
                    });
            }
        },
        { rootMargin: "500px" },
    );
    places.forEach(place => watcher.observe(place));
    addEventListener("load", () => (window.requestIdleCallback || setTimeout)(() => places.forEach(showPicture)));
}
