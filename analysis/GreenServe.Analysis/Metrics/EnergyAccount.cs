using GreenServe.Analysis.Metrics.Steps;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>The energy of a record as results show it: that of the meters, or that of the engine's steps where no meter was read.</summary>
/// <remarks>
/// <see cref="WindowEnergy"/> and <see cref="HeadlineScope"/> decide about meters, as they do while a run is recorded. This class reads the
/// energy of a window from them and does not compute it again; the only source that it adds is the steps (<see cref="StepEnergy"/>).
/// </remarks>
internal static class EnergyAccount
{
    /// <summary>Energy and power of a record in a window.</summary>
    /// <param name="record">The record.</param>
    /// <param name="window">The window, longer than 0 s.</param>
    /// <param name="steps">What its steps tell about the window.</param>
    public static RunEnergy Of(RunRecord record, MeasurementWindow window, StepWindow steps)
    {
        if (steps.StatesEnergy && AreFromSteps(record))
        {
            RunEnergy energy = OfSteps(steps, record.Manifest.Baselines, window);
            return energy with
            {
                ByScope = record.Manifest.Meters.Select(meter => meter.Scope).Distinct().ToDictionary(scope => scope, _ => energy.Joules),
            };
        }

        WindowEnergy metered = WindowEnergy.Measure(
            record.Manifest.Meters, record.MeterReadings, window.StartSeconds, window.EndSeconds);
        ScopeEnergy? measured = HeadlineScope.Of(metered);

        // Where a model stands behind meter and steps alike, the steps are the same numbers without the meter's refresh.
        RunEnergy headline = measured is { IsEstimated: false } ? OfScope(measured, metered.CrossChecks, record, window)
            : steps.StatesEnergy ? OfSteps(steps, record.Manifest.Baselines, window)
            : measured is null ? NotMeasured(metered)
            : OfScope(measured, metered.CrossChecks, record, window);
        return headline with { ByScope = metered.Scopes.ToDictionary(scope => scope.Scope, JoulesOf) };
    }

    /// <summary>
    /// Whether every meter takes its readings from the steps. They tell nothing that the steps do not, and a long run has millions of them.
    /// </summary>
    private static bool AreFromSteps(RunRecord record) =>
        record.Manifest.Meters.Count > 0 && record.Manifest.Meters.All(meter => meter is { IsFromSteps: true, IsEstimated: true });

    /// <summary>The stretch of a run that its steps or its meters cover (s). Meters rarely begin with the run to the millisecond.</summary>
    internal static (double From, double To) Span(RunRecord record, StepWindow steps)
    {
        if (steps is { FirstSeconds: { } firstStep, StatesAnyEnergy: true })
        {
            return (firstStep, steps.LastSeconds);
        }

        MeterSeries[] meters = [.. record.Manifest.Meters
            .Select(meter => record.MeterReadings.GetValueOrDefault(meter.Name)?.NumbersOf(meter)).OfType<MeterSeries>()];
        if (steps.FirstSeconds is { } first && meters.Length == 0)
        {
            return (first, steps.LastSeconds);
        }

        double length = record.Manifest.DurationSeconds
            ?? record.Requests.Select(request => request.CompletedSeconds ?? 0).DefaultIfEmpty(0).Max();
        return meters.Length == 0
            ? (0, length)
            : (Math.Max(0, meters.Max(meter => meter.Seconds[0])), Math.Min(length, meters.Min(meter => meter.Seconds[^1])));
    }

    /// <summary>
    /// Energy between instants of the span of a record (J), from the source that <see cref="Of"/> chooses for the whole span.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <param name="steps">What its steps tell.</param>
    /// <param name="instants">The instants that will be asked for (s), in ascending order.</param>
    /// <returns><c>null</c> where the span's energy was not measured.</returns>
    internal static Func<double, double, double>? Timeline(RunRecord record, StepWindow steps, double[] instants) =>
        Timeline(record, steps, instants, Span(record, steps));

