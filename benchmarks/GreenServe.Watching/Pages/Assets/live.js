(() => {
  // As many moments as the server keeps, twice: then every second of the older half is dropped.
  const maxMoments = 2400;
  const maxRows = 200;
  const at = id => document.getElementById(id);
  const phases = {
    preparing: "Preparing", waiting_for_server: "Waiting for the server", measuring_baseline: "Measuring the power without load",
    warming_up: "Warming up", measuring: "Measuring", draining: "Waiting for the last requests", judging: "Judging",
    simulating: "Simulating", ended: "Ended",
  };
  let moments = [], ended = [], trials = [], state = null, isOver = false, lastNews = Date.now(), isDirty = false;

  const charts = at("charts");
  const lines = {
    energy: new Chart(charts, "Energy per output token so far", "J"),
    power: new Chart(charts, "Power of each meter", "W"),
    tokens: new Chart(charts, "Output rate", "tokens/s"),
    requests: new Chart(charts, "Requests", "requests/s"),
    ttft: new Chart(charts, "TTFT", "ms", 1000),
    tbt: new Chart(charts, "Time between tokens", "ms", 1000),
    flight: new Chart(charts, "In flight", "requests"),
  };
  const grid = new Grid(at("grid"));
  const scatter = new TrialChart(at("trials"));
  const one = (name, member) => ({ name, of: moment => moment[member] });

  const drawCharts = () => {
    lines.tokens.draw(moments, [one("tokens/s", "output_tokens_per_second")]);
    lines.requests.draw(moments, [one("requests/s", "requests_per_second")]);
    lines.flight.draw(moments, [one("in flight", "in_flight_requests")]);
    lines.ttft.draw(moments, [one("p50", "ttft_p50_seconds"), one("p99", "ttft_p99_seconds")]);
    const hasTpot = moments.some(moment => known(moment.tpot_p50_seconds));
    lines.tbt.draw(moments, hasTpot
      ? [one("TPOT p50", "tpot_p50_seconds"), one("TPOT p99", "tpot_p99_seconds")]
      : [one("TBT p50", "tbt_p50_seconds"), one("TBT p99", "tbt_p99_seconds")]);
    lines.power.draw(moments, (state ? state.meters : []).map(meter => ({
      name: `${meter.name} [${meter.scope.replaceAll("_", "-")}]`, of: moment => (moment.meter_watts || {})[meter.name],
    })));
    lines.energy.draw(moments, [one("J/token", "joules_per_output_token")]);
  };

  const tile = (name, value, note) => make("div", {}, make("dt", {}, name), make("dd", {}, value, make("small", {}, note || "")));
  const searchTiles = search => {
    const best = search.best;
    const ratio = best && known(best.worst_ratio) ? `, worst latency at ${short(100 * best.worst_ratio)} % of its limit` : "";
    const joules = best && known(best.joules_per_output_token) && best.joules_per_output_token !== best.objective ? `, ${short(best.joules_per_output_token)} J/token` : "";
    return [
      tile(`Best so far (${search.unit})`, best ? short(best.objective) : "–", best ? `${best.words}${joules}${ratio}${best.is_feasible ? "" : "; it misses the SLO"}` : ""),
      tile("Simulations", search.simulations.toLocaleString("en"), `of at most ${search.max_simulations.toLocaleString("en")}`),
      tile("Candidates", search.feasible.toLocaleString("en"), `${(search.simulations - search.feasible).toLocaleString("en")} others miss the SLO or do not count`),
    ];
  };
  const drawTiles = () => {
    const now = state.now;
    const isEnded = state.phase === "ended";
    const result = isEnded && ended.length === 1 ? ended[0] : null;
    const tiles = state.search ? searchTiles(state.search) : [];
    if (result && known(result.joules_per_output_token)) tiles.push(tile("J per output token", short(result.joules_per_output_token), "in the steady window"));
    else tiles.push(tile("J per output token", short(now.joules_per_output_token), known(now.joules_per_output_token) ? "since the load began" : "not known"));
    if (result && known(result.output_tokens_per_second)) tiles.push(tile("Output tokens/s", short(result.output_tokens_per_second), "in the steady window"));
    else tiles.push(tile("Output tokens/s", short(now.output_tokens_per_second), "last 10 s"));
    if (!isEnded) {
      const tbt = known(now.tpot_p50_seconds) ? "tpot" : "tbt";
      tiles.push(
        tile("TTFT p50", latency(now.ttft_p50_seconds), `p99 ${latency(now.ttft_p99_seconds)}, last 10 s`),
        tile(`${tbt.toUpperCase()} p50`, latency(now[`${tbt}_p50_seconds`]), `p99 ${latency(now[`${tbt}_p99_seconds`])}, last 10 s`),
        tile("Requests/s", short(now.requests_per_second), "completed, last 10 s"));
      // What is in flight is not known of a record that is being written.
      if (known(state.requests_sent)) tiles.push(tile("In flight", short(now.in_flight_requests), `${state.requests_sent.toLocaleString("en")} sent`));
    }
    const failed = state.requests_failed;
    tiles.push(tile("Completed", known(state.requests_completed) ? state.requests_completed.toLocaleString("en") : "–",
      [known(state.requests_planned) ? `of ${state.requests_planned.toLocaleString("en")}` : "", known(failed) ? `${failed.toLocaleString("en")} failed` : ""].filter(Boolean).join(", ")));
    // Of many meters the chart's key says more.
    const meters = isEnded || state.meters.length > 4 ? [] : state.meters;
    for (const meter of meters) tiles.push(tile(meter.name, known((now.meter_watts || {})[meter.name]) ? `${short(now.meter_watts[meter.name])} W` : "–", meter.scope.replaceAll("_", "-")));
    if (known(now.schedule_lag_p99_seconds) && !isEnded) tiles.push(tile("Schedule lag p99", latency(now.schedule_lag_p99_seconds), "of this client"));
    // Where no load runs, only what has a number is worth a place.
    const isLoaded = !isEnded && state.phase !== "simulating";
    at("tiles").replaceChildren(...tiles.filter(one => isLoaded || !one.querySelector("dd").textContent.startsWith("–")));
  };

  const drawState = () => {
    const evidence = at("evidence");
    evidence.textContent = state.evidence || "evidence not known yet";
    evidence.className = `badge ${["simulated", "measured", "estimated"].includes(state.evidence) ? state.evidence : ""}`;
    at("title").textContent = state.title;
    const phase = phases[state.phase] || state.phase;
    document.title = `${phase} · ${state.title}`;
    at("phase").textContent = phase;
    at("point").textContent = state.point || "";
    at("activity").textContent = state.activity || "";
    at("activity").hidden = !state.activity;
    const elapsed = state.now.elapsed_seconds, remaining = state.remaining_seconds;
    const done = state.now.points_ended;
    at("times").textContent = [
      elapsed > 0 ? `elapsed ${duration(elapsed)}` : "",
      known(remaining) && state.phase !== "ended" ? `about ${duration(remaining)} left` : "",
      known(state.points_planned) ? `${done} of ${state.points_planned} points done` : done > 1 ? `${done} points done` : "",
    ].filter(Boolean).join(" · ");
    const share = state.phase === "ended" ? 1 : known(remaining) && elapsed + remaining > 0 ? elapsed / (elapsed + remaining) : null;
    at("bar").hidden = share === null;
    if (share !== null) at("bar").value = share;
    at("rule").textContent = state.rule;
    drawVerdict();
  };

  const drawVerdict = () => {
    const result = state.phase === "ended" && ended.length === 1 ? ended[0] : null;
    const verdict = state.verdict || (result ? result.result : null);
    const isValid = verdict !== null && verdict.startsWith("VALID");
    at("verdict").hidden = verdict === null && state.reasons.length === 0;
    at("verdict").className = verdict === null ? (state.reasons.length > 0 ? "invalid" : "") : isValid ? "valid" : "invalid";
    const listed = state.reasons.length > 0;
    at("verdict-title").textContent = verdict === null ? "Reasons against this run so far" : listed && !isValid ? "INVALID" : verdict;
    at("reasons").replaceChildren(...state.reasons.map(reason => make("li", {}, make("strong", {}, reason.code), ` ${reason.message}`)));
  };

  const drawEnded = () => {
    at("points").hidden = ended.length < 2 && !ended.some(point => Object.keys(point.axes || {}).length > 0);
    if (at("points").hidden) return;
    grid.show(ended);
    const invalid = ended.filter(point => !point.is_valid).length;
    at("ended-summary").textContent = `${ended.length} points have ended, ${invalid} of them without a valid result`
      + (ended.length > maxRows ? `; the newest ${maxRows} are listed` : "");
    at("ended").replaceChildren(...ended.slice(-maxRows).reverse().map(point => make("tr", {},
      make("td", {}, point.point), make("td", { class: point.is_valid ? "" : "invalid" }, point.result),
      make("td", {}, short(point.joules_per_output_token)), make("td", {}, short(point.output_tokens_per_second)))));
  };

  const drawSearch = () => {
    at("search").hidden = !state.search;
    if (state.search) scatter.draw(trials, state.search);
  };

  // Everything is drawn at most once a frame, and only while somebody can see it.
  const draw = () => {
    isDirty = false;
    if (state === null) return;
    drawState();
    drawTiles();
    drawCharts();
    drawSearch();
    drawEnded();
    document.body.dataset.drawn = String(moments.length);
  };
  const changed = () => {
    lastNews = Date.now();
    if (!isDirty) {
      isDirty = true;
      requestAnimationFrame(draw);
    }
  };

  const say = (text, kind) => {
    if (at("connection").textContent !== text) at("connection").textContent = text;
    at("connection").className = `connection ${kind}`;
  };
  const clock = () => new Date().toLocaleTimeString();
  const source = new EventSource("events");
  const on = (name, take) => source.addEventListener(name, event => { take(JSON.parse(event.data)); changed(); });
  on("course", data => { moments = []; if (data.forgets_ended) { ended = []; trials = []; } });
  on("moments", data => {
    moments.push(...data);
    if (moments.length > maxMoments) moments = moments.filter((_, index) => index >= maxMoments / 2 || index % 2 === 0);
  });
  on("ended", data => ended.push(...data));
  on("trials", data => trials.push(...data));
  on("state", data => { state = data; if (!isOver) say(state.phase === "ended" ? "Connected" : "Live", "live"); });
  on("end", () => {
    isOver = true;
    source.close();
    say("The run has ended", "over");
  });
  source.addEventListener("error", () => { if (!isOver) say(`Connection lost at ${clock()}. Trying again.`, "lost"); });
  setInterval(() => {
    if (!isOver && at("connection").classList.contains("live") && Date.now() - lastNews > 15000) say(`No news since ${new Date(lastNews).toLocaleTimeString()}`, "lost");
  }, 1000);
  new ResizeObserver(changed).observe(charts);
})();
