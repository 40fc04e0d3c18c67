using System.Diagnostics.Metrics;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Running.Live;

namespace GreenServe.Watching.Telemetry;

/// <summary>Gauges and counters that are read from the latest snapshot when somebody asks for them.</summary>
/// <remarks>
/// An exporter repeats the last value of a series that is no longer observed. So a gauge without a number is NaN, which Prometheus and
/// OTLP know, instead of the number that it had. Nothing is observed before the evidence kind is known.
/// </remarks>
internal sealed class SnapshotMetrics
{
    /// <summary>Meters and reasons that are remembered, so that they end as NaN and 0.</summary>
    private const int MaxRemembered = 256;

    private readonly LiveRun run;
    private readonly Lock gate = new();
    private readonly HashSet<(string Name, MeterScope Scope)> meters = [];
    private readonly HashSet<string> reasons = [];

    internal SnapshotMetrics(Meter meter, LiveRun run)
    {
        this.run = run;
        AddRun(meter);
        AddPoints(meter);
        AddLoad(meter);
        meter.CreateObservableGauge(MetricName.MeterPower, ObservePower, "W", "Mean power of a meter over the last second.");
        meter.CreateObservableCounter(MetricName.MeterEnergy, ObserveEnergy, "J", "Energy of a meter since the load of the point began.");
    }

    private void AddRun(Meter meter)
    {
        meter.CreateObservableGauge(
            MetricName.RunPhase,
            () => Observe(seen => Enum.GetValues<LivePhase>().Select(
                phase => Value(seen, phase == seen.Phase ? 1 : 0, MetricName.Phase, EnumText.Of(phase)))),
            unit: null,
            "1 for the phase in which the command is, 0 for the others.");
        Gauge(meter, MetricName.RunElapsed, "s", "Time since the command began.", seen => seen.ElapsedSeconds);
        Gauge(meter, MetricName.RunRemaining, "s", "Estimate of the time until the command ends.", seen => seen.RemainingSeconds);
        meter.CreateObservableGauge(
            MetricName.VerdictReasons,
            ObserveReasons,
            unit: null,
            "1 for a reason against the point that runs, 0 when it no longer holds.");
    }

    private void AddPoints(Meter meter)
    {
        Gauge(meter, MetricName.PointsPlanned, "{point}", "Points that will have run at the end.", seen => seen.PointsPlanned);
        meter.CreateObservableCounter(
            MetricName.PointsEnded,
            () => Observe(seen => new[] { true, false }.Select(isValid => Value(
                seen, seen.Ended.Count(point => point.IsValid == isValid), MetricName.IsValid, isValid ? "true" : "false"))),
            "{point}",
            "Points that have ended, by whether their run counts.");
        meter.CreateObservableGauge(
            MetricName.PointEnergy,
            () => Observe(seen => OfPoints(seen, point => point.JoulesPerOutputToken)),
            "J",
            "Energy divided by output tokens in the steady window of a point that has ended.");
        meter.CreateObservableGauge(
            MetricName.PointTokens,
            () => Observe(seen => OfPoints(seen, point => point.OutputTokensPerSecond)),
            "{token}/s",
            "Output tokens per second in the steady window of a point that has ended.");
    }

    private void AddLoad(Meter meter)
    {
        Gauge(meter, MetricName.InFlight, "{request}", "Requests that are in flight.", seen => seen.Load?.InFlight ?? 0);
        Gauge(
            meter,
            MetricName.RecentRequests,
            "{request}/s",
            "Requests completed per second in the last 10 s.",
            seen => seen.Load?.RequestsPerSecond);
        Gauge(
            meter,
            MetricName.RecentTokens,
            "{token}/s",
            "Output tokens per second in the last 10 s.",
            seen => seen.Load?.OutputTokensPerSecond);
        Quantiles(meter, MetricName.RecentTtft, "TTFT of the last 10 s.", load => load?.TtftP50Seconds, load => load?.TtftP99Seconds);
        Quantiles(meter, MetricName.RecentTbt, "TBT of the last 10 s.", load => load?.TbtP50Seconds, load => load?.TbtP99Seconds);
        Gauge(
            meter,
            MetricName.EnergyPerToken,
            "J",
            "Energy of the headline scope divided by the output tokens, both since the load began.",
            seen => seen.Load?.JoulesPerOutputToken);
    }