    /// <summary>
    /// Energy between instants of a stretch of a record (J), from the source that <see cref="Of"/> chooses for that stretch.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <param name="steps">What its steps tell.</param>
    /// <param name="instants">The instants that will be asked for (s), in ascending order.</param>
    /// <param name="stretch">Beginning and end of the stretch (s).</param>
    /// <returns><c>null</c> where the energy of the stretch was not measured.</returns>
    internal static Func<double, double, double>? Timeline(
        RunRecord record, StepWindow steps, double[] instants, (double From, double To) stretch)
    {
        if (steps.StatesEnergy && AreFromSteps(record))
        {
            return StepEnergy.Of(record.StreamSteps(), instants).Joules;
        }

        ScopeEnergy? measured = HeadlineScope.Of(
            WindowEnergy.Measure(record.Manifest.Meters, record.MeterReadings, stretch.From, stretch.To));
        return steps.StatesEnergy && measured is not { IsEstimated: false } ? StepEnergy.Of(record.StreamSteps(), instants).Joules
            : measured is null ? null
            : SumOf(record, measured.Readings.Select(reading => reading.Meter));
    }

    /// <summary>Energy between instants of the span of a record (J), for the shape of its power.</summary>
    /// <remarks>
    /// The energy comes from instant power where every device reports it, or else from averaged power. A cumulative counter is used only
    /// where there is neither, because a counter that is read once in two seconds shows no shape.
    /// </remarks>
    /// <inheritdoc cref="Timeline(RunRecord, StepWindow, double[])" />
    internal static Func<double, double, double>? Shape(RunRecord record, StepWindow steps, double[] instants)
    {
        Func<double, double, double>? energy = Timeline(record, steps, instants);
        if (energy is null || record.MeterReadings.Count == 0)
        {
            return energy;
        }

        MeterDescription[] counters = [.. record.Manifest.Meters
            .Where(meter => meter is { IsCounter: true, NotMeasured: null, Scope: MeterScope.Gpu or MeterScope.Module })];
        MeterDescription[] powers = [.. record.Manifest.Meters
            .Where(meter => meter is { IsCounter: false, IsEstimated: false, NotMeasured: null })
            .Where(meter => counters.Any(counter => counter.Device == meter.Device && counter.Scope == meter.Scope))
            .Where(meter => record.MeterReadings.GetValueOrDefault(meter.Name)?.NumbersOf(meter)?.Count > 1)
            .OrderBy(meter => meter.AveragingSeconds ?? 0).DistinctBy(meter => meter.Device)];
        return powers.Length == 0 || powers.Length != counters.Length ? energy : SumOf(record, powers.Select(meter => meter.Name));
    }

    /// <summary>The work of a run: that of its steps, or of its requests where a server logs no steps.</summary>
    internal static IEnumerable<PhaseWork> WorkOf(RunRecord record, StepWindow steps) =>
        steps.FirstSeconds is null ? PhaseWindow.WorkOf(record.Requests) : PhaseWindow.WorkOf(record.StreamSteps());

    /// <summary>The description of a meter of the record.</summary>
    internal static MeterDescription MeterOf(RunRecord record, string name) =>
        record.Manifest.Meters.First(meter => meter.Name == name);

    /// <summary>Energy of a meter of the record as a function of time.</summary>
    internal static EnergyCourse CourseOf(RunRecord record, string meter) =>
        EnergyCourse.Of(MeterOf(record, meter), record.MeterReadings[meter]);

