// The front: energy against latency, a mark for each setting. Marks are reached by pointer, touch and the arrow keys.
const frontSize = () => (document.documentElement.clientWidth > 704 ? [560, 360] : [366, 340]);
const frontMargin = { left: 58, right: 14, top: 14, bottom: 44 };
const spread = values => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return isNearly(low, high) ? [low * 0.9, high * 1.1] : [low, high];
};
const scaleOf = (values, from, to) => {
    const [low, high] = spread(values);
    const isLog = low > 0 && high / low > 3;
    const change = isLog ? Math.log : value => value;
    const [start, end] = [change(low), change(high)];
    const pad = 0.06 * (end - start);
    const place = value => from + ((to - from) * (change(value) - start + pad)) / (end - start + 2 * pad);
    return { place, ticks: isLog ? logTicks("log10", values).filter(tick => tick >= low && tick <= high) : linearTicks(low, high) };
};
const isSquare = (question, setting) => question.settings[question.default] === setting;
const dotOf = (question, setting, best) => {
    const size = setting === best ? 8 : 5.5;
    return isSquare(question, setting)
        ? makeSvg("rect", { class: "dot", x: -size, y: -size, width: 2 * size, height: 2 * size })
        : makeSvg("circle", { class: "dot", r: size });
};

// Draws the front of an answer into its box, and tells the reader's choice of a mark.
const drawFront = (box, question, limits, answer, name, show) => {
    const [width, height] = frontSize();
    const percentile = question.percentiles[name];
    const xOf = setting => latencyOf(setting, name, percentile).mean;
    const shown = question.settings.filter(setting => hasEnergy(setting) && typeof xOf(setting) === "number");
    const svg = makeSvg("svg", {
        viewBox: `0 0 ${width} ${height}`,
        role: "group",
        "aria-label": `Energy per output token against ${name.toUpperCase()}, a mark for each setting. ` +
            "The arrow keys move from mark to mark.",
    });
    box.replaceChildren(svg);
    if (!shown.length) {
        svg.append(
            makeSvg(
                "text",
                { x: width / 2, y: height / 2, "text-anchor": "middle" },
                `No setting has both an energy and a ${name.toUpperCase()}.`,
            ),
        );
        return shown;
    }
    const x = scaleOf(shown.map(xOf), frontMargin.left, width - frontMargin.right);
    const y = scaleOf(
        shown.map(setting => joulesOf(setting).mean),
        height - frontMargin.bottom,
        frontMargin.top,
    );
    drawAxes(svg, x, y, [width, height], `${name.toUpperCase()} at P${percentile}`);
    const at = setting => [x.place(xOf(setting)), y.place(joulesOf(setting).mean)];
    const front = frontOf(answer.candidates, xOf);
    if (front.length > 1)
        svg.append(
            makeSvg("polyline", {
                class: "joined",
                points: front
                    .map(at)
                    .map(place => place.join(","))
                    .join(" "),
            }),
        );
    if (limits[name] !== null) {
        const place = x.place(limits[name]);
        if (place > frontMargin.left && place < width - frontMargin.right) {
            svg.append(
                makeSvg("line", { class: "bound-line", x1: place, x2: place, y1: frontMargin.top, y2: height - frontMargin.bottom }),
            );
        }
    }
    drawMarks(svg, question, answer, shown, at, y, show);
    drawNames(svg, question, answer, shown, at, width);
    return shown;
};
const drawAxes = (svg, x, y, [width, height], label) => {
    const base = height - frontMargin.bottom;
    let last = -Infinity;
    for (const tick of x.ticks) {
        const place = x.place(tick);
        svg.append(makeSvg("line", { class: "tick", x1: place, x2: place, y1: frontMargin.top, y2: base }));
        if (place - last < 44) continue;
        last = place;
        svg.append(makeSvg("text", { x: place, y: base + 16, "text-anchor": "middle" }, timeText(tick)));
    }
    // Ticks of close values need more digits than numbers elsewhere.
    const texts = y.ticks.map(short);
    const isTold = new Set(texts).size === texts.length;
    for (const tick of y.ticks) {
        const place = y.place(tick);
        svg.append(makeSvg("line", { class: "tick", x1: frontMargin.left, x2: width - frontMargin.right, y1: place, y2: place }));
        svg.append(makeSvg("text", { x: frontMargin.left - 6, y: place + 4, "text-anchor": "end" }, isTold ? short(tick) : round(tick)));
    }
    svg.append(makeSvg("text", { x: (frontMargin.left + width) / 2, y: height - 6, "text-anchor": "middle" }, label));
    svg.append(
        makeSvg(
            "text",
            { transform: `translate(13 ${(base + frontMargin.top) / 2}) rotate(-90)`, "text-anchor": "middle" },
            "J per output token",
        ),
    );
};
const drawMarks = (svg, question, answer, shown, at, y, show) => {
    const marks = new Map();
    const order = shown.slice().sort((a, b) => at(a)[0] - at(b)[0] || at(a)[1] - at(b)[1]);
    const drawOrder = shown
        .slice()
        .sort((a, b) => (a === answer.best) - (b === answer.best) || answer.candidates.includes(a) - answer.candidates.includes(b));
    const move = (setting, isTold) => {
        for (const [one, mark] of marks) {
            mark.setAttribute("tabindex", one === setting ? "0" : "-1");
            mark.classList.toggle("shown", one === setting);
        }
        if (isTold) show(setting);
    };
    for (const setting of drawOrder) {
        const [left, top] = at(setting);
        const { low, high } = joulesOf(setting);
        if (typeof low === "number" && typeof high === "number" && low > 0) {
            const [from, to] = [y.place(low), y.place(high)].map(place =>
                Math.min(svg.viewBox.baseVal.height - frontMargin.bottom, Math.max(frontMargin.top, place)),
            );
            svg.append(makeSvg("line", { class: "interval", x1: left, x2: left, y1: from, y2: to }));
        }
        const state = setting === answer.best ? "best" : answer.candidates.includes(setting) ? "" : "dim";
        const role = setting === answer.best ? ", the least" : state === "dim" ? ", no candidate" : "";
        const label = `${setting.words}: ${short(joulesOf(setting).mean)} J per output token${role}`;
        const mark = makeSvg(
            "g",
            {
                class: `mark ${state}`,
                transform: `translate(${left} ${top})`,
                role: "img",
                "aria-label": label,
                "data-setting": setting.words,
            },
            makeSvg("circle", { class: "hit", r: 13 }),
            dotOf(question, setting, answer.best),
        );
        mark.addEventListener("pointerenter", () => move(setting, true));
        mark.addEventListener("click", () => move(setting, true));
        mark.addEventListener("focus", () => move(setting, true));
        marks.set(setting, mark);
        svg.append(mark);
    }
    svg.addEventListener("keydown", event => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        const now = order.findIndex(setting => marks.get(setting) === document.activeElement);
        if (!step || now < 0) return;
        event.preventDefault();
        marks.get(order[(now + step + order.length) % order.length]).focus();
    });
    move(answer.best && marks.has(answer.best) ? answer.best : order[0], false);
};

// A name is cut where it would leave the picture; the readout has it whole.
const nameLetterWidth = 7;
const drawNames = (svg, question, answer, shown, at, width) => {
    const named = [
        [answer.best, ""],
        [question.settings[question.default], "default: "],
    ];
    let above = null;
    for (const [setting, before] of named) {
        if (!setting || !shown.includes(setting) || (before && setting === answer.best)) continue;
        const [left, top] = at(setting);
        const isRight = left > width * 0.55;
        const isClose = above && Math.hypot(above[0] - left, above[1] - top) < 24;
        above = [left, top];
        const letters = Math.floor(((isRight ? left : width - left) - 16) / nameLetterWidth);
        const words = before + setting.words;
        svg.append(
            makeSvg(
                "text",
                {
                    class: "name",
                    x: left + (isRight ? -14 : 14),
                    y: top + (isClose ? 20 : -14),
                    "text-anchor": isRight ? "end" : "start",
                },
                words.length > letters ? `${words.slice(0, letters - 1)}…` : words,
            ),
        );
    }
};
