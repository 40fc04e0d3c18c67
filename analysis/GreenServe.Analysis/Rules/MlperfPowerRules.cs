using System.Globalization;
using GreenServe.Records.Documents;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Rules;

/// <summary>Tests a record against the rules of MLPerf Power.</summary>
/// <remarks>
/// <para>A record that meets all rules is not a submission: a submission also needs an accepted analyser and a review.</para>
/// <para>
/// The rules ask for AC power of the whole system, a sample each second, an uncertainty of at most 1 %, a ranging and a testing pass,
/// clocks within 800 ms, a performance phase of at least 600 s, power and performance from the same run over that phase alone, and
/// documented power management. Sources: MLCommons inference_policies (power measurement rules), mlcommons/power-dev (checker),
/// MLPerf Power (arXiv 2410.12032).
/// </para>
/// </remarks>
public static class MlperfPowerRules
{
    /// <summary>Shortest performance phase that the rules allow (s).</summary>
    public const double ShortestPhaseSeconds = 600;

    /// <summary>Longest time between samples (s): the second that the rules ask for, and a tenth of tolerance for a timer.</summary>
    public const double LongestSampleSeconds = 1.1;

    /// <summary>Largest uncertainty of the analyser that the rules allow, as a share.</summary>
    public const double LargestUncertaintyRatio = 0.01;

    /// <summary>Largest difference between the clocks of client and meter that the rules allow (s).</summary>
    public const double LargestClockDifferenceSeconds = 0.8;

    private static readonly string OffsetErrorPrefix = RunCounter.ClockOffsetErrorSeconds.Of("");
    private const string NoMeter = "no meter at the wall";

    /// <summary>Tests a record against every rule.</summary>
    /// <param name="record">The record of the testing pass.</param>
    /// <param name="others">Other records, which may include the ranging pass.</param>
    /// <returns>One result for each rule.</returns>
    public static IReadOnlyList<RuleResult> Check(RunRecord record, IEnumerable<RunRecord> others)
    {
        RunManifest manifest = record.Manifest;
        SteadyWindow phase = SteadyWindow.Of(manifest, record.Requests);
        MeterDescription[] wall = [.. manifest.Meters
            .Where(meter => meter is { Scope: MeterScope.Node, NotMeasured: null, IsEstimated: false })];
        return
        [
            Duration(phase),
            Scope(wall, manifest.Meters),
            Analyser(wall),
            Uncertainty(wall),
            SampleRate(wall, record.MeterReadings, phase),
            TwoPasses(record, others),
            Synchronised(manifest),
            SameRun(record, wall, phase),
            Faultless(wall, phase),
            Documented(manifest),
        ];
    }

    private static RuleResult Duration(SteadyWindow phase) => Result(
        "duration",
        $"a performance phase of at least {ShortestPhaseSeconds} s",
        phase.Window is { } window ? Text($"{window.LengthSeconds:0.0} s ({window.Rule})") : phase.NoWindowReason!,
        phase.Window is null ? null : phase.Window.LengthSeconds >= ShortestPhaseSeconds);

    private static RuleResult Scope(MeterDescription[] wall, IReadOnlyList<MeterDescription> all)
    {
        IEnumerable<string> measured = all.Where(meter => meter.NotMeasured is null).Select(meter => EnumText.Of(meter.Scope)).Distinct();
        return Result(
            "whole-system",
            "AC power of the whole system, at the wall",
            wall.Length > 0 ? Names(wall) : $"no meter of scope node; measured: {string.Join(", ", measured.DefaultIfEmpty("nothing"))}",
            wall.Length > 0);
    }

    private static RuleResult Analyser(MeterDescription[] wall) => Result(
        "accepted-analyser",
        "an analyser accepted by SPEC, driven by PTDaemon",
        wall.Length > 0 ? string.Join("; ", wall.Select(meter => meter.Method)) : NoMeter,
        wall.Length > 0 && wall.All(meter => meter.Method.Contains("PTDaemon", StringComparison.OrdinalIgnoreCase)));

    private static RuleResult Uncertainty(MeterDescription[] wall)
    {
        IEnumerable<string> stated = wall.Select(
            meter => meter.GainErrorRatio is { } gain ? Text($"{meter.Name}: {gain:0.0 %}") : $"{meter.Name}: not stated");
        return Result(
            "uncertainty",
            Text($"at most {LargestUncertaintyRatio:P0} of the reading"),
            wall.Length == 0 ? NoMeter : string.Join("; ", stated),
            wall.Length == 0 ? false
                : wall.Any(meter => meter.GainErrorRatio is null) ? null
                : wall.All(meter => meter.GainErrorRatio <= LargestUncertaintyRatio));
    }

