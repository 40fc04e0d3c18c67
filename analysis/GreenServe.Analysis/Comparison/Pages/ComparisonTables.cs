using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Verdicts;

namespace GreenServe.Analysis.Comparison.Pages;

/// <summary>The tables behind the page of a comparison.</summary>
internal static class ComparisonTables
{
    /// <summary>Name of the table of verdicts.</summary>
    internal const string Changes = "comparison-changes";

    /// <summary>Name of the table of what differs beside the results.</summary>
    internal const string Differences = "comparison-differences";

    /// <summary>Name of the table of operating points.</summary>
    internal const string Points = "comparison-points";

    /// <summary>Name of the table of INVALID runs.</summary>
    internal const string InvalidRuns = "comparison-invalid-runs";

    private static readonly Table<ChangeRow> ChangeTable = new(Changes,
    [
        new TextColumn("metric").From<ChangeRow>(row => row.Change.Metric.Metric.Name),
        StandardColumns.Evidence.From<ChangeRow>(row => row.Evidence),
        new TextColumn("point").From<ChangeRow>(row => row.Change.Point.Length > 0 ? row.Change.Point : null),
        new TextColumn("baseline_set").From<ChangeRow>(row => row.Baseline),
        new TextColumn("candidate_set").From<ChangeRow>(row => row.Candidate),
        new TextColumn("verdict").From<ChangeRow>(row => ComparisonText.Of(row.Change.Verdict)),
        new TextColumn("unit").From<ChangeRow>(row => row.Change.Metric.Metric.Unit is { Length: > 0 } unit ? unit : null),
        new NumberColumn("baseline").From<ChangeRow>(row => row.Change.Baseline),
        new NumberColumn("candidate").From<ChangeRow>(row => row.Change.Candidate),
        new NumberColumn("effect").From<ChangeRow>(row => row.Change.Effect),
        new NumberColumn("effect_low").From<ChangeRow>(row => row.Change.Low),
        new NumberColumn("effect_high").From<ChangeRow>(row => row.Change.High),
        new TextColumn("effect_is_ratio").From<ChangeRow>(row => row.Change.Metric.IsAbsolute ? "no" : "yes"),
        new NumberColumn("threshold").From<ChangeRow>(row => row.Change.Metric.Threshold),
        new NumberColumn("p_value").From<ChangeRow>(row => row.Change.PValue),
        new NumberColumn("adjusted_p_value").From<ChangeRow>(row => row.Change.AdjustedPValue),
        new NumberColumn("baseline_repetitions").From<ChangeRow>(row => row.Change.Repetitions.Baseline),
        new NumberColumn("candidate_repetitions").From<ChangeRow>(row => row.Change.Repetitions.Candidate),
        new TextColumn("reason").From<ChangeRow>(row => row.Change.Reason),
    ]);

    private static readonly Table<SetValue> DifferenceTable = new(Differences,
    [
        new TextColumn("what").From<SetValue>(row => row.What),
        new TextColumn("set").From<SetValue>(row => row.Set),
        new TextColumn("value").From<SetValue>(row => row.Value),
    ]);

    private static readonly Table<PointRow> PointTable = new(Points,
    [
        new TextColumn("point").From<PointRow>(row => row.Point),
        new TextColumn("set").From<PointRow>(row => row.Set),
        new NumberColumn("valid_runs").From<PointRow>(row => row.Valid),
        new NumberColumn("invalid_runs").From<PointRow>(row => row.Invalid),
        new TextColumn("in_every_set").From<PointRow>(row => row.IsCommon ? "yes" : "no"),
    ]);

    private static readonly Table<InvalidRow> InvalidTable = new(InvalidRuns,
    [
        StandardColumns.Run.From<InvalidRow>(row => row.Run.Name),
        new TextColumn("set").From<InvalidRow>(row => row.Set),
        StandardColumns.Verdict.From<InvalidRow>(row => row.Verdict),
    ]);

    /// <summary>Every table of a comparison. One without rows still has its columns.</summary>
    internal static IReadOnlyList<ResultTable> Of(IReadOnlyList<ComparedSet> sets) =>
    [
        ChangeTable.Of(ChangesOf(sets)), DifferenceTable.Of(DifferencesOf(sets)), PointTable.Of(PointsOf(sets)),
        InvalidTable.Of(InvalidOf(sets)),
    ];

