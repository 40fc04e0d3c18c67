using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>The energy of a window as results show it: the meters' by <see cref="EnergyWindow"/>, engine steps where no meter was read.</summary>
public static class EnergyAccount
{
    /// <summary>Energy of a record in a window.</summary>
    public static RunEnergy Of(RunRecord record, MeasurementWindow window)
    {
        (double from, double to) = (window.StartSeconds, window.EndSeconds);
        WindowEnergy metered = WindowEnergy.Measure(record.Manifest.Meters, record.MeterReadings, from, to);
        Dictionary<MeterScope, RunEnergy> scopes = metered.Scopes
            .ToDictionary(scope => scope.Scope, scope => OfScope(scope, metered.CrossChecks, record, window));
        IEnumerable<RunEnergy> counted = HeadlineScope.Order.Where(scopes.ContainsKey).Select(scope => scopes[scope])
            .Where(energy => energy.Joules.Value is not null);

        // Where a model stands behind meter and steps alike, the steps are the same numbers without the meter's refresh.
        RunEnergy headline = counted.FirstOrDefault(energy => !energy.IsEstimated)
            ?? OfSteps(record, from, to)
            ?? counted.FirstOrDefault()
            ?? HeadlineScope.Order.Where(scopes.ContainsKey).Select(scope => scopes[scope]).FirstOrDefault()
            ?? RunEnergy.Missing("no meter was read and the engine's steps carry no energy");
        ScopeEnergy? source = headline.Source is null or EnergySource.Steps ? null : metered.Of(headline.Scope!.Value);
        return headline with
        {
            ByScope = scopes.ToDictionary(pair => pair.Key, pair => pair.Value.Joules),
            DynamicJoules = Dynamic(headline, source, record.Manifest.Baselines, window.LengthSeconds),
        };
    }

    /// <summary>The stretch of a run that steps or meters cover (s): a meter rarely begins with the run to the millisecond.</summary>
    internal static (double From, double To) Span(RunRecord record)
    {
        double length = record.Manifest.DurationSeconds ?? record.Requests.Select(request => request.CompletedSeconds ?? 0).DefaultIfEmpty(0).Max();
        MeterSeries[] read = [.. record.Manifest.Meters.Select(meter => record.MeterReadings.GetValueOrDefault(meter.Name)).OfType<MeterSeries>()];
        return record.Steps.Count > 0 && (read.Length == 0 || record.Steps.Any(step => step.EnergyJoules is not null))
            ? (record.Steps[0].StartSeconds, record.Steps[^1].StartSeconds + record.Steps[^1].DurationSeconds)
            : read.Length == 0 ? (0, length)
            : (Math.Max(0, read.Max(meter => meter.Seconds[0])), Math.Min(length, read.Min(meter => meter.Seconds[^1])));
    }

    /// <summary>Energy between two instants of a span, by the same choice of source as <see cref="Of"/>.</summary>
    /// <returns><c>null</c> where the span's energy was not measured.</returns>
    internal static Func<double, double, double>? Timeline(RunRecord record, double from, double to)
    {
        RunEnergy energy = Of(record, new MeasurementWindow(from, to, "whole run"));
        if (energy.Joules.Value is null)
        {
            return null;
        }

        if (energy.Source == EnergySource.Steps)
        {
            return new StepEnergy(record.Steps).Joules;
        }

        return SumOf(record, energy.Devices.Select(device => device.Meter));
    }

    /// <summary>
    /// Energy between any two instants of a run for the shape of its power: by instant power where every device has it, then by averaged
    /// power, and by what gives the energy only where there is neither. A counter that is read once in two seconds has no shape.
    /// </summary>
    internal static Func<double, double, double>? Shape(RunRecord record, double from, double to)
    {
        Func<double, double, double>? energy = Timeline(record, from, to);
        if (energy is null || record.MeterReadings.Count == 0)
        {
            return energy;
        }

        MeterDescription[] counted = [.. record.Manifest.Meters.Where(meter => meter is { IsCounter: true, NotMeasured: null, Scope: MeterScope.Gpu or MeterScope.Module })];
        MeterDescription[] powers = [.. record.Manifest.Meters
            .Where(meter => meter is { IsCounter: false, NotMeasured: null } && counted.Any(counter => counter.Device == meter.Device && counter.Scope == meter.Scope))
            .Where(meter => record.MeterReadings.TryGetValue(meter.Name, out MeterSeries? series) && series.Count > 1)
            .OrderBy(meter => meter.AveragingSeconds ?? 0).DistinctBy(meter => meter.Device)];
        if (powers.Length == 0 || powers.Length != counted.Length)
        {
            return energy;
        }

        return SumOf(record, powers.Select(meter => meter.Name));
    }

