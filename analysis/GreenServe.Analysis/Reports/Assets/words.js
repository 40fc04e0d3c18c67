// An answer in sentences. Numbers have three significant digits; every sentence stands alone.
const grouped = (value, decimals) => value.toLocaleString("en-US", { maximumFractionDigits: decimals, minimumFractionDigits: 0 });
const short = value => {
    if (value === 0) return "0";
    const magnitude = Math.abs(value);
    if (magnitude < 1e-4 || magnitude >= 1e7) return value.toExponential(2).replace("e+", "e");
    return grouped(value, Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(magnitude)))));
};
const timeText = seconds => (seconds < 10 ? `${short(seconds * 1e3)} ms` : `${short(seconds)} s`);
const percentText = share => `${(100 * share).toFixed(Math.abs(share) < 0.0995 ? 1 : 0)} %`;
const probabilityText = value => (value > 0.999 ? "above 99.9 %" : value < 0.001 ? "below 0.1 %" : `${grouped(100 * value, 1)} %`);
const count = (number, noun) => `${grouped(number, 0)} ${noun}${number === 1 ? "" : "s"}`;
const shareText = saving =>
    percentText(saving.share) +
    (saving.half === null
        ? ""
        : ` (${percentText(saving.share - saving.half).slice(0, -2)} to ${percentText(saving.share + saving.half)} between runs)`);
const rangeText = (value, text) =>
    typeof value.low === "number" && typeof value.high === "number" ? `${text(value.low)} to ${text(value.high)}` : null;

// A sentence with its terms linked to their meanings, each once.
const terms = new Map(all(".glossary dt").map(term => [term.textContent, term.id]));
const termPattern = new RegExp(
    `(?<![\\w-])(${Array.from(terms.keys())
        .sort((a, b) => b.length - a.length)
        .join("|")})(?![\\w-])`,
    "g",
);
const linked = text => {
    const seen = new Set();
    const parts = terms.size ? text.split(termPattern) : [text];
    return parts.map((part, index) => {
        if (index % 2 === 0 || seen.has(part)) return part;
        seen.add(part);
        return make("a", { class: "term", href: `#${terms.get(part)}` }, part);
    });
};
const energyText = setting => {
    const token = joulesOf(setting);
    const interval = rangeText(token, short);
    return (
        `${short(token.mean)} J per output token${interval ? ` (${interval} between runs)` : ""}` +
        (token.band ? `, simulator ${token.band},` : "") +
        (typeof setting.joules_per_request.mean === "number" ? ` and ${short(setting.joules_per_request.mean)} J per request` : "")
    );
};
const goalText = (question, limits) => {
    const own = ["ttft", "tbt"]
        .filter(name => limits[name] !== null && !(limits.keepsSlo && limits[name] === question.limits[name]))
        .map(name => `${name.toUpperCase()} at P${question.percentiles[name]} up to ${timeText(limits[name])}`)
        .join(" and ");
    return (limits.keepsSlo ? question.goal : "") + (own ? ` with ${own}` : "");
};
const against = (saving, other) =>
    Math.abs(saving.share) < equalShare
        ? `takes the same energy per output token as ${other}`
        : saving.share > 0
          ? `saves ${shareText(saving)} of the energy per output token against ${other}`
          : `takes ${percentText(-saving.share)} more energy per output token than ${other}`;
const misses = (question, setting, limits) => {
    const reason = reasonAgainst(question, setting, limits);
    return reason === null
        ? ""
        : setting.keeps_slo === "no" && limits.keepsSlo
          ? ", which misses the SLO"
          : `, which is no candidate: ${reason}`;
};
// What the least of several models, or of other subjects, takes less than the others.
const lessText = (best, candidates) => {
    const others = candidates.filter(one => one !== best).sort((a, b) => joulesOf(a).mean - joulesOf(b).mean);
    const less = other => `${shareText(savingOf(best, other))} less energy per output token than ${other.words}`;
    if (!others.length) return null;
    return others.length === 1
        ? `It takes ${less(others[0])}.`
        : `It takes ${less(others[0])}, which comes next, and ${less(others[others.length - 1])}, which takes the most.`;
};
const defaultText = (question, limits, best, equal, saving) => {
    const kept = limits.keepsSlo && question.goal ? "that keeps the SLO" : "that was tried";
    const size = new Set(question.settings.map(one => one.gpus_used)).size > 1 ? " on as many GPUs" : "";
    if (equal === best) return `It is the default${size} itself: nothing ${kept} saves energy${size ? " there" : ""}.`;
    return saving
        ? `It ${against(saving, `the default${size} (${equal.words}${misses(question, equal, limits)})`)}.`
        : `The default${size} (${equal.words}) has no number to compare with: ${equal.why_no_candidate || "its energy was not measured"}.`;
};

// More tied settings than this are counted instead of named.
const maxTied = 5;

