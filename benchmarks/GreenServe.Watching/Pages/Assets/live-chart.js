"use strict";
const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
};
const known = value => value !== null && value !== undefined && Number.isFinite(value);
const short = value => !known(value) ? "–"
  : value === 0 ? "0"
  : Math.abs(value) >= 1e6 || Math.abs(value) < 1e-3 ? value.toExponential(2).replace("e+", "e")
  : Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en")
  : Number(value.toPrecision(3)).toString();
const latency = seconds => !known(seconds) ? "–" : seconds < 10 ? short(seconds * 1000) + " ms" : short(seconds) + " s";
const duration = seconds => {
  if (!known(seconds)) return "–";
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${whole} s` : whole < 3600 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${Math.floor(whole / 3600)} h ${Math.floor(whole % 3600 / 60)} min`;
};

// A step of 1, 2 or 5 times a power of ten, so that an axis has at most so many of them. Times prefer minutes and hours.
const niceStep = (span, count) => {
  const raw = span / count, ten = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map(one => one * ten).find(one => one >= raw) || raw;
};
const timeStep = (span, count) =>
  [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800, 86400].find(one => one >= span / count) || niceStep(span, count);
const timeLabel = (seconds, step) => step >= 3600 ? `${seconds / 3600} h` : step >= 60 ? `${seconds / 60} min` : step < 1 ? `${short(seconds)} s` : `${seconds} s`;

// A chart of some series over time. A series gives its value at a moment; where it gives none, its line has a gap.
class Chart {
  constructor(parent, title, unit, scale = 1) {
    this.unit = unit;
    this.scale = scale;
    this.title = title;
    this.space = "http://www.w3.org/2000/svg";
    this.svg = document.createElementNS(this.space, "svg");
    this.svg.setAttribute("class", "chart");
    this.svg.setAttribute("role", "img");
    this.keys = make("div", { class: "keys" });
    this.readout = make("span", { class: "readout", "aria-hidden": "true" });
    this.figure = make("figure", {}, make("figcaption", {}, make("h3", {}, `${title} (${unit})`), this.readout), this.keys, this.svg);
    parent.append(this.figure);
    this.figure.hidden = true;
    this.moments = [];
    this.series = [];
    this.svg.addEventListener("pointermove", event => this.point(event));
    this.svg.addEventListener("pointerleave", () => this.point(null));
  }

  draw(moments, series) {
    [this.moments, this.series] = [moments, series];
    this.figure.hidden = !this.isWanted(moments, series);
    if (this.figure.hidden) return;
    const width = Math.max(200, this.svg.clientWidth || 400), height = 190;
    this.area = { left: 46, right: width - 8, top: 8, bottom: height - 20 };
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const values = series.flatMap(one => moments.map(one.of)).filter(known).map(value => value * this.scale).sort((a, b) => a - b);
    this.svg.replaceChildren();
    this.svg.setAttribute("aria-label", this.words(moments, series));
    this.keys.replaceChildren(...series.map((one, index) => this.key(one, index)));
    // One extreme value, for example energy over the first few tokens, does not flatten the rest: it is cut off, and the chart says so.
    const highest = values[values.length - 1], usual = values[Math.floor(0.95 * (values.length - 1))];
    this.cut = values.length > 20 && highest > 4 * usual && usual > 0 ? highest : 0;
    const step = niceStep((this.cut ? 1.5 * usual : highest) || 1, 4);
    const top = step * Math.max(1, Math.ceil((this.cut ? 1.5 * usual : highest) / step));
    const first = moments[0].elapsed_seconds, to = Math.max(moments[moments.length - 1].elapsed_seconds, first + 1);
    const from = first < to / 10 ? 0 : first;
    this.x = seconds => this.area.left + (seconds - from) / (to - from) * (this.area.right - this.area.left);
    this.y = value => this.area.bottom - Math.min(1.05, value / top) * (this.area.bottom - this.area.top);
    for (let value = 0; value <= top * 1.0001; value += step) {
      this.line(this.area.left, this.y(value), this.area.right, this.y(value), "gridline");
      this.text(this.area.left - 6, this.y(value) + 4, short(Number(value.toPrecision(12))), "end");
    }

    const seconds = timeStep(to - from, Math.max(2, Math.floor(width / 90)));
    for (let at = Math.ceil(from / seconds) * seconds; at <= to; at += seconds) {
      const x = this.x(at);
      this.text(x, height - 5, timeLabel(at, seconds), x > this.area.right - 18 ? "end" : "middle");
    }

    moments.forEach((moment, index) => {
      if (index > 0 && moment.points_ended !== moments[index - 1].points_ended) {
        this.line(this.x(moment.elapsed_seconds), this.area.top, this.x(moment.elapsed_seconds), this.area.bottom, "edge");
      }
    });
    series.forEach((one, index) => this.path(moments, one.of, index));
    this.readout.textContent = this.cut ? `highest ${short(this.cut)} ${this.unit}, cut off` : "";
  }

