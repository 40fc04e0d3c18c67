using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>Counts the energy of a window: counters first, averaged power second, engine steps where no meter was read.</summary>
public static class EnergyAccount
{
    // The scope a headline number is given for; a node's joules would hide the accelerators'.
    private static readonly MeterScope[] HeadlineOrder =
        [MeterScope.Gpu, MeterScope.Module, MeterScope.CpuPackage, MeterScope.Psys, MeterScope.Node];

    /// <summary>Energy of a record in a window.</summary>
    public static WindowEnergy Of(RunRecord record, MeasurementWindow window)
    {
        (double from, double to) = (window.StartSeconds, window.EndSeconds);
        ILookup<string, PowerSample> samples = record.Power.ToLookup(sample => sample.Meter);
        MeterSeries[] series = [.. record.Manifest.Meters.Select(meter => MeterSeries.Of(meter, samples[meter.Name]))];
        Dictionary<MeterScope, WindowEnergy> scopes = series.GroupBy(one => one.Meter.Scope)
            .ToDictionary(group => group.Key, group => OfScope(group.Key, [.. group], from, to));
        IEnumerable<WindowEnergy> counted = HeadlineOrder.Where(scopes.ContainsKey).Select(scope => scopes[scope])
            .Where(energy => energy.Joules.Value is not null);

        // Where a model stands behind meter and steps alike, the steps are the same numbers without the meter's refresh.
        WindowEnergy headline = counted.FirstOrDefault(energy => !energy.IsEstimated)
            ?? OfSteps(record, from, to)
            ?? counted.FirstOrDefault()
            ?? HeadlineOrder.Where(scopes.ContainsKey).Select(scope => scopes[scope]).FirstOrDefault()
            ?? WindowEnergy.Missing("no meter was read and the engine's steps carry no energy");
        return headline with
        {
            ByScope = scopes.ToDictionary(pair => pair.Key, pair => pair.Value.Joules),
            DynamicJoules = Dynamic(headline, record.Manifest.Baselines, to - from),
        };
    }

    /// <summary>Energy between two instants of a span, by the same choice of source as <see cref="Of"/>.</summary>
    /// <returns><c>null</c> where the span's energy was not measured.</returns>
    internal static Func<double, double, double>? Timeline(RunRecord record, double from, double to)
    {
        WindowEnergy energy = Of(record, new MeasurementWindow(from, to, "whole run"));
        if (energy.Joules.Value is null)
        {
            return null;
        }

        if (energy.Source == EnergySource.Steps)
        {
            return new StepEnergy(record.Steps).Joules;
        }

        ILookup<string, PowerSample> samples = record.Power.ToLookup(sample => sample.Meter);
        MeterSeries[] chosen = [.. record.Manifest.Meters.Where(meter => meter.Scope == energy.Scope)
            .Select(meter => MeterSeries.Of(meter, samples[meter.Name]))
            .Where(series => !series.IsInstant && series.WhyNot(from, to) is null)
            .OrderByDescending(series => series.Meter.IsCounter).DistinctBy(series => series.Device)];
        return (start, end) => chosen.Sum(series => series.Joules(start, end));
    }

    private static WindowEnergy OfScope(MeterScope scope, MeterSeries[] meters, double from, double to)
    {
        List<MeterSeries> chosen = [];
        foreach (IGrouping<string, MeterSeries> device in meters.GroupBy(meter => meter.Device))
        {
            MeterSeries[] candidates = [.. device.Where(meter => !meter.IsInstant).OrderByDescending(meter => meter.Meter.IsCounter)];
            MeterSeries? best = candidates.FirstOrDefault(meter => meter.WhyNot(from, to) is null);
            if (best is null)
            {
                string why = string.Join("; ", candidates.Select(meter => meter.WhyNot(from, to)).Distinct());
                return WindowEnergy.Missing(why.Length > 0 ? why : $"{device.Key}: only instantaneous power was read");
            }

            chosen.Add(best);
        }

        double joules = chosen.Sum(meter => meter.Joules(from, to));
        double edges = chosen.Sum(meter => meter.EdgeErrorJoules(from, to));
        double? gain = chosen.Max(meter => meter.Meter.GainErrorRatio);
        (Reading peak, string? basis) = Peak(meters, chosen, from, to);
        return new WindowEnergy
        {
            Scope = scope,
            Source = chosen.All(meter => meter.Meter.IsCounter) ? EnergySource.Counter : EnergySource.AveragedPower,
            IsEstimated = chosen.Any(meter => meter.Meter.IsEstimated),
            Joules = Reading.Of(joules, edges + ((gain ?? 0) * joules)),
            EdgeErrorJoules = edges,
            GainErrorRatio = gain,
            MeanWatts = Reading.Of(joules / (to - from), (edges + ((gain ?? 0) * joules)) / (to - from)),
            PeakWatts = peak,
            PeakBasis = basis,
            DynamicJoules = Reading.Missing("not computed yet"),
            CrossCheckRatio = CrossCheck(meters, chosen, from, to),
        };
    }

