// The points of an experiment as a heat map over two of its axes. The others are chosen.
class Grid {
  constructor(parent) {
    this.parent = parent;
    this.choices = make("div", { class: "choices" });
    this.table = make("table", { class: "heat" });
    this.note = make("p", { class: "faint" });
    parent.append(this.choices, make("div", { class: "scroll" }, this.table), this.note);
    this.chosen = { measure: null, x: null, y: null, fixed: {} };
    this.shape = "";
    this.points = [];
  }

  show(points) {
    this.points = points.filter(point => Object.keys(point.axes || {}).length > 0);
    this.parent.hidden = this.points.length === 0;
    if (this.parent.hidden) return;
    // Points of a search have no common axes: they stand in a row, in the order of their ends.
    if (new Set(this.points.map(point => JSON.stringify(Object.keys(point.axes).sort()))).size > 1) {
      this.points = this.points.map(point => ({ ...point, axes: { point: point.point } }));
    }
    this.axes = new Map();
    for (const point of this.points) {
      for (const [name, value] of Object.entries(point.axes)) {
        if (!this.axes.has(name)) this.axes.set(name, new Set());
        this.axes.get(name).add(value);
      }
    }
    for (const [name, values] of this.axes) this.axes.set(name, this.ordered([...values]));
    const shape = JSON.stringify([...this.axes]);
    if (shape !== this.shape) {
      this.shape = shape;
      this.choose();
    }
    this.draw();
  }

  ordered(values) {
    return values.every(value => value.trim() !== "" && Number.isFinite(Number(value))) ? values.sort((a, b) => Number(a) - Number(b)) : values;
  }

  choose() {
    const names = [...this.axes.keys()];
    const chosen = this.chosen;
    const hasEnergy = this.points.some(point => known(point.joules_per_output_token));
    if (!chosen.byHand) chosen.measure = hasEnergy ? "joules_per_output_token" : "output_tokens_per_second";
    if (!names.includes(chosen.x)) chosen.x = names[0];
    if (!names.includes(chosen.y) || chosen.y === chosen.x) chosen.y = names.find(name => name !== chosen.x) || null;
    const controls = [this.select("Colour", ["joules_per_output_token", "output_tokens_per_second"], chosen.measure, value => { chosen.measure = value; chosen.byHand = true; },
      ["J per output token", "output tokens per second"])];
    if (names.length > 1) {
      controls.push(
        this.select("Across", names, chosen.x, value => { if (value === chosen.y) chosen.y = chosen.x; chosen.x = value; this.choose(); }),
        this.select("Down", names, chosen.y, value => { if (value === chosen.x) chosen.x = chosen.y; chosen.y = value; this.choose(); }));
    }
    for (const name of names.filter(one => one !== chosen.x && one !== chosen.y)) {
      const values = this.axes.get(name);
      if (!values.includes(chosen.fixed[name])) chosen.fixed[name] = values[0];
      controls.push(this.select(name, values, chosen.fixed[name], value => { chosen.fixed[name] = value; }));
    }
    this.choices.replaceChildren(...controls);
  }

  select(label, values, chosen, change, words = values) {
    const select = make("select");
    values.forEach((value, index) => {
      const option = make("option", { value: String(index) }, words[index]);
      option.selected = value === chosen;
      select.append(option);
    });
    select.addEventListener("change", () => { change(values[Number(select.value)]); this.draw(); });
    return make("label", {}, label, select);
  }

  draw() {
    const { x, y, measure, fixed } = this.chosen;
    const rest = [...this.axes.keys()].filter(name => name !== x && name !== y);
    const shown = this.points.filter(point => rest.every(name => point.axes[name] === fixed[name]));
    const rows = y ? this.axes.get(y) : [null];
    const cells = rows.map(row => this.axes.get(x).map(column => this.cell(shown.filter(point => point.axes[x] === column && (!y || point.axes[y] === row)), measure)));
    const values = cells.flat().map(cell => cell.value).filter(known);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const best = values.length > 1 ? (measure === "joules_per_output_token" ? low : high) : null;
    const head = make("tr", {}, make("th", { scope: "col" }, y ? `${y} \\ ${x}` : x), ...this.axes.get(x).map(value => make("th", { scope: "col" }, value)));
    this.table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...cells.map((row, index) =>
      make("tr", {}, make("th", { scope: "row" }, rows[index] === null ? "" : rows[index]), ...row.map(cell => this.draw1(cell, low, high, best))))));
    const repeated = shown.some(point => shown.some(other => other !== point && [x, y].every(name => !name || other.axes[name] === point.axes[name])));
    this.note.textContent = (measure === "joules_per_output_token" ? "J per output token, less is better. " : "Output tokens per second, more is better. ")
      + (repeated ? "A cell with several runs shows the mean of the valid ones. " : "") + "The frame marks the best cell so far.";
  }

  cell(points, measure) {
    const valid = points.filter(point => point.is_valid && known(point[measure]));
    const value = valid.length > 0 ? valid.reduce((sum, point) => sum + point[measure], 0) / valid.length : null;
    return { points, value };
  }

  // Place of a value between the lowest and the highest, by their logarithms where they lie far apart.
  share(value, low, high) {
    if (!(high > low)) return 0;
    return low > 0 && high > 5 * low ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  }

  draw1(cell, low, high, best) {
    if (cell.points.length === 0) return make("td", { class: "pending" }, "·");
    const title = cell.points.map(point => `${point.point}: ${point.result}`).join("\n");
    if (!known(cell.value)) {
      const isValid = cell.points.some(point => point.is_valid);
      return make("td", { class: isValid ? "pending" : "invalid", title }, isValid ? "no number" : cell.points[0].result.startsWith("not run") ? "not run" : "INVALID");
    }
    const share = this.share(cell.value, low, high);
    const td = make("td", { class: (share > 0.5 ? "dark" : "pale") + (cell.value === best ? " best" : ""), title }, short(cell.value));
    if (cell.points.length > 1) td.append(make("small", {}, `${cell.points.length} runs`));
    td.style.backgroundColor = `hsl(${205 + 15 * share} ${60 - 5 * share}% ${88 - 56 * share}%)`;
    return td;
  }
}