    /// <summary>The result of a scope whose energy was measured.</summary>
    private static RunEnergy OfScope(
        ScopeEnergy scope, IReadOnlyList<EnergyCrossCheck> checks, RunRecord record, MeasurementWindow window)
    {
        EnergyCrossCheck[] own = [.. checks.Where(check => check.Scope == scope.Scope)];
        PeakPower peak = PeakPower.Of(scope, record, window);
        bool areCounters = scope.Readings.All(reading => MeterOf(record, reading.Meter).IsCounter);
        return new RunEnergy
        {
            Scope = scope.Scope,
            Source = areCounters ? EnergySource.Counter : EnergySource.AveragedPower,
            IsEstimated = scope.IsEstimated,
            Joules = JoulesOf(scope),
            EdgeErrorJoules = BoundOf(scope, scope.EdgeErrorJoules),
            GainErrorRatio = scope.Readings.Max(reading => reading.GainErrorRatio),
            MeanWatts = Reading.Of(scope.MeanWatts!.Value, BoundOf(scope, scope.ErrorJoules / window.LengthSeconds)),
            PeakWatts = peak.Watts,
            PeakBasis = peak.Basis,
            DynamicJoules = DynamicEnergy.AboveLoadedIdle(scope, record.Manifest.Baselines) is { } dynamic
                ? Reading.Of(dynamic.Value, BoundOf(scope, dynamic.Error))
                : NoLoadedIdle(record.Manifest.Baselines),
            CrossCheckRatio = own.Length == scope.Readings.Count
                ? (own.Sum(check => check.Averaged.Joules!.Value) / own.Sum(check => check.Counter.Joules!.Value)) - 1
                : null,
            Devices = scope.Readings,
        };
    }

    /// <summary>The result of the engine's steps, each of which states its energy.</summary>
    private static RunEnergy OfSteps(StepWindow steps, Baselines? baselines, MeasurementWindow window)
    {
        if (steps.NotMeasuredReason is { } reason)
        {
            return RunEnergy.Missing(reason);
        }

        double joules = steps.Joules;
        return new RunEnergy
        {
            Scope = MeterScope.Gpu,
            Source = EnergySource.Steps,
            IsEstimated = true,
            Joules = Reading.Of(joules),
            MeanWatts = Reading.Of(joules / window.LengthSeconds),
            PeakWatts = Reading.From(steps.PeakWatts, "no step lies in the window"),
            PeakBasis = "highest mean power of an engine step",
            DynamicJoules = baselines?.LoadedIdleWatts is { } idleWatts
                ? Reading.Of(joules - (idleWatts * window.LengthSeconds))
                : NoLoadedIdle(baselines),
        };
    }

    /// <summary>The result where neither meters nor steps give the energy, with the reasons of the scope that would have counted.</summary>
    private static RunEnergy NotMeasured(WindowEnergy metered)
    {
        ScopeEnergy? scope = HeadlineScope.Order.Select(metered.Of).OfType<ScopeEnergy>().FirstOrDefault();
        return scope is null
            ? RunEnergy.Missing("no meter was read and the engine's steps carry no energy")
            : RunEnergy.Missing(scope.NotMeasured!) with { Devices = scope.Readings };
    }

    private static Reading JoulesOf(ScopeEnergy scope) => scope.NotMeasured is { } reason
        ? Reading.Missing(reason)
        : Reading.Of(scope.Joules!.Value, BoundOf(scope, scope.ErrorJoules));

    /// <summary>
    /// The error bound of a scope; <c>null</c> where nobody knows it. The error of a power model is not known, and a meter without a stated
    /// gain error whose readings never changed has one that is not known either: no meter is exact.
    /// </summary>
    private static double? BoundOf(ScopeEnergy scope, double? bound) => scope.IsEstimated || bound is not > 0 ? null : bound;

    private static Reading NoLoadedIdle(Baselines? baselines) =>
        Reading.Missing($"loaded-idle power not measured{(baselines?.Note is { } note ? $" ({note})" : "")}");

    private static Func<double, double, double> SumOf(RunRecord record, IEnumerable<string> meters)
    {
        EnergyCourse[] courses = [.. meters.Select(meter => CourseOf(record, meter))];
        return (start, end) => courses.Sum(course => course.Joules(start, end));
    }
}