    /// <summary>The verdicts: for each set after the first, those that matter before the others.</summary>
    internal static IReadOnlyList<ChangeRow> ChangesOf(IReadOnlyList<ComparedSet> sets) =>
    [
        .. from set in sets.Skip(1)
           let notable = ComparisonText.Notable(set.Report!).ToArray()
           from change in notable.Concat(set.Report!.Changes.Except(notable))
           select new ChangeRow(sets[0].Name, set.Name, set.Evidence, change),
    ];

    /// <summary>What differs at the points that a set has in common with the first, beside the results.</summary>
    internal static IReadOnlyList<SetValue> DifferencesOf(IReadOnlyList<ComparedSet> sets)
    {
        IReadOnlyDictionary<string, OperatingPointRuns> first = OperatingPointRuns.Group(sets[0].Runs);
        (string Set, string What, string First, string Second)[] found =
        [
            .. from set in sets.Skip(1)
               from point in OperatingPointRuns.Group(set.Runs)
               where first.ContainsKey(point.Key)
               from difference in OperatingPointRuns.Setting(first[point.Key].Manifest, point.Value.Manifest)
               select (set.Name, difference.Path[2..], difference.First, difference.Second),
        ];
        return
        [
            .. from what in found.GroupBy(one => one.What)
               let before = Join(what.Select(one => one.First))
               from set in sets
               let values = what.Where(one => one.Set == set.Name).Select(one => one.Second).ToArray()

               // A set that does not differ here has what the first has.
               select new SetValue(what.Key, set.Name, values.Length == 0 ? before : Join(values)),
        ];
    }

    /// <summary>Every operating point of every set, those that not all sets have first.</summary>
    internal static IReadOnlyList<PointRow> PointsOf(IReadOnlyList<ComparedSet> sets)
    {
        (string Set, OperatingPointRuns Point)[] all =
            [.. sets.SelectMany(set => OperatingPointRuns.Group(set.Runs).Values.Select(point => (set.Name, point)))];
        return
        [
            .. all.GroupBy(one => one.Point.Name)
                .SelectMany(point => point.Select(one => new PointRow(
                    point.Key.Length > 0 ? point.Key : "runs outside an experiment",
                    one.Set,
                    one.Point.Valid.Count,
                    one.Point.Runs.Count - one.Point.Valid.Count,
                    point.Count() == sets.Count)))
                .OrderBy(row => row.IsCommon),
        ];
    }

    /// <summary>The INVALID runs of every set.</summary>
    internal static IReadOnlyList<InvalidRow> InvalidOf(IReadOnlyList<ComparedSet> sets) =>
        [.. sets.SelectMany(set => set.Invalid.Select(run => new InvalidRow(set.Name, run)))];

    private static string Join(IEnumerable<string> values) => string.Join(" or ", values.Distinct());
}

/// <summary>A verdict on a metric of a point.</summary>
/// <param name="Baseline">Name of the first set.</param>
/// <param name="Candidate">Name of the set that is held against it.</param>
/// <param name="Evidence">Evidence kind of both.</param>
/// <param name="Change">The verdict.</param>
internal sealed record ChangeRow(string Baseline, string Candidate, string Evidence, MetricChange Change);

/// <summary>What one set has where sets differ.</summary>
/// <param name="What">What differs, for example <c>environment.server</c>.</param>
/// <param name="Set">Name of the set.</param>
/// <param name="Value">What the set has.</param>
internal sealed record SetValue(string What, string Set, string Value);

/// <summary>The runs of one set at one operating point.</summary>
/// <param name="Point">The point in words.</param>
/// <param name="Set">Name of the set.</param>
/// <param name="Valid">Valid runs.</param>
/// <param name="Invalid">INVALID runs.</param>
/// <param name="IsCommon">Whether every set has runs of the point.</param>
internal sealed record PointRow(string Point, string Set, int Valid, int Invalid, bool IsCommon);

/// <summary>A run that is in no number.</summary>
/// <param name="Set">Name of its set.</param>
/// <param name="Run">The run.</param>
internal sealed record InvalidRow(string Set, ExperimentRun Run)
{
    /// <summary>The verdict on the run, with every reason.</summary>
    internal string Verdict => new RunVerdict([.. Run.Metrics.Reasons]).ToString();
}
