using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>Finds out whether loads can be fitted together, and what they lack.</summary>
internal static class LoadChecks
{
    /// <summary>
    /// Ratio of two measurements of the same load from which they contradict each other. No server is twice as fast as itself.
    /// </summary>
    private const double ContradictionRatio = 2;

    /// <summary>Ratio of two measurements of the same load from which the difference is worth a note.</summary>
    private const double DoubtRatio = 1.25;

    /// <summary>Number of different operating points among loads.</summary>
    internal static int PointsOf(IEnumerable<ObservedLoad> loads) => loads.Select(load => load.OperatingPoint).Distinct().Count();

    /// <summary>Every reason why the loads cannot be fitted together; empty if they can.</summary>
    /// <param name="loads">All loads, held-out ones included.</param>
    /// <param name="fitted">Those that constants are to be fitted to.</param>
    internal static IEnumerable<Problem> Problems(IReadOnlyList<ObservedLoad> loads, IReadOnlyList<ObservedLoad> fitted)
    {
        foreach ((string what, Func<ObservedLoad, string> key) in new (string, Func<ObservedLoad, string>)[]
        {
            ("gpu", load => load.System.Gpu.Name),
            ("engine", load => load.System.Engine.Name),
            ("precision", load => EnumText.Of(load.System.Precision)),
        })
        {
            string[] values = [.. loads.Select(key).Distinct(StringComparer.Ordinal)];
            if (values.Length > 1)
            {
                yield return new Problem(what, string.Join(" and ", values), "the same in all records and points: fit each apart");
            }
        }

        int marked = PointsOf(loads.Where(load => load.Measured.Line is not null && !load.MayBeFitted));
        if (PointsOf(fitted) is var points && points < TwinCalibration.MinOperatingPoints && marked > 0)
        {
            yield return new Problem(
                "split",
                $"{points} operating points to fit to, and {marked} marked {MeasuredPoint.ValidationSplit}",
                $"at least {TwinCalibration.MinOperatingPoints} to fit to: rows whose split begins with {MeasuredPoint.CalibrationSplit}");
        }
        else if (points < TwinCalibration.MinOperatingPoints)
        {
            yield return new Problem(
                "records",
                $"{points} operating points to fit to, of {PointsOf(loads)}",
                $"at least {TwinCalibration.MinOperatingPoints} that were measured and may be fitted to: add loads, such as 1, 8 and 32 "
                + "users, with short and with long prompts");
        }

        if (fitted.Count > 0 && fitted.All(load => load.Measured is { TbtSeconds: null, OutputTokensPerSecond: null }))
        {
            yield return new Problem("records", "no time between tokens and no throughput", "at least one of them measured");
        }

        foreach ((ObservedLoad first, ObservedLoad second, PointMetric metric, double ratio) in Pairs(fitted))
        {
            if (ratio >= ContradictionRatio)
            {
                yield return new Problem(
                    "records",
                    $"{first.Name} and {second.Name} were measured alike, but their {EnumText.Of(metric)} differs "
                        + FormattableString.Invariant($"{ratio:F1} times"),
                    "records of one server: leave out the wrong one");
            }
        }
    }

    /// <summary>What the fitted loads lack or leave in doubt, one sentence each.</summary>
    internal static IEnumerable<string> Notes(IReadOnlyList<ObservedLoad> fitted, IReadOnlyList<RunRecord> records)
    {
        List<string> notes = [];
        RecordLoads.Note(
            notes,
            [.. records.Where(IsEstimated).Select(record => RecordReplay.Describe(record).Id)],
            "have estimated power, which is not fitted to");
        ObservedLoad[] unmetered = [.. fitted.Where(load => !load.IsMetered)];
        if (unmetered.Length == fitted.Count)
        {
            notes.Add("power constants were left as they were: no record or point has measured power");
        }
        else
        {
            RecordLoads.Note(
                notes, [.. unmetered.Select(load => load.Name)], "or points have no measured power, and only their times are fitted to");
        }

        notes.AddRange(Pairs(fitted).Where(pair => pair.Ratio is >= DoubtRatio and < ContradictionRatio).Select(pair =>
            $"{pair.First.Name} and {pair.Second.Name} were measured alike, but their {EnumText.Of(pair.Metric)} differs "
                + FormattableString.Invariant($"{pair.Ratio:F2} times")));
        return notes;
    }

    private static bool IsEstimated(RunRecord record) =>
        record.Manifest.Evidence == EvidenceKind.Estimated
        || record.Manifest.Meters.Any(meter => meter is { Scope: MeterScope.Gpu, NotMeasured: null, IsEstimated: true });

    /// <summary>The loads with the lowest and the highest value of a metric among those that were measured alike.</summary>
    private static IEnumerable<(ObservedLoad First, ObservedLoad Second, PointMetric Metric, double Ratio)> Pairs(
        IReadOnlyList<ObservedLoad> loads) =>
        from alike in loads.GroupBy(load => load.Likeness)
        where alike.Count() > 1
        from metric in new[] { PointMetric.Tbt, PointMetric.Watts }
        let ordered = alike.Where(load => load.Measured.Value(metric) is not null).OrderBy(load => load.Measured.Value(metric)).ToArray()
        where ordered.Length > 1
        select (ordered[0], ordered[^1], metric, ordered[^1].Measured.Value(metric)!.Value / ordered[0].Measured.Value(metric)!.Value);
}