    private static RuleResult SampleRate(
        MeterDescription[] wall, IReadOnlyDictionary<string, MeterSeries> series, SteadyWindow phase)
    {
        const string Required = "a sample each second in the performance phase";
        if (phase.Window is not { } window)
        {
            return Result("sample-rate", Required, phase.NoWindowReason!, null);
        }

        if (wall.Length == 0)
        {
            return Result("sample-rate", Required, NoMeter, false);
        }

        double?[] gaps = [.. wall.Select(
            meter => series.TryGetValue(meter.Name, out MeterSeries? readings) ? LongestGap(readings, window) : null)];
        double? longest = gaps.Any(gap => gap is null) ? null : gaps.Max();
        return Result(
            "sample-rate",
            Required,
            longest is null ? "readings do not cover the phase" : Text($"longest distance {longest:0.00} s"),
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
            ranging is null
                ? "no earlier record of the same workload and settings among those given"
                : $"{Path.GetFileName(ranging.Folder)} before it",
            manifest.StartedAt is null ? null : ranging is not null);
    }

    private static RuleResult Synchronised(RunManifest manifest)
    {
        KeyValuePair<string, double>[] offsets = [.. manifest.Counters
            .Where(counter => counter.Key.StartsWith(OffsetErrorPrefix, StringComparison.Ordinal))];
        string[] remote = [.. manifest.Meters
            .Where(meter => meter.NotMeasured is null && meter.Name.Contains(':', StringComparison.Ordinal))
            .Select(meter => meter.Name.Split(':')[0]).Distinct()];
        string[] unknown = [.. remote.Where(host => offsets.All(offset => offset.Key != OffsetErrorPrefix + host))];
        IEnumerable<string> corrected = offsets.Select(
            offset => Text($"{offset.Key[OffsetErrorPrefix.Length..]}: corrected to ±{offset.Value * 1e3:0.0} ms"));
        string found = remote.Length == 0 ? "meters and client share one clock"
            : unknown.Length > 0 ? $"no clock offset known of {string.Join(", ", unknown)}"
            : string.Join("; ", corrected);
        return Result(
            "synchronised",
            Text($"clocks of client and meter within {LargestClockDifferenceSeconds * 1e3:0} ms"),
            found,
            remote.Length == 0 ? true
                : unknown.Length > 0 ? null
                : offsets.All(offset => offset.Value <= LargestClockDifferenceSeconds));
    }

    private static RuleResult SameRun(RunRecord record, MeterDescription[] wall, SteadyWindow phase)
    {
        const string Required = "power and performance from the same run, over the performance phase alone";
        if (phase.Window is not { } window)
        {
            return Result("same-run", Required, phase.NoWindowReason!, null);
        }

        double served = new WindowRequests(window, record.Requests.Select(RequestSpan.Of)).ServedRequests;
        int covered = wall.Count(meter => EnergyWindow.Measure(
            meter, record.MeterReadings.GetValueOrDefault(meter.Name), window.StartSeconds, window.EndSeconds).Joules is not null);
        return Result(
            "same-run",
            Required,
            Text($"{served:0.##} requests served in the phase, {covered} of {wall.Length} meters at the wall cover it"),
            served > 0 && covered > 0 && covered == wall.Length);
    }

    private static RuleResult Faultless(MeterDescription[] wall, SteadyWindow phase)
    {
        const string Required = "no error or warning of a meter in the performance phase";
        if (phase.Window is not { } window)
        {
            return Result("no-meter-errors", Required, phase.NoWindowReason!, null);
        }

        MeterFault[] faults = [.. wall.SelectMany(meter => meter.Faults)
            .Where(fault => fault.AtSeconds >= window.StartSeconds && fault.AtSeconds <= window.EndSeconds)];
        string found = wall.Length == 0 ? NoMeter
            : faults.Length == 0 ? "none"
            : Text($"{faults.Length}, the first at {faults[0].AtSeconds:0.0} s: {faults[0].Message}");
        return Result("no-meter-errors", Required, found, wall.Length > 0 && faults.Length == 0);
    }

    private static RuleResult Documented(RunManifest manifest) => Result(
        "settings-documented",
        "power management settings documented",
        manifest.Environment.Gpus.Count > 0 ? string.Join("; ", manifest.Environment.Gpus) : "no accelerator settings in the record",
        manifest.Environment.Gpus.Count > 0);

    /// <summary>Longest time between readings of a meter in a window (s); <c>null</c> if the readings do not cover the window.</summary>
    private static double? LongestGap(MeterSeries series, MeasurementWindow window)
    {
        int first = series.IndexAtOrBefore(window.StartSeconds);
        int last = series.IndexAtOrBefore(window.EndSeconds);
        if (first < 0 || (last + 1 >= series.Count && window.EndSeconds - series.Seconds[last] > LongestSampleSeconds))
        {
            return null;
        }

        double longest = 0;
        for (int index = first; index < Math.Min(last + 1, series.Count - 1); index++)
        {
            longest = Math.Max(longest, series.Seconds[index + 1] - series.Seconds[index]);
        }

        return longest;
    }

    private static string Names(MeterDescription[] meters) =>
        string.Join(", ", meters.Select(meter => $"{meter.Name} ({meter.Method})"));

    /// <summary>The result of a rule. A rule of which nothing says whether it is met was not tested.</summary>
    private static RuleResult Result(string rule, string required, string found, bool? isMet) => new(
        rule,
        required,
        found,
        isMet switch { true => RuleOutcome.Met, false => RuleOutcome.NotMet, null => RuleOutcome.NotTested });

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
