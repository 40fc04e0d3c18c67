using System.Globalization;
using System.Text;
using GreenServe.Metering.Characterization;
using GreenServe.Records.EnergyAccounting;

namespace GreenServe.Cli.Commands.Meters;

/// <summary>A characterisation in words.</summary>
internal static class MetersCommandReportText
{
    private const double AgreementLimitRatio = 0.02;
    private const double CoreLimit = 0.02;
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
            string error = cost.StepTimeChangeErrorRatio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $" ± {ratio * 100:0.000} %") : "";
            Line(text, $"cost of metering ({cost.Kind}, {cost.Pairs} pairs):");
            Line(text, $"  processor: {cost.MeteringCpuCores * 100:0.00} % of one core, limit {CoreLimit * 100:0} %: {Met(cost.MeteringCpuCores < CoreLimit)}");
            Line(text, $"  step time: {cost.StepTimeChangeRatio * 100:+0.000;-0.000} %{error}, limit {StepTimeLimitRatio * 100:0.0} %: {Met(Math.Abs(cost.StepTimeChangeRatio) < StepTimeLimitRatio)}");
        }

        return text.ToString();
    }

    private static void Probes(StringBuilder text, string when, IReadOnlyList<MeterProbeResult> probes)
    {
        Line(text, $"meters {when}:");
        foreach (MeterProbeResult probe in probes)
        {
            string refresh = probe.RefreshSeconds is { } seconds
                ? string.Create(CultureInfo.InvariantCulture, $"refresh {seconds * 1e3:0.0} ms ({probe.ShortestRefreshSeconds * 1e3:0.0}-{probe.LongestRefreshSeconds * 1e3:0.0})")
                : "refresh not seen";
            string cost = probe.Cost is { } call
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"call {call.P50Seconds * 1e3:0.0000} ms (p99 {call.P99Seconds * 1e3:0.0000}, longest {call.LongestSeconds * 1e3:0.0000}), {call.ProcessorSecondsPerCall * 1e3:0.0000} ms of processor")
                : "";
            Line(text, $"  {probe.Meter.Name}: {Watts(probe.Watts, null)}, {refresh}, {cost}{(probe.Problem is null ? "" : $"; {probe.Problem}")}");
        }
    }

    private static void Load(StringBuilder text, SteadyLoadResult load)
    {
        Line(text, $"steady {load.Kind}: window {load.Window.LengthSeconds:0.000} s, {load.Steps} steps, median step {load.MedianStepSeconds * 1e3:0.0000} ms");
        foreach (EnergyReading reading in load.Readings)
        {
            Line(text, reading.Joules is { } joules
                ? (FormattableString)$"  {reading.Meter}: {joules:0.0} J ± {reading.EdgeErrorJoules:0.00} J at the edges = {reading.MeanWatts:0.00} W ({reading.Method})"
                : $"  {reading.Meter}: not measured: {reading.NotMeasured}");
        }

        foreach (AgreementResult check in load.Checks)
        {
            Line(text, $"  {check.Device}: averaged power x time against counter: {check.DifferenceRatio * 100:+0.00;-0.00} %, limit {AgreementLimitRatio * 100:0} %: {Met(Math.Abs(check.DifferenceRatio) < AgreementLimitRatio)}");
        }

        foreach ((string name, StepResponse response) in load.Responses.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Line(
                text,
                $"  {name}: {response.BeforeWatts:0} W to {response.AfterWatts:0} W, 10/50/90 % after {response.TenPercentSeconds * 1e3:0} / {response.HalfSeconds * 1e3:0} / {response.NinetyPercentSeconds * 1e3:0} ms");
        }
    }

    private static string Watts(double? watts, double? error) => (watts, error) switch
    {
        (null, _) => "not measured",
        ({ } value, { } bound) => string.Create(CultureInfo.InvariantCulture, $"{value:0.00} ± {bound:0.00} W"),
        ({ } value, null) => string.Create(CultureInfo.InvariantCulture, $"{value:0.00} W"),
    };

    private static string Met(bool isMet) => isMet ? "met" : "NOT MET";

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