    private void Gauge(Meter meter, string name, string unit, string description, Func<LiveSnapshot, double?> of) =>
        meter.CreateObservableGauge(name, () => Observe(seen => [Value(seen, of(seen) ?? double.NaN)]), unit, description);

    private void Quantiles(Meter meter, string name, string description, Func<LiveLoad?, double?> p50, Func<LiveLoad?, double?> p99) =>
        meter.CreateObservableGauge(
            name,
            () => Observe(seen =>
            [
                Value(seen, p50(seen.Load) ?? double.NaN, MetricName.Quantile, "0.5"),
                Value(seen, p99(seen.Load) ?? double.NaN, MetricName.Quantile, "0.99"),
            ]),
            "s",
            description);

    private IEnumerable<Measurement<double>> ObservePower() => Observe(seen =>
    {
        Dictionary<(string, MeterScope), double?> now = seen.Meters.DistinctBy(KeyOf).ToDictionary(KeyOf, meter => meter.Watts);
        lock (gate)
        {
            meters.UnionWith(now.Keys.Take(MaxRemembered - meters.Count));
            return [.. meters.Select(meter => OfMeter(seen, meter, now.GetValueOrDefault(meter) ?? double.NaN))];
        }
    });

    private IEnumerable<Measurement<double>> ObserveEnergy() => Observe(seen =>
        from meter in seen.Meters.Take(MaxRemembered)
        where meter.Joules is not null
        select OfMeter(seen, KeyOf(meter), meter.Joules!.Value, seen.Point));

    private IEnumerable<Measurement<double>> ObserveReasons() => Observe(seen =>
    {
        HashSet<string> now = [.. seen.Reasons.Select(reason => reason.Code)];
        lock (gate)
        {
            reasons.UnionWith(now.Take(MaxRemembered - reasons.Count));
            return [.. reasons.Select(code => Value(seen, now.Contains(code) ? 1 : 0, MetricName.Reason, code))];
        }
    });

    private IEnumerable<Measurement<double>> Observe(Func<LiveSnapshot, IEnumerable<Measurement<double>>> of) =>
        run.Latest is { Evidence: not null } seen ? of(seen) : [];

    private static IEnumerable<Measurement<double>> OfPoints(LiveSnapshot seen, Func<LivePointResult, double?> of) =>
        from point in seen.Ended
        where of(point) is not null
        select new Measurement<double>(
            of(point)!.Value,
            new KeyValuePair<string, object?>(MetricName.Point, point.Point),
            new KeyValuePair<string, object?>(MetricName.IsValid, point.IsValid ? "true" : "false"),
            EvidenceOf(seen));

    private static Measurement<double> OfMeter(LiveSnapshot seen, (string Name, MeterScope Scope) meter, double value, string? point = null)
    {
        List<KeyValuePair<string, object?>> tags =
        [
            new(MetricName.MeterLabel, meter.Name),
            new(MetricName.Scope, EnumText.Of(meter.Scope)),
            EvidenceOf(seen),
        ];
        if (point is not null)
        {
            tags.Add(new(MetricName.Point, point));
        }

        return new Measurement<double>(value, tags);
    }

    private static (string, MeterScope) KeyOf(LiveMeter meter) => (meter.Name, meter.Scope);

    private static Measurement<double> Value(LiveSnapshot seen, double value) => new(value, EvidenceOf(seen));

    private static Measurement<double> Value(LiveSnapshot seen, double value, string label, string text) =>
        new(value, new KeyValuePair<string, object?>(label, text), EvidenceOf(seen));

    private static KeyValuePair<string, object?> EvidenceOf(LiveSnapshot seen) =>
        new(MetricName.Evidence, EnumText.Of(seen.Evidence!.Value));
}
