// Settings of a question: which are candidates under some limits, which takes the least energy, what it saves, how sure that is.
// The rules are those of the answers that the suite prints.
const equalShare = 0.005;

// Quantiles of Student's t for 95 % intervals, by degrees of freedom from 1; the page holds them.
let studentQuantiles = [];
const quantileOf = freedom => studentQuantiles[freedom - 1];
const joulesOf = setting => setting.joules_per_output_token;
const hasEnergy = setting => joulesOf(setting).mean > 0;
const latencyOf = (setting, name, percentile) => setting[`${name}_p${percentile}_seconds`];

// A limit is seconds, or null for none. What keeps a setting from being a candidate is told in words, or null.
const reasonAgainst = (question, setting, limits) => {
    if (setting.why_unusable) return setting.why_unusable;
    if (limits.keepsSlo && setting.keeps_slo !== "yes") return setting.why_no_candidate || "it breaks the SLO";
    for (const name of ["ttft", "tbt"]) {
        if (limits[name] === null) continue;
        const title = `${name.toUpperCase()} at P${question.percentiles[name]}`;
        const found = latencyOf(setting, name, question.percentiles[name]).mean;
        if (typeof found !== "number") return `its ${title} was not measured`;
        if (found > limits[name]) return `its ${title}, ${timeText(found)}, is above ${timeText(limits[name])}`;
    }
    return null;
};
const candidatesOf = (question, limits) => question.settings.filter(setting => reasonAgainst(question, setting, limits) === null);
// Of settings that take the same, the default is named: nobody need turn a knob for nothing.
const leastOf = (question, candidates) => {
    const least = candidates.reduce((best, one) => (best && joulesOf(best).mean <= joulesOf(one).mean ? best : one), null);
    const defaults = least ? [question.settings[question.default], question.settings[least.default_of_equal_size]] : [];
    return defaults.find(one => candidates.includes(one) && joulesOf(one).mean === joulesOf(least).mean) || least;
};
const relativeHalf = setting => {
    const { mean, low, high } = joulesOf(setting);
    return typeof low === "number" && typeof high === "number" ? (high - low) / 2 / mean : null;
};
// Half the width of the 95 % interval of the ratio of two settings, as a share of it: in pairs of equal seeds, where there are any.
const halfOfRatio = (one, other) => {
    const seeds = seedsOf([one, other]);
    if (seeds.length > 1) {
        const [own, others] = [one, other].map(setting => seeds.map(seed => setting.joules_by_seed[seed]));
        const differences = seeds.map((_, run) => own[run] / meanOf(own) - others[run] / meanOf(others));
        const middle = meanOf(differences);
        const variance = differences.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (seeds.length - 1);
        return quantileOf(seeds.length - 1) * Math.sqrt(variance / seeds.length);
    }
    const [first, second] = [relativeHalf(one), relativeHalf(other)];
    return first === null || second === null ? null : Math.hypot(first, second);
};
const savingOf = (best, other) => {
    if (!(joulesOf(best).mean >= 0) || !(joulesOf(other).mean > 0)) return null;
    const ratio = joulesOf(best).mean / joulesOf(other).mean;
    const half = best === other ? null : halfOfRatio(best, other);
    return { share: 1 - ratio, half: half === null ? null : ratio * half };
};
const tiedWith = (best, candidates) =>
    candidates.some(one => relativeHalf(one) === null)
        ? null
        : candidates.filter(
              one =>
                  one !== best &&
                  Math.log(joulesOf(one).mean / joulesOf(best).mean) <= Math.max(halfOfRatio(best, one), Math.log(1 + equalShare)),
          );

// Numbers between 0 and 1 that are the same at every visit (mulberry32), and normal ones made of them.
const randomFrom = seed => () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};
const normalFrom = random => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const squaresFrom = (random, freedom) => Array.from({ length: freedom }, () => normalFrom(random) ** 2).reduce((sum, one) => sum + one, 0);

// The probability that one mean is the smallest: the share of draws in which it is. Where runs are pairs of equal seeds, a draw gives each
// seed one normal weight for all settings, so that what the requests do to all of them cancels out; otherwise means move independently.
const draws = 4000;
const probabilityOf = (question, best, candidates) => {
    const own = question.settings.filter(one => one.why_no_candidate === null);
    if (own.length === candidates.length && own.every(one => candidates.includes(one))) return question.probability;
    if (candidates.some(one => one.repetitions < 2 || relativeHalf(one) === null)) return null;
    const random = randomFrom(20240329);
    const seeds = seedsOf(candidates);
    const draw = seeds.length > 1 ? pairedDraw(random, candidates, seeds) : independentDraw(random, candidates);
    const place = candidates.indexOf(best);
    let won = 0;
    for (let number = 0; number < draws; number++) {
        const values = draw();
        const least = Math.min(...values);
        if (values[place] === least) won += 1 / values.filter(value => value === least).length;
    }
    return won / draws;
};
const seedsOf = settings =>
    Object.keys(settings[0].joules_by_seed).filter(seed => settings.every(one => one.joules_by_seed[seed] !== undefined));
const meanOf = values => values.reduce((sum, one) => sum + one, 0) / values.length;
const pairedDraw = (random, candidates, seeds) => {
    const rows = candidates.map(one => seeds.map(seed => one.joules_by_seed[seed]));
    const means = rows.map(meanOf);
    const count = seeds.length;
    return () => {
        const weights = seeds.map(() => normalFrom(random));
        const scale = Math.sqrt((count - 1) / squaresFrom(random, count - 1) / (count * (count - 1)));
        return rows.map((row, index) => means[index] + scale * row.reduce((sum, one, run) => sum + weights[run] * (one - means[index]), 0));
    };
};
const independentDraw = (random, candidates) => () =>
    candidates.map(({ repetitions, joules_per_output_token: { mean, low, high } }) => {
        const freedom = repetitions - 1;
        const error = (high - low) / 2 / quantileOf(freedom);
        return mean + (error * normalFrom(random)) / Math.sqrt(squaresFrom(random, freedom) / freedom);
    });

// The settings of a front: no candidate is at least as good in both numbers and better in one.
const frontOf = (candidates, xOf) => {
    const front = [];
    const sorted = candidates
        .filter(one => typeof xOf(one) === "number")
        .sort((a, b) => xOf(a) - xOf(b) || joulesOf(a).mean - joulesOf(b).mean);
    for (const one of sorted) if (!front.length || joulesOf(one).mean < joulesOf(front[front.length - 1]).mean) front.push(one);
    return front;
};