    private static WindowEnergy? OfSteps(RunRecord record, double from, double to)
    {
        if (record.Steps.Count == 0 || record.Steps.Any(step => step.EnergyJoules is null))
        {
            return null;
        }

        StepEnergy steps = new(record.Steps);
        if (steps.WhyNot(from, to) is { } why)
        {
            return WindowEnergy.Missing(why);
        }

        double joules = steps.Joules(from, to);
        return new WindowEnergy
        {
            Scope = MeterScope.Gpu,
            Source = EnergySource.Steps,
            IsEstimated = true,
            Joules = Reading.Of(joules),
            MeanWatts = Reading.Of(joules / (to - from)),
            PeakWatts = Reading.From(steps.PeakWatts(from, to), "no step lies in the window"),
            PeakBasis = "highest mean power of an engine step",
            DynamicJoules = Reading.Missing("not computed yet"),
        };
    }

    /// <summary>The sum of the devices' power readings where all have them; otherwise counters over at least 1 s.</summary>
    private static (Reading Peak, string? Basis) Peak(MeterSeries[] meters, List<MeterSeries> chosen, double from, double to)
    {
        MeterSeries[] readings = [.. meters.Where(meter => !meter.Meter.IsCounter && meter.WhyNot(from, to) is null)
            .OrderByDescending(meter => meter.IsInstant).DistinctBy(meter => meter.Device)];
        if (readings.Length == chosen.Count)
        {
            double? highest = SimultaneousPower.Highest(readings, from, to);
            return (Reading.From(highest, "no power reading lies in the window"), "highest power reading, devices summed");
        }

        double?[] peaks = [.. chosen.Select(meter => meter.PeakWatts(from, to))];
        return peaks.Any(peak => peak is null)
            ? (Reading.Missing("the window is shorter than the second a counter needs"), null)
            : (Reading.Of(peaks.Sum()!.Value), "highest 1 s mean of the energy counter, devices summed");
    }

    private static double? CrossCheck(MeterSeries[] meters, List<MeterSeries> chosen, double from, double to)
    {
        MeterSeries[] counters = [.. chosen.Where(meter => meter.Meter.IsCounter)];
        MeterSeries[] averaged = [.. counters.Select(counter => meters.FirstOrDefault(meter => meter.Device == counter.Device
            && !meter.Meter.IsCounter && !meter.IsInstant && meter.WhyNot(from, to) is null)).OfType<MeterSeries>()];
        double counted = counters.Sum(meter => meter.Joules(from, to));
        return counters.Length == 0 || averaged.Length != counters.Length || counted <= 0
            ? null
            : (averaged.Sum(meter => meter.Joules(from, to)) / counted) - 1;
    }

    private static Reading Dynamic(WindowEnergy energy, Baselines? baselines, double seconds) => energy.Joules switch
    {
        { Value: null } missing => missing,
        _ when baselines?.LoadedIdleWatts is null => Reading.Missing($"loaded-idle power not measured{(baselines?.Note is { } note ? $" ({note})" : "")}"),
        { Value: { } joules } known => Reading.Of(joules - (baselines.LoadedIdleWatts.Value * seconds), known.ErrorBound),
    };
}
