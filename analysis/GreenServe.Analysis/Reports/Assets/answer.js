// The first screen: choosers, limits, the sentence and the front of the chosen question.
const percentileOf = (question, name) => `${name.toUpperCase()} at P${question.percentiles[name]}`;

// The places of a slider: every number of two digits within the data, the limit of the SLO, and no limit at its right end.
const stopsOf = (question, name) => {
    const values = question.settings
        .filter(hasEnergy)
        .map(setting => latencyOf(setting, name, question.percentiles[name]).mean)
        .filter(value => value > 0);
    if (!values.length) return null;
    const stops = new Set(question.limits[name] === null ? [] : [question.limits[name]]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
        for (let digits = 10; digits < 100; digits++) {
            const stop = Number(`${digits}e${power - 1}`);
            if (stop >= low / 1.1 && stop <= high * 1.1) stops.add(stop);
        }
    }
    return [...Array.from(stops).sort((a, b) => a - b), null];
};

const startAnswers = ({ questions, facets, student_quantiles }) => {
    studentQuantiles = student_quantiles;
    const root = document.getElementById("ask");
    const [sentence, said, warned] = ["sentence", "sentences", "warnings"].map(id => document.getElementById(id));
    const [box, readout, switched] = ["front-plot", "readout", "front-latency"].map(id => document.getElementById(id));
    const keepsSlo = document.getElementById("keeps-slo");
    const sliders = Object.fromEntries(["ttft", "tbt"].map(name => [name, document.getElementById(`limit-${name}`)]));
    let question = questions[0];
    let stops = {};
    let shown = [];

    // A chooser offers what exists together with the choices before it. What it held before stays, where that still exists.
    const choosers = facets.map((facet, index) => {
        const select = make("select", { id: `ask-${facet.name}`, "data-facet": facet.name });
        const label = make("label", {}, facet.title, select);
        select.addEventListener("change", () => choose(index));
        root.append(label);
        return { facet, select, label };
    });
    const valueOf = (one, facet) => one.facets[facet.name] ?? "";
    const choose = changed => {
        let left = questions;
        choosers.forEach(({ facet, select, label }, index) => {
            const wanted = index <= changed ? select.value : valueOf(question, facet);
            const values = Array.from(new Set(left.map(one => valueOf(one, facet))));
            select.replaceChildren(...values.map(value => make("option", { value }, value || "none")));
            select.value = values.includes(wanted) ? wanted : values[0];
            label.hidden = values.length < 2;
            left = left.filter(one => valueOf(one, facet) === select.value);
        });
        question = left[0];
        startLimits();
        update();
    };

    const startLimits = () => {
        for (const [name, slider] of Object.entries(sliders)) {
            stops[name] = stopsOf(question, name);
            slider.closest(".bound").hidden = !stops[name];
            document.getElementById(`limit-${name}-title`).textContent = percentileOf(question, name);
            if (!stops[name]) continue;
            slider.max = stops[name].length - 1;
            slider.value = question.limits[name] === null ? slider.max : stops[name].indexOf(question.limits[name]);
        }
        keepsSlo.closest("label").hidden = !question.has_slo;
        keepsSlo.checked = question.has_slo;
        document.getElementById("slo-words").textContent = question.has_slo
            ? `SLO ${question.facets.slo || ""}${question.slo_limits ? `: ${question.slo_limits}` : ""}.`
            : "This experiment states no SLO.";
    };
    const limitsNow = () => {
        const limit = name => (stops[name] ? stops[name][Number(sliders[name].value)] : null);
        return { ttft: limit("ttft"), tbt: limit("tbt"), keepsSlo: question.has_slo && keepsSlo.checked };
    };

    const update = () => {
        const limits = limitsNow();
        for (const [name, slider] of Object.entries(sliders)) {
            const text =
                limits[name] === null ? "no limit" : timeText(limits[name]) + (limits[name] === question.limits[name] ? ", SLO" : "");
            document.getElementById(`limit-${name}-text`).textContent = text;
            slider.setAttribute("aria-valuetext", text);
            slider.dataset.seconds = limits[name] ?? "";
        }
        const answer = answerOf(question, limits);
        const badge = make("span", { class: `badge ${question.evidence_style}` }, question.facets.evidence);
        const first = answer.sentences[0].slice(question.evidence_text.length + 2);
        sentence.replaceChildren(
            badge,
            " ",
            ...(answer.best ? [make("strong", {}, answer.best.words), ...linked(first.slice(answer.best.words.length))] : linked(first)),
        );
        said.replaceChildren(...answer.sentences.slice(1).map(text => make("li", {}, ...linked(text))));
        warned.replaceChildren(...answer.warnings.map(text => make("li", {}, ...linked(text))));
        const facts = {
            question: question.id,
            setting: answer.best ? answer.best.words : "",
            saving: answer.saving ? answer.saving.share : "",
            probability: answer.probability ?? "",
        };
        Object.assign(sentence.dataset, facts);
        document.getElementById("chosen-figure").href = `#${question.artifact}`;
        drawNow(answer, limits);
        fillTable(answer, limits);
    };
    const drawNow = (answer, limits) => {
        const read = setting => readOut(readout, question, setting, limits, answer);
        shown = drawFront(box, question, limits, answer, switched.value, read);
        read(answer.best || shown[0] || question.settings[0]);
    };

    const table = document.getElementById("every-setting");
    const fillTable = (answer, limits) => {
        const place = table.querySelector(".every");
        if (!table.open) return place.replaceChildren();
        place.replaceChildren(tableOf("settings-of-question", settingTable(question, limits, answer)));
    };
    table.addEventListener("toggle", () => {
        const limits = limitsNow();
        fillTable(answerOf(question, limits), limits);
    });
    Object.values(sliders).forEach(slider => slider.addEventListener("input", update));
    keepsSlo.addEventListener("change", update);
    switched.addEventListener("change", update);
    matchMedia("(max-width:44rem)").addEventListener("change", update);
    choose(-1);
};