// Everything that is said of the least-energy setting under some limits.
const answerOf = (question, limits) => {
    const candidates = candidatesOf(question, limits);
    const best = leastOf(question, candidates);
    if (!best) return { best, candidates, sentences: noAnswer(question, limits), warnings: [], saving: null, probability: null };
    const equal = question.settings[best.default_of_equal_size];
    const whole = question.settings[question.default];
    const saving = equal ? savingOf(best, equal) : null;
    const fewer = whole && whole.gpus_used > best.gpus_used ? savingOf(best, whole) : null;
    const probability = candidates.length > 1 ? probabilityOf(question, best, candidates) : null;
    const tied = tiedWith(best, candidates);
    const rates = best.rates ? `, at ${best.rates}` : "";
    const sentences = [
        `${question.evidence_text}: ${best.words} on ${best.hardware} serves ${question.words}${goalText(question, limits)} for ` +
            `${energyText(best)}${rates}.`,
    ];
    if (best.latencies) sentences.push(`Latencies of this setting: ${best.latencies}.`);
    if (equal) sentences.push(defaultText(question, limits, best, equal, saving));
    if (fewer) {
        const others = whole.gpus_used - best.gpus_used;
        sentences.push(
            `It ${against(fewer, `the default on ${count(whole.gpus_used, "GPU")} (${whole.words}${misses(question, whole, limits)})`)}, ` +
                `if the other ${others === 1 ? "GPU is off or serves" : `${count(others, "GPU")} are off or serve`} something else.`,
        );
    }
    if (!whole && lessText(best, candidates)) sentences.push(lessText(best, candidates));
    if (best.price) sentences.push(best.price);
    sentences.push(surenessText(question, limits, best, candidates, probability));
    if (tied && tied.length) {
        sentences.push(
            `${count(tied.length, "other setting")} cannot be told apart from it: ` +
                `${tied
                    .slice(0, maxTied)
                    .map(one => one.words)
                    .join("; ")}${tied.length > maxTied ? `; and ${tied.length - maxTied} more` : ""}.`,
        );
        const quickest = quickestOf(tied, best);
        if (quickest) sentences.push(quickest);
    }
    return {
        best,
        equal,
        candidates,
        sentences,
        warnings: [...warningsOf(best, equal, saving, probability), ...riskOf(question, limits, best)],
        saving,
        fewer,
        probability,
        tied,
    };
};
// The setting of those that cannot be told apart whose TTFT is clearly lower than that of the least.
const quickestOf = (tied, best) => {
    const ttftOf = setting => setting.ttft_p99_seconds.mean;
    const known = tied.filter(one => typeof ttftOf(one) === "number").sort((a, b) => ttftOf(a) - ttftOf(b));
    return known.length && ttftOf(known[0]) < 0.9 * ttftOf(best)
        ? `Of these, ${known[0].words} has the lowest TTFT at P99: ${timeText(ttftOf(known[0]))} in place of ${timeText(ttftOf(best))}.`
        : null;
};
// The limits of a reader that the setting may miss within the simulator's error band; those of the SLO are warned of by the setting itself.
const riskOf = (question, limits, best) => {
    const risky = ["ttft", "tbt"].filter(name => {
        const middle = latencyOf(best, name, 50);
        const found = latencyOf(best, name, question.percentiles[name]).mean;
        return (
            limits[name] !== null && limits[name] !== question.limits[name] && typeof middle.band_high === "number" &&
            (found * middle.band_high) / middle.mean > limits[name]
        );
    });
    const names = risky.map(name => `${name.toUpperCase()} up to ${timeText(limits[name])}`).join(" and ");
    return risky.length
        ? [`Within the simulator's error band the setting may miss ${names}. The band is that of the mean; percentiles may be off by more.`]
        : [];
};
const surenessText = (question, limits, best, candidates, probability) => {
    const behind = `${count(best.requests, "request")} in ${count(best.repetitions, "run")} stand behind these numbers.`;
    const source = question.evidence_style === "simulated" ? " by the spread between runs" : "";
    const among = limits.keepsSlo ? "settings that keep the SLO" : "settings";
    const within = limits.ttft === question.limits.ttft && limits.tbt === question.limits.tbt ? among : `${among} within these limits`;
    return candidates.length === 1
        ? `It is the only candidate among ${count(question.settings.length, "setting")}; ${behind}`
        : probability === null
          ? `How sure it is that no other setting takes less cannot be told, because not every setting was repeated; ${behind}`
          : `The probability that it is the least of the ${candidates.length} ${within} is ` +
            `${probabilityText(probability)}${source}; ${behind}`;
};
const warningsOf = (best, equal, saving, probability) => {
    const token = joulesOf(best);
    const band = token.band ? Math.max(1 - token.band_low / token.mean, token.band_high / token.mean - 1) : 0;
    return [
        ...(probability !== null && Math.round(1000 * probability) < 500
            ? [
                  "It is more likely than not that another setting takes less: the probability that this one is the least is " +
                      `${probabilityText(probability)}.`,
              ]
            : []),
        ...(equal && equal !== best && saving && saving.share > equalShare && band > saving.share
            ? [
                  `The simulator's error band (${token.band}) is wider than the saving against the default ` +
                      `(${percentText(saving.share)}). ` +
                      "Two settings share most of that error, but only a measurement shows that the saving is real.",
              ]
            : []),
        ...best.warnings,
    ];
};
const noAnswer = (question, limits) => {
    const reasons = new Map();
    for (const setting of question.settings) {
        const isOwn = setting.why_unusable || (limits.keepsSlo && setting.keeps_slo !== "yes");
        const reason = (isOwn && setting.no_candidate_kind) || "miss these limits";
        reasons.set(reason, (reasons.get(reason) || 0) + 1);
    }
    const told = Array.from(reasons)
        .sort((a, b) => b[1] - a[1])
        .map(([reason, number]) => `${number} ${reason}`)
        .join(", ");
    return [
        `${question.evidence_text}: none of ${count(question.settings.length, "setting")} is an answer for ${question.words}` +
            `${goalText(question, limits)}: ${told}.`,
    ];
};