    private static RunEnergy OfScope(ScopeEnergy scope, IReadOnlyList<EnergyCrossCheck> checks, RunRecord record, MeasurementWindow window)
    {
        if (scope.NotMeasured is { } why)
        {
            return RunEnergy.Missing(why) with { Devices = scope.Readings };
        }

        EnergyCrossCheck[] own = [.. checks.Where(check => check.Scope == scope.Scope)];
        (Reading peak, string? basis) = Peak(scope, record, window);
        double error = scope.ErrorJoules!.Value;
        return new RunEnergy
        {
            Scope = scope.Scope,
            Source = scope.Readings.All(reading => MeterOf(record, reading.Meter).IsCounter) ? EnergySource.Counter : EnergySource.AveragedPower,
            IsEstimated = scope.IsEstimated,
            Joules = Reading.Of(scope.Joules!.Value, error),
            EdgeErrorJoules = scope.EdgeErrorJoules,
            GainErrorRatio = scope.Readings.Max(reading => reading.GainErrorRatio),
            MeanWatts = Reading.Of(scope.MeanWatts!.Value, error / window.LengthSeconds),
            PeakWatts = peak,
            PeakBasis = basis,
            DynamicJoules = Reading.Missing("not computed yet"),
            CrossCheckRatio = own.Length == scope.Readings.Count
                ? (own.Sum(check => check.Averaged.Joules!.Value) / own.Sum(check => check.Counter.Joules!.Value)) - 1
                : null,
            Devices = scope.Readings,
            Reasons = [.. new WindowEnergy([scope], own).Reasons()],
        };
    }

    private static RunEnergy? OfSteps(RunRecord record, double from, double to)
    {
        if (record.Steps.Count == 0 || record.Steps.Any(step => step.EnergyJoules is null))
        {
            return null;
        }

        StepEnergy steps = new(record.Steps);
        if (steps.NotMeasuredReason(from, to) is { } why)
        {
            return RunEnergy.Missing(why);
        }

        double joules = steps.Joules(from, to);
        return new RunEnergy
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
    private static (Reading Peak, string? Basis) Peak(ScopeEnergy scope, RunRecord record, MeasurementWindow window)
    {
        (double from, double to) = (window.StartSeconds, window.EndSeconds);
        MeterSeries[] readings = [.. record.Manifest.Meters
            .Where(meter => meter.Scope == scope.Scope && !meter.IsCounter
                && EnergyWindow.Measure(meter, record.MeterReadings.GetValueOrDefault(meter.Name), from, to).Joules is not null)
            .OrderBy(meter => meter.AveragingSeconds ?? 0)
            .DistinctBy(meter => meter.Device ?? meter.Name).Select(meter => record.MeterReadings[meter.Name])];
        if (readings.Length == scope.Readings.Count)
        {
            double? highest = SimultaneousPower.Highest(readings, from, to);
            return (Reading.From(highest, "no power reading lies in the window"), "highest power reading, devices summed");
        }

        double?[] peaks = [.. scope.Readings.Select(reading =>
            CourseOf(record, reading.Meter).HighestMeanWatts(from, to, Math.Max(1, 10 * (MeterOf(record, reading.Meter).RefreshSeconds ?? 0))))];
        return peaks.Any(peak => peak is null)
            ? (Reading.Missing("the window is shorter than the second a counter needs"), null)
            : (Reading.Of(peaks.Sum()!.Value), "highest 1 s mean of the energy counter, devices summed");
    }

    private static Reading Dynamic(RunEnergy energy, ScopeEnergy? metered, Baselines? baselines, double seconds) => energy.Joules switch
    {
        { Value: null } missing => missing,
        _ when baselines?.LoadedIdleWatts is null => Reading.Missing($"loaded-idle power not measured{(baselines?.Note is { } note ? $" ({note})" : "")}"),
        _ when metered is not null && DynamicEnergy.AboveLoadedIdle(metered, baselines) is { } dynamic => Reading.Of(dynamic.Value, dynamic.Error),
        { Value: { } joules } => Reading.Of(joules - (baselines.LoadedIdleWatts.Value * seconds)),
    };

    private static Func<double, double, double> SumOf(RunRecord record, IEnumerable<string> meters)
    {
        EnergyCourse[] courses = [.. meters.Select(meter => CourseOf(record, meter))];
        return (start, end) => courses.Sum(course => course.Joules(start, end));
    }

    private static MeterDescription MeterOf(RunRecord record, string name) => record.Manifest.Meters.First(meter => meter.Name == name);

    private static EnergyCourse CourseOf(RunRecord record, string meter) => EnergyCourse.Of(MeterOf(record, meter), record.MeterReadings[meter]);
}