// Everything that is known of a setting.
const factsOf = (question, setting) => {
    const unit = (value, text) => (typeof value.mean === "number" ? text(value.mean) : "not measured");
    const bandOf = value =>
        [rangeText(value, short) && `${rangeText(value, short)} between runs`, value.band && `simulator ${value.band}`]
            .filter(Boolean)
            .join(", ");
    return [
        ["J per output token", unit(setting.joules_per_output_token, short), bandOf(setting.joules_per_output_token)],
        ["J per request", unit(setting.joules_per_request, short), bandOf(setting.joules_per_request)],
        ["TTFT, P50 / P99", `${unit(setting.ttft_p50_seconds, timeText)} / ${unit(setting.ttft_p99_seconds, timeText)}`, ""],
        ["TBT, P50 / P99", `${unit(setting.tbt_p50_seconds, timeText)} / ${unit(setting.tbt_p99_seconds, timeText)}`, ""],
        ["Power", typeof setting.mean_watts === "number" ? `${short(setting.mean_watts)} W` : "not measured", ""],
        [
            "Output",
            typeof setting.output_tokens_per_second === "number" ? `${short(setting.output_tokens_per_second)} tokens/s` : "not measured",
            "",
        ],
        ["GPUs", typeof setting.gpus_used === "number" ? short(setting.gpus_used) : "not known", ""],
        ["Behind it", `${count(setting.requests, "request")}, ${count(setting.repetitions, "run")}`, ""],
    ];
};
const readOut = (readout, question, setting, limits, answer) => {
    const marks = [
        setting === answer.best ? "the least" : "",
        question.settings[question.default] === setting ? "the default" : "",
        setting === answer.equal ? "the default on as many GPUs" : "",
    ].filter(Boolean);
    const reason = reasonAgainst(question, setting, limits);
    readout.replaceChildren(
        make("h4", {}, setting.words + (marks.length ? ` (${marks.join("; ")})` : "")),
        make(
            "dl",
            {},
            ...factsOf(question, setting).map(([title, value, note]) =>
                make("div", {}, make("dt", {}, title), make("dd", {}, value, ...(note ? [make("small", {}, ` (${note})`)] : []))),
            ),
        ),
        ...(reason ? [make("p", { class: "why" }, `No candidate: ${reason}.`)] : []),
    );
};
const settingTable = (question, limits, answer) => {
    const number = (value, text = short) =>
        typeof value === "number" ? { text: text(value), value: String(value) } : { text: "not measured", style: "absent" };
    const columns = [
        ["Setting", "setting"],
        ["Candidate", "candidate"],
        ["J per output token", "joules_per_output_token"],
        ["J per request", "joules_per_request"],
        ["TTFT at P99 (s)", "ttft_p99_seconds"],
        ["TBT at P99 (s)", "tbt_p99_seconds"],
        ["Power (W)", "mean_watts"],
        ["Output (tokens/s)", "output_tokens_per_second"],
        ["GPUs", "gpus_used"],
        ["Requests", "requests"],
        ["Runs", "repetitions"],
    ].map(([title, name]) => ({ title, name }));
    const row = setting => {
        const reason = reasonAgainst(question, setting, limits);
        return [
            {
                text: setting.words,
                note: setting === answer.best ? "the least" : question.settings[question.default] === setting ? "the default" : undefined,
            },
            reason ? { text: "no", note: reason, style: "fail" } : { text: "yes", style: "pass" },
            {
                ...number(setting.joules_per_output_token.mean),
                low: setting.joules_per_output_token.low ?? undefined,
                high: setting.joules_per_output_token.high ?? undefined,
            },
            number(setting.joules_per_request.mean),
            number(setting.ttft_p99_seconds.mean),
            number(setting.tbt_p99_seconds.mean),
            number(setting.mean_watts),
            number(setting.output_tokens_per_second),
            number(setting.gpus_used),
            number(setting.requests),
            number(setting.repetitions),
        ];
    };
    return { caption: "Every setting of the chosen question", columns, rows: question.settings.map(row) };
};
if (isPacked && document.getElementById("ask")) packed("questions").then(startAnswers);
