// The simulations of a search: the objective against the worst latency over its limit, the newest simulation of each setting.
class TrialChart {
  constructor(parent) {
    this.space = "http://www.w3.org/2000/svg";
    this.svg = document.createElementNS(this.space, "svg");
    this.svg.setAttribute("class", "trials");
    this.svg.setAttribute("role", "img");
    this.note = make("p", { class: "faint" });
    parent.append(this.svg, this.note);
  }

  draw(trials, search) {
    const newest = new Map(trials.map(trial => [trial.words, trial]));
    const settings = [...newest.values()];
    const hasLimit = settings.some(trial => known(trial.worst_ratio));
    const placed = settings.filter(trial => trial.objective > 0 && (!hasLimit || trial.worst_ratio > 0));
    const width = Math.max(240, this.svg.clientWidth || 600), height = 340;
    this.area = { left: 56, right: width - 12, top: 10, bottom: height - 36 };
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.replaceChildren();
    const lost = settings.length - placed.length;
    this.note.textContent = `Up: ${search.objective} (${search.unit}). Across: ${hasLimit ? "largest latency over its limit" : "order of the simulations"}. `
      + "Orange: the best so far. Grey: no candidate." + (lost > 0 ? ` ${lost} settings have no place here, because a number is not known.` : "");
    this.svg.setAttribute("aria-label", `${placed.length} settings, ${placed.filter(trial => trial.is_feasible).length} of them candidates.`);
    if (placed.length === 0) return;
    const across = (trial, index) => hasLimit ? trial.worst_ratio : index + 1;
    const x = this.scale(placed.map(across).concat(hasLimit ? [1] : []), this.area.left, this.area.right);
    const y = this.scale(placed.map(trial => trial.objective), this.area.bottom, this.area.top);
    for (const tick of this.ticks(x)) this.text(x.at(tick), this.area.bottom + 16, short(tick), "middle");
    for (const tick of this.ticks(y)) {
      this.shape("line", { x1: this.area.left, x2: this.area.right, y1: y.at(tick), y2: y.at(tick), class: "gridline" });
      this.text(this.area.left - 6, y.at(tick) + 4, short(tick), "end");
    }
    if (hasLimit) this.shape("line", { x1: x.at(1), x2: x.at(1), y1: this.area.top, y2: this.area.bottom, class: "limit" });
    const best = search.best ? search.best.words : null;
    const order = trial => trial.words === best ? 2 : trial.is_feasible ? 1 : 0;
    placed.map((trial, index) => ({ trial, index })).sort((a, b) => order(a.trial) - order(b.trial)).forEach(({ trial, index }) => {
      const kind = trial.words === best ? "best" : trial.is_feasible ? "" : "refused";
      const mark = this.shape("circle", { cx: x.at(across(trial, index)), cy: y.at(trial.objective), r: kind === "best" ? 6 : 4, class: kind });
      const title = document.createElementNS(this.space, "title");
      title.textContent = `${trial.words}\n${short(trial.objective)} ${search.unit}`
        + (known(trial.worst_ratio) ? `\nworst latency at ${short(100 * trial.worst_ratio)} % of its limit` : "")
        + `\n${trial.requests.toLocaleString("en")} requests` + (trial.is_feasible ? "" : "\nno candidate");
      mark.append(title);
    });
  }

  // Places by the logarithm, with some space at both ends.
  scale(values, from, to) {
    const low = Math.min(...values) / 1.08, high = Math.max(...values) * 1.08;
    return { low, high, at: value => from + Math.log(value / low) / Math.log(high / low) * (to - from) };
  }

  ticks({ low, high }) {
    const steps = high / low < 4 ? [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9] : high / low < 40 ? [1, 2, 5] : [1];
    const ticks = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
      for (const step of steps) ticks.push(Number((step * 10 ** power).toPrecision(3)));
    }
    return ticks.filter(tick => tick >= low && tick <= high);
  }

  shape(tag, attributes) {
    const element = document.createElementNS(this.space, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    this.svg.append(element);
    return element;
  }

  text(x, y, text, anchor) {
    this.shape("text", { x, y, "text-anchor": anchor }).textContent = text;
  }
}
