using System.Text;
using GreenServe.Metering.Characterization;
using GreenServe.Records.EnergyAccounting;
using static System.FormattableString;

namespace GreenServe.Cli.Commands.Meters;

/// <summary>The text of <c>meters characterize</c>: what was found, each number with its limit.</summary>
internal static class MetersCommandReportText
{
    /// <summary>
    /// Largest difference between the counter and averaged power, as a share. Both come from one sensor, and measured windows differ by a
    /// few tenths of a percent.
    /// </summary>
    private const double AgreementLimitRatio = 0.02;

    /// <summary>Largest processor time of metering, in cores. More would compete with the load generator.</summary>
    private const double CoreLimit = 0.02;

    /// <summary>Largest change of the step time by metering, as a share. It is about the error of ten pairs of phases.</summary>
    private const double StepTimeLimitRatio = 0.005;

    internal static string Of(CharacterizationReport report)
    {
        StringBuilder text = new();
        foreach (string gpu in report.Gpus)
        {
            Line(text, $"{gpu}");
        }

        Probes(text, "without load", report.WithoutLoad);
        Probes(text, "under load", report.UnderLoad);
        Line(text, $"idle: {Watts(report.Idle.Watts, report.Idle.ErrorWatts)}; {report.Idle.Note}");
        Line(text, $"loaded-idle: {Watts(report.LoadedIdle.Watts, report.LoadedIdle.ErrorWatts)}; {report.LoadedIdle.Note}");
        foreach (SteadyLoadResult load in report.Loads)
        {
            Load(text, load);
        }

        if (report.Interference is { } cost)
        {
            Interference(text, cost);
        }

        return text.ToString();
    }

    private static void Interference(StringBuilder text, InterferenceResult cost)
    {
        string error = cost.StepTimeChangeErrorRatio is { } ratio ? Invariant($" ± {ratio * 100:0.000} %") : "";
        string processor = Met(cost.MeteringCpuCores < CoreLimit);
        string stepTime = Met(Math.Abs(cost.StepTimeChangeRatio) < StepTimeLimitRatio);
        string change = Invariant($"{cost.StepTimeChangeRatio * 100:+0.000;-0.000} %{error}");
        Line(text, $"cost of metering ({cost.Kind}, {cost.Pairs} pairs):");
        Line(text, $"  processor: {cost.MeteringCpuCores * 100:0.00} % of one core, limit {CoreLimit * 100:0} %: {processor}");
        Line(text, $"  step time: {change}, limit {StepTimeLimitRatio * 100:0.0} %: {stepTime}");
    }

    private static void Probes(StringBuilder text, string when, IReadOnlyList<MeterProbeResult> probes)
    {
        Line(text, $"meters {when}:");
        foreach (MeterProbeResult probe in probes)
        {
            string problem = probe.Problem is null ? "" : $"; {probe.Problem}";
            Line(text, $"  {probe.Meter.Name}: {Watts(probe.Watts, null)}, {Refresh(probe)}, {Cost(probe)}{problem}");
        }
    }

    private static string Refresh(MeterProbeResult probe)
    {
        if (probe.RefreshSeconds is not { } seconds)
        {
            return "refresh not seen";
        }

        string range = Invariant($"{probe.ShortestRefreshSeconds * 1e3:0.0}-{probe.LongestRefreshSeconds * 1e3:0.0}");
        return Invariant($"refresh {seconds * 1e3:0.0} ms ({range})");
    }

    private static string Cost(MeterProbeResult probe)
    {
        if (probe.Cost is not { } call)
        {
            return "";
        }

        string slow = Invariant($"p99 {call.P99Seconds * 1e3:0.0000}, longest {call.LongestSeconds * 1e3:0.0000}");
        string processor = Invariant($"{call.ProcessorSecondsPerCall * 1e3:0.0000} ms of processor");
        return Invariant($"call {call.P50Seconds * 1e3:0.0000} ms ({slow}), {processor}");
    }

    private static void Load(StringBuilder text, SteadyLoadResult load)
    {
        string step = Invariant($"{load.Steps} steps, median step {load.MedianStepSeconds * 1e3:0.0000} ms");
        Line(text, $"steady {load.Kind}: window {load.Window.LengthSeconds:0.000} s, {step}");
        foreach (EnergyReading reading in load.Readings)
        {
            Line(text, $"  {reading.Meter}: {Energy(reading)}");
        }

        foreach (AgreementResult check in load.Checks)
        {
            string difference = Invariant($"{check.DifferenceRatio * 100:+0.00;-0.00} %, limit {AgreementLimitRatio * 100:0} %");
            string met = Met(Math.Abs(check.DifferenceRatio) < AgreementLimitRatio);
            Line(text, $"  {check.Device}: averaged power x time against counter: {difference}: {met}");
        }

        foreach ((string name, StepResponse response) in load.Responses.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            string tenth = Invariant($"{response.TenPercentSeconds * 1e3:0}");
            string half = Invariant($"{response.HalfSeconds * 1e3:0}");
            string most = Invariant($"{response.NinetyPercentSeconds * 1e3:0}");
            string after = $"10/50/90 % after {tenth} / {half} / {most} ms";
            Line(text, $"  {name}: {response.BeforeWatts:0} W to {response.AfterWatts:0} W, {after}");
        }
    }

    private static string Energy(EnergyReading reading)
    {
        if (reading.Joules is not { } joules)
        {
            return $"not measured: {reading.NotMeasured}";
        }

        string error = reading is { IsEstimated: false, EdgeErrorJoules: { } edges and > 0 }
            ? Invariant($" ± {edges:0.00} J at the edges")
            : "";
        string energy = Invariant($"{joules:0.0} J{error}");
        return Invariant($"{energy} = {reading.MeanWatts:0.00} W ({reading.Method})");
    }

    private static string Watts(double? watts, double? error) => (watts, error) switch
    {
        (null, _) => "not measured",
        ({ } value, { } bound and > 0) => Invariant($"{value:0.00} ± {bound:0.00} W"),
        ({ } value, _) => Invariant($"{value:0.00} W"),
    };

    private static string Met(bool isMet) => isMet ? "met" : "NOT MET";

    private static void Line(StringBuilder text, FormattableString line) => text.Append(Invariant(line)).Append('\n');
}
