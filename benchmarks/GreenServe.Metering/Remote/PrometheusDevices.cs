using System.Globalization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Prometheus;

namespace GreenServe.Metering.Remote;

/// <summary>Finds the devices behind the series of a metric, so that their joules may be added.</summary>
/// <remarks>
/// Series of one metric are no devices in themselves: they may be zones that contain each other, outlets that feed other machines, or one
/// counter shown twice. Series are added only where labels that name devices tell them apart, or where the user chose them by the label in
/// which they differ. Everything else is refused with the labels and the selector to write.
/// </remarks>
internal static class PrometheusDevices
{
    /// <summary>Values of a label that a message lists before it only counts them.</summary>
    private const int ValuesListed = 6;

    /// <summary>Characters of a label's value that a message shows.</summary>
    private const int CharactersShown = 40;

    /// <summary>The processor scopes, whose zones exporters show as series of one metric.</summary>
    private static readonly MeterScope[] ZoneScopes =
        [MeterScope.CpuPackage, MeterScope.CpuCore, MeterScope.CpuUncore, MeterScope.Dram, MeterScope.Psys];

    /// <summary>The scopes that a machine has once. Several meters of such a scope may feed several machines.</summary>
    private static readonly MeterScope[] SingleScopes = [MeterScope.Node, MeterScope.Psys];

    /// <summary>The series of a target by device, in the order of the page.</summary>
    /// <param name="target">The metric wanted.</param>
    /// <param name="series">The series that it wants, from one page.</param>
    /// <param name="problems">Receives why the series cannot be taken for devices; nothing is added if they can.</param>
    internal static IReadOnlyList<PrometheusDevice> Of(
        PrometheusTarget target, IReadOnlyList<PrometheusSeries> series, List<Problem> problems)
    {
        PrometheusDevice[] devices = [.. series.GroupBy(SeriesIdentity.Device).Select(group => new PrometheusDevice([.. group]))];
        devices = CountedOnce(target, devices);
        Problem? problem = RepeatProblem(target, devices) ?? ZoneProblem(target, devices) ?? AmbiguityProblem(target, devices)
            ?? UnitProblem(target, devices);
        problems.AddRange(new[] { TypeProblem(target, devices), problem }.OfType<Problem>());
        return devices;
    }

    /// <summary>
    /// Leaves out counters that show the value of another: two counters of millions of units are equal only if they are one. It is then
    /// watched whether they stay equal.
    /// </summary>
    private static PrometheusDevice[] CountedOnce(PrometheusTarget target, PrometheusDevice[] devices)
    {
        if (!target.Unit.IsEnergy)
        {
            return devices;
        }

        bool IsCounter(PrometheusDevice device) => device.Uuid is null && device.First.Value > 0 && double.IsFinite(device.First.Value);
        ILookup<double, PrometheusDevice> byValue = devices.Where(IsCounter).ToLookup(device => device.First.Value);
        return
        [
            .. devices.Where(device => !IsCounter(device) || byValue[device.First.Value].First() == device)
                .Select(device => IsCounter(device)
                    ? new PrometheusDevice([.. byValue[device.First.Value].SelectMany(same => same.Series)])
                    : device),
        ];
    }

    /// <summary>Series that differ only in who uses the device, and yet show different values, are no repeats of one reading.</summary>
    private static Problem? RepeatProblem(PrometheusTarget target, PrometheusDevice[] devices)
    {
        PrometheusSeries[]? unequal = devices.FirstOrDefault(device => device.Uuid is null && !device.IsRepeated)?.Series;
        return unequal is null ? null : Refusal(target, unequal, "one series: these show different values for one device");
    }

    private static Problem? ZoneProblem(PrometheusTarget target, PrometheusDevice[] devices)
    {
        (PrometheusDevice Device, (string Label, MeterScope Scope)? Zone)[] zones =
            [.. devices.Select(device => (device, SeriesIdentity.Zone(device.First)))];
        MeterScope[] scopes = [.. zones.Select(pair => pair.Zone?.Scope).OfType<MeterScope>().Distinct()];
        bool isZoneOfAnother = ZoneScopes.Contains(target.Scope) && scopes.Any(scope => scope != target.Scope);
        if (scopes.Length < 2 && !isZoneOfAnother)
        {
            return null;
        }

        string found = string.Join(", ", zones.Where(pair => pair.Zone is not null)
            .Select(pair => $"{pair.Zone!.Value.Label}={Shown(pair.Device.First.Labels[pair.Zone.Value.Label])}").Distinct());
        PrometheusSeries? own = zones.FirstOrDefault(pair => pair.Zone?.Scope == target.Scope).Device?.First;
        string allowed = own is null
            ? $"a series of scope {EnumText.Of(target.Scope)}: these are {string.Join(", ", scopes.Select(EnumText.Of))}"
            : $"one zone, because zones contain each other, for example {Selection(target, SeriesIdentity.Zone(own)!.Value.Label, own)}";
        return new Problem($"meters: {target.Metric}{target.Selector}", found, allowed);
    }

