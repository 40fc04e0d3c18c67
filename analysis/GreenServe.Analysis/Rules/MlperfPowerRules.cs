using System.Globalization;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Documents;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Rules;

/// <summary>Which rules of MLPerf Power a record meets. Meeting all of them is not a submission: that takes an accepted analyser and a review.</summary>
/// <remarks>
/// Source: MLCommons inference_policies (power measurement rules), mlcommons/power-dev (checker), MLPerf Power (arXiv 2410.12032):
/// AC power of the whole system, samples each second, uncertainty at most 1 %, a ranging and a testing pass, clocks within 800 ms,
/// at least 600 s, power and performance from the same run, the performance phase alone, power management documented.
/// </remarks>
public static class MlperfPowerRules
{
    /// <summary>Shortest performance phase (s).</summary>
    public const double ShortestPhaseSeconds = 600;

    /// <summary>Longest distance of samples (s), with the tolerance of a timer.</summary>
    public const double LongestSampleSeconds = 1.1;

    /// <summary>Largest uncertainty of the analyser, as a share.</summary>
    public const double LargestUncertaintyRatio = 0.01;

    /// <summary>Largest difference of the clocks (s).</summary>
    public const double LargestClockDifferenceSeconds = 0.8;

    private static readonly string OffsetErrorPrefix = RunCounter.ClockOffsetErrorSeconds.Of("");

    /// <summary>Holds every rule against a record.</summary>
    /// <param name="record">The testing pass.</param>
    /// <param name="others">Other records, among which the ranging pass may be.</param>
    public static IReadOnlyList<RuleResult> Check(RunRecord record, IEnumerable<RunRecord> others)
    {
        RunManifest manifest = record.Manifest;
        (MeasurementWindow? window, string? whyNoWindow) = SteadyWindow.Of(manifest, record.Requests);
        MeterDescription[] wall = [.. manifest.Meters.Where(meter => meter is { Scope: MeterScope.Node, NotMeasured: null, IsEstimated: false })];
        IReadOnlyDictionary<string, MeterSeries> series = record.MeterReadings;
        return
        [
            Duration(window, whyNoWindow),
            Scope(wall, manifest.Meters),
            Analyser(wall),
            Uncertainty(wall),
            SampleRate(wall, series, window, whyNoWindow),
            TwoPasses(record, others),
            Synchronised(manifest),
            SameRun(record, wall, series, window, whyNoWindow),
            Faultless(wall, window, whyNoWindow),
            Documented(manifest),
        ];
    }

    private static RuleResult Duration(MeasurementWindow? window, string? whyNot) => Result(
        "duration",
        $"a performance phase of at least {ShortestPhaseSeconds} s",
        window is null ? whyNot! : Text($"{window.LengthSeconds:0.0} s ({window.Rule})"),
        window is null ? null : window.LengthSeconds >= ShortestPhaseSeconds);

    private static RuleResult Scope(MeterDescription[] wall, IReadOnlyList<MeterDescription> all) => Result(
        "whole-system",
        "AC power of the whole system, at the wall",
        wall.Length > 0
            ? Names(wall)
            : $"no meter of scope node; measured: {string.Join(", ", all.Where(meter => meter.NotMeasured is null).Select(meter => EnumText.Of(meter.Scope)).Distinct().DefaultIfEmpty("nothing"))}",
        wall.Length > 0);

    private static RuleResult Analyser(MeterDescription[] wall) => Result(
        "accepted-analyser",
        "an analyser accepted by SPEC, driven by PTDaemon",
        wall.Length > 0 ? string.Join("; ", wall.Select(meter => meter.Method)) : "no meter at the wall",
        wall.Length > 0 && wall.All(meter => meter.Method.Contains("PTDaemon", StringComparison.OrdinalIgnoreCase)));

    private static RuleResult Uncertainty(MeterDescription[] wall) => Result(
        "uncertainty",
        Text($"at most {LargestUncertaintyRatio:P0} of the reading"),
        wall.Length == 0 ? "no meter at the wall" : string.Join("; ", wall.Select(
            meter => meter.GainErrorRatio is { } gain ? Text($"{meter.Name}: {gain:0.0 %}") : $"{meter.Name}: not stated")),
        wall.Length == 0 ? false : wall.Any(meter => meter.GainErrorRatio is null) ? null : wall.All(meter => meter.GainErrorRatio <= LargestUncertaintyRatio));

    private static RuleResult SampleRate(
        MeterDescription[] wall, IReadOnlyDictionary<string, MeterSeries> series, MeasurementWindow? window, string? whyNot)
    {
        const string Required = "a sample each second in the performance phase";
        if (window is null || wall.Length == 0)
        {
            return Result("sample-rate", Required, whyNot ?? "no meter at the wall", window is null ? null : false);
        }

        double longest = wall.Max(meter => series.TryGetValue(meter.Name, out MeterSeries? readings)
            ? LongestGap(readings, window)
            : double.PositiveInfinity);
        return Result(
            "sample-rate",
            Required,
            double.IsFinite(longest) ? Text($"longest distance {longest:0.00} s") : "readings do not cover the phase",
            longest <= LongestSampleSeconds);
    }