  // A chart without any number has no place.
  isWanted(moments, series) {
    return series.some(one => moments.some(moment => known(one.of(moment))));
  }

  path(moments, of, index) {
    let text = "", isDown = false;
    for (const moment of moments) {
      const value = of(moment);
      if (!known(value)) { isDown = false; continue; }
      text += `${isDown ? "L" : "M"}${this.x(moment.elapsed_seconds).toFixed(1)} ${this.y(value * this.scale).toFixed(1)}`;
      if (!isDown) text += "h0.1";
      isDown = true;
    }
    const path = document.createElementNS(this.space, "path");
    path.setAttribute("d", text);
    path.style.stroke = `var(--s${index % 8})`;
    if (index >= 8) path.style.strokeDasharray = "5 3";
    this.svg.append(path);
  }

  line(x1, y1, x2, y2, kind) {
    const line = document.createElementNS(this.space, "line");
    for (const [name, value] of Object.entries({ x1, y1, x2, y2, class: kind })) line.setAttribute(name, value);
    this.svg.append(line);
    return line;
  }

  text(x, y, text, anchor) {
    const element = document.createElementNS(this.space, "text");
    for (const [name, value] of Object.entries({ x, y, "text-anchor": anchor })) element.setAttribute(name, value);
    element.textContent = text;
    this.svg.append(element);
  }

  key(one, index) {
    const mark = make("i");
    mark.style.backgroundColor = `var(--s${index % 8})`;
    const last = this.moments.length > 0 ? one.of(this.moments[this.moments.length - 1]) : null;
    return make("span", {}, mark, known(last) ? `${one.name} ${short(last * this.scale)}` : one.name);
  }

  words(moments, series) {
    const last = moments[moments.length - 1];
    const now = series.map(one => `${one.name} ${last && known(one.of(last)) ? short(one.of(last) * this.scale) : "not known"}`).join(", ");
    return `${this.title} in ${this.unit} over time. Now: ${now || "no number yet"}.`;
  }

  point(event) {
    if (this.cursor) this.cursor.remove();
    this.cursor = null;
    if (!event || this.moments.length === 0 || !this.x) {
      this.readout.textContent = this.cut ? `highest ${short(this.cut)} ${this.unit}, cut off` : "";
      return;
    }
    const at = event.clientX - this.svg.getBoundingClientRect().left;
    const near = this.moments.reduce((best, one) => Math.abs(this.x(one.elapsed_seconds) - at) < Math.abs(this.x(best.elapsed_seconds) - at) ? one : best);
    this.cursor = this.line(this.x(near.elapsed_seconds), this.area.top, this.x(near.elapsed_seconds), this.area.bottom, "cursor");
    this.readout.textContent = `at ${duration(near.elapsed_seconds)}: ` + this.series.map(one => {
      const value = one.of(near);
      return known(value) ? short(value * this.scale) : "–";
    }).join(" / ");
  }
}