    private static Problem? AmbiguityProblem(PrometheusTarget target, PrometheusDevice[] devices)
    {
        if (devices.Length < 2)
        {
            return null;
        }

        bool IsClear(string label)
        {
            string[] values = [.. devices.Select(device => device.Value(label))];
            bool isStated = target.Selector.Labels.Contains(label)
                || (!SingleScopes.Contains(target.Scope) && SeriesIdentity.TellsDevicesApart(label, values));
            return isStated && !values.Any(SeriesIdentity.MayBeTotal);
        }

        string[] clear = [.. LabelsOf(devices).Where(IsClear)];
        int apart = devices.DistinctBy(device => string.Join('\n', clear.Select(device.Value))).Count();
        return apart == devices.Length
            ? null
            : Refusal(target, [.. devices.Select(device => device.First)], "one series, or a selector that names every series to add");
    }

    /// <summary>A counter has a unit of energy. Read as power, its rising sum would pass as watts.</summary>
    private static Problem? TypeProblem(PrometheusTarget target, PrometheusDevice[] devices) =>
        !target.Unit.IsEnergy && devices.Any(device => device.First.IsStatedCounter)
            ? new Problem(
                $"unit of {target.Metric}",
                "a unit of power",
                "a unit of energy, for example joules: the page calls the metric a counter")
            : null;

    /// <summary>A unit mixed up shows at once: no device of the scope draws what the values say in it.</summary>
    private static Problem? UnitProblem(PrometheusTarget target, PrometheusDevice[] devices)
    {
        double ceiling = target.CeilingWatts ?? PlausibleReading.CeilingWatts(target.Scope);
        if (target.Unit.IsEnergy || devices.Length == 0
            || devices.Any(device => BlankValue.Is(device.First.Value) || !(device.First.Value * target.Unit.Factor > ceiling)))
        {
            return null;
        }

        double shown = devices[0].First.Value;
        string[] fitting = [.. MetricUnit.All.Where(unit => !unit.IsEnergy && shown * unit.Factor <= ceiling && shown * unit.Factor >= 1)
            .Select(unit => Invariant($"unit={unit.Name} would be {shown * unit.Factor:0.###} W"))];
        string hint = fitting.Length > 0 ? $"; {string.Join(", ", fitting)}" : "";
        return new Problem(
            $"meters: {target.Metric}{target.Selector}",
            Invariant($"{shown} {target.Unit.Name}"),
            Invariant($"at most {ceiling} W, the most that one device of scope {EnumText.Of(target.Scope)} is taken to draw{hint}"));
    }

    /// <summary>Lists the values of the label that tells most series apart, and the selector that takes one of them.</summary>
    private static Problem Refusal(PrometheusTarget target, PrometheusSeries[] series, string wanted)
    {
        string label = series.SelectMany(one => one.Labels.Keys).Distinct().Order(StringComparer.Ordinal)
            .MaxBy(name => series.Select(one => one.Labels.GetValueOrDefault(name, "")).Distinct().Count()) ?? "label";
        string[] values = [.. series.Select(one => one.Labels.GetValueOrDefault(label, "")).Distinct()];
        string more = values.Length > ValuesListed ? $" and {values.Length - ValuesListed} more" : "";
        return new Problem(
            $"meters: {target.Metric}{target.Selector}",
            $"{series.Length} series with {label}={string.Join(", ", values.Take(ValuesListed).Select(Shown))}{more}",
            $"{wanted}, for example {Selection(target, label, series[0])}");
    }

    /// <summary>The metric with a selector that takes the series of one value of a label, on top of the target's own selector.</summary>
    private static string Selection(PrometheusTarget target, string label, PrometheusSeries series)
    {
        string own = target.Selector.ToString().Trim('{', '}');
        string matcher = $"{label}={LabelSelector.Quote(series.Labels.GetValueOrDefault(label, ""))}";
        return $"'metric={target.Metric}{{{(own.Length > 0 ? $"{own}," : "")}{matcher}}}'";
    }

    private static IEnumerable<string> LabelsOf(PrometheusDevice[] devices) =>
        devices.SelectMany(device => device.First.Labels.Keys).Distinct();

    private static string Shown(string value) =>
        LabelSelector.Quote(value.Length > CharactersShown ? $"{value[..CharactersShown]}..." : value);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A device behind one or more series of a metric.</summary>
/// <param name="Series">The series, all of which show the device; at least one.</param>
internal sealed record PrometheusDevice(PrometheusSeries[] Series)
{
    internal PrometheusSeries First => Series[0];

    /// <summary>The device's own identifier; <c>null</c> if the labels have none.</summary>
    internal string? Uuid => SeriesIdentity.Uuid(First);

    /// <summary>Whether all series show one value, as repeats do.</summary>
    internal bool IsRepeated => Array.TrueForAll(Series, one => one.Value.Equals(First.Value));

    /// <summary>The value of a label; empty where the series lacks it.</summary>
    internal string Value(string label) => First.Labels.GetValueOrDefault(label, "");
}

/// <summary>The values by which exporters and drivers say that they have no number.</summary>
internal static class BlankValue
{
    /// <summary>The marks that follow each blank of DCGM: not found, not supported, not permitted and reserved ones.</summary>
    private const int Marks = 16;

    /// <summary>
    /// The blanks of DCGM for 32 bits, 64 bits and floating point (dcgm_structs.h), and the largest numbers of 32 and 64 bits.
    /// </summary>
    private static readonly double[] Blanks = [0x7ffffff0, 0x7ffffffffffffff0, 140737488355328.0, uint.MaxValue, ulong.MaxValue];

    /// <summary>Whether a value, as an exporter shows it in its own unit, stands for no value.</summary>
    internal static bool Is(double value) => Blanks.Any(blank => value - blank is >= 0 and < Marks);
}