    private static RuleResult TwoPasses(RunRecord record, IEnumerable<RunRecord> others)
    {
        RunManifest manifest = record.Manifest;
        RunRecord? ranging = others.FirstOrDefault(other => other.Manifest is { DurationSeconds: { } duration, StartedAt: { } started }
            && other.Manifest.WorkloadSha256 == manifest.WorkloadSha256
            && other.Manifest.Knobs == manifest.Knobs
            && started.AddSeconds(duration) <= manifest.StartedAt);
        return Result(
            "two-passes",
            "a ranging pass of the same workload and settings before the testing pass",
            ranging is null ? "no earlier record of the same workload and settings among those given" : $"{Path.GetFileName(ranging.Folder)} before it",
            manifest.StartedAt is null ? null : ranging is not null);
    }

    private static RuleResult Synchronised(RunManifest manifest)
    {
        KeyValuePair<string, double>[] offsets = [.. manifest.Counters.Where(counter => counter.Key.StartsWith(OffsetErrorPrefix, StringComparison.Ordinal))];
        string[] remote = [.. manifest.Meters.Where(meter => meter.NotMeasured is null && meter.Name.Contains(':', StringComparison.Ordinal)).Select(meter => meter.Name.Split(':')[0]).Distinct()];
        string[] unknown = [.. remote.Where(host => offsets.All(offset => offset.Key != OffsetErrorPrefix + host))];
        string found = remote.Length == 0 ? "meters and client share one clock"
            : unknown.Length > 0 ? $"no clock offset known of {string.Join(", ", unknown)}"
            : string.Join("; ", offsets.Select(offset => Text($"{offset.Key[OffsetErrorPrefix.Length..]}: corrected to ±{offset.Value * 1e3:0.0} ms")));
        return Result(
            "synchronised",
            Text($"clocks of client and meter within {LargestClockDifferenceSeconds * 1e3:0} ms"),
            found,
            remote.Length == 0 ? true : unknown.Length > 0 ? null : offsets.All(offset => offset.Value <= LargestClockDifferenceSeconds));
    }

    private static RuleResult SameRun(
        RunRecord record, MeterDescription[] wall, IReadOnlyDictionary<string, MeterSeries> series, MeasurementWindow? window, string? whyNot)
    {
        const string Required = "power and performance from the same run, over the performance phase alone";
        if (window is null)
        {
            return Result("same-run", Required, whyNot!, null);
        }

        int completed = record.Requests.Count(
            request => request.Status == RequestStatus.Completed && request.CompletedSeconds >= window.StartSeconds && request.CompletedSeconds <= window.EndSeconds);
        int covered = wall.Count(meter => EnergyWindow.Measure(meter, series.GetValueOrDefault(meter.Name), window.StartSeconds, window.EndSeconds).Joules is not null);
        return Result(
            "same-run",
            Required,
            Text($"{completed} requests completed in the phase, {covered} of {wall.Length} meters at the wall cover it"),
            completed > 0 && covered > 0 && covered == wall.Length);
    }

    private static RuleResult Faultless(MeterDescription[] wall, MeasurementWindow? window, string? whyNot)
    {
        MeterFault[] faults = window is null ? [] :
            [.. wall.SelectMany(meter => meter.Faults).Where(fault => fault.AtSeconds >= window.StartSeconds && fault.AtSeconds <= window.EndSeconds)];
        return Result(
            "no-meter-errors",
            "no error or warning of a meter in the performance phase",
            window is null ? whyNot! : wall.Length == 0 ? "no meter at the wall" : faults.Length == 0 ? "none" : Text($"{faults.Length}, the first at {faults[0].AtSeconds:0.0} s: {faults[0].Message}"),
            window is null ? null : wall.Length > 0 && faults.Length == 0);
    }

    private static RuleResult Documented(RunManifest manifest) => Result(
        "settings-documented",
        "power management settings documented",
        manifest.Environment.Gpus.Count > 0 ? string.Join("; ", manifest.Environment.Gpus) : "no accelerator settings in the record",
        manifest.Environment.Gpus.Count > 0);

    private static double LongestGap(MeterSeries series, MeasurementWindow window)
    {
        int first = series.IndexAtOrBefore(window.StartSeconds);
        int last = series.IndexAtOrBefore(window.EndSeconds);
        if (first < 0 || last + 1 >= series.Count && window.EndSeconds - series.Seconds[last] > LongestSampleSeconds)
        {
            return double.PositiveInfinity;
        }

        double longest = 0;
        for (int index = first; index < Math.Min(last + 1, series.Count - 1); index++)
        {
            longest = Math.Max(longest, series.Seconds[index + 1] - series.Seconds[index]);
        }

        return longest;
    }

    private static string Names(MeterDescription[] meters) => string.Join(", ", meters.Select(meter => $"{meter.Name} ({meter.Method})"));

    private static RuleResult Result(string rule, string required, string found, bool? isMet) =>
        new(rule, required, found, isMet switch { true => RuleOutcome.Met, false => RuleOutcome.NotMet, null => RuleOutcome.NotTested });

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
