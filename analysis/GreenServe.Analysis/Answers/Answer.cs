using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Answers;

/// <summary>
/// The question of the suite, answered for one combination of inputs: for these inputs, this model and this SLO, which setting of the
/// knobs takes the least energy of an output token, and what does it save against the default?
/// </summary>
/// <remarks>Settings that break the SLO or have no number are no candidates.</remarks>
internal sealed class Answer
{
    private readonly ResultTable table;
    private readonly TableRow[] rows;
    private readonly IReadOnlyList<GridAxis> asked;
    private readonly DefaultOrder? defaults;
    private readonly AnswerEdges edges;

    /// <param name="id">Name of the question.</param>
    /// <param name="table">The table of the grid.</param>
    /// <param name="rows">The rows of the question; at least two.</param>
    /// <param name="knobs">What varies among its settings.</param>
    /// <param name="asked">The other axes, which say what is asked.</param>
    /// <param name="chosen">The role of what varies: knobs, or subjects where no knob does.</param>
    internal Answer(
        string id, ResultTable table, TableRow[] rows, IReadOnlyList<GridAxis> knobs, IReadOnlyList<GridAxis> asked, AxisRole chosen)
    {
        (Id, this.table, this.rows, this.asked, Knobs, Chosen) = (id, table, rows, asked, knobs, chosen);
        HasSlo = rows[0][StandardColumns.SloProfile] is not null || rows.Any(row => row[MetricColumns.SloFeasible.Mean] is not null);
        Settings = [.. rows.Select(row => new AnswerSetting(table, row, knobs, HasSlo))];
        Candidates = [.. Settings.Where(setting => setting.IsCandidate)];
        defaults = chosen == AxisRole.Subject ? null : new DefaultOrder(knobs, Settings);
        Default = defaults?.Default;
        AnswerSetting? least = Candidates.MinBy(setting => setting.JoulesPerOutputToken.Mean);

        // Of settings that take the same, the default is named: nobody need turn a knob for nothing.
        Best = least is null ? null : new[] { Default, DefaultOf(least) }.OfType<AnswerSetting>().FirstOrDefault(
            setting => setting.IsCandidate && setting.JoulesPerOutputToken.Mean == least.JoulesPerOutputToken.Mean) ?? least;
        DefaultOfEqualSize = Best is null ? null : DefaultOf(Best);
        SavingAtEqualSize = Best is { } own && DefaultOfEqualSize is { } equal ? EnergySaving.Of(own, equal) : null;
        SavingWithFewerGpus = Best is { GpusUsed: { } used } best && Default is { GpusUsed: { } all } whole && all > used
            ? EnergySaving.Of(best, whole)
            : null;
        Probability = Best is null
            ? null
            : AnswerSetting.ProbabilitiesOfLeast(Candidates)?[Candidates.Index().First(pair => pair.Item == Best).Index];
        Tied = Best is not null && Candidates.All(setting => setting.JoulesPerOutputToken.Low is not null)
            ? [.. Candidates.Where(setting => setting != Best && IsTied(setting, Best))]
            : null;
        edges = new AnswerEdges(knobs, Settings);
        VariesPrecision = Settings.Select(setting => setting.Precision).Distinct().Count() > 1;
    }

    /// <summary>
    /// The artifacts that answer, the most telling one first: it asks the suite's whole question. The others vary one knob or state no SLO.
    /// </summary>
    internal static IReadOnlyList<string> Preferred { get; } =
        ["slo-heatmap", "slo-tightness", "clock-batch", "gpu-clock", "tensor-parallelism", "power-cap"];

    /// <summary>Name of the question: that of its artifact and a number from 1, in the order of the table.</summary>
    internal string Id { get; }

    /// <summary>The artifact that answers.</summary>
    internal string Artifact => table.Name;

    /// <summary>What varies among the settings.</summary>
    internal IReadOnlyList<GridAxis> Knobs { get; }

    /// <summary>
    /// The role of what varies: knobs, or subjects such as models where no knob does. Among subjects there is no default.
    /// </summary>
    internal AxisRole Chosen { get; }

    /// <summary>What varies in words, for example <c>tensor parallelism and GPU clock</c>.</summary>
    internal string KnobWords => Knobs.Count == 1
        ? Knobs[0].Words
        : $"{string.Join(", ", Knobs.SkipLast(1).Select(knob => knob.Words))} and {Knobs[^1].Words}";

    /// <summary>
    /// What tells the question from the others of its table, for example <c>SS, low load</c>; empty where it is the only one.
    /// </summary>
    internal string Label => string.Join(", ", Words(asked).Select(part => part.Words));

    /// <summary>
    /// The inputs that the answer is for, for example <c>SS, low load</c>; empty where the experiment varies knobs alone.
    /// </summary>
    internal string Inputs => string.Join(", ", InputParts.Select(part => part.Words));

    /// <summary>The inputs one by one, each with its axis.</summary>
    internal IReadOnlyList<(GridAxis Axis, string Words)> InputParts =>
        [.. Words(asked.Where(axis => !GridQuestions.SetupColumns.Contains(axis as Column)))];

    /// <summary>Whether an SLO is stated.</summary>
    internal bool HasSlo { get; }

    /// <summary>The limits of the SLO in words; <c>null</c> where there is none, or the table does not tell.</summary>
    internal string? SloLimits => table.Has(StandardColumns.SloLimits) ? rows[0][StandardColumns.SloLimits] : null;

    /// <summary>Every setting, in the order of the table.</summary>
    internal IReadOnlyList<AnswerSetting> Settings { get; }

    /// <summary>The settings that keep the SLO and have a number.</summary>
    internal IReadOnlyList<AnswerSetting> Candidates { get; }

    /// <summary>The setting of least energy of an output token; <c>null</c> where no setting is a candidate.</summary>
    internal AnswerSetting? Best { get; }

    /// <summary>The setting of an operator who turns nothing; <c>null</c> where subjects are compared.</summary>
    internal AnswerSetting? Default { get; }

    /// <summary>The default with as many GPUs as the best setting uses; <c>null</c> where one of them is not there.</summary>
    internal AnswerSetting? DefaultOfEqualSize { get; }

    /// <summary>What the best setting saves against the default with as many GPUs; <c>null</c> where one of them has no number.</summary>
    internal EnergySaving? SavingAtEqualSize { get; }

    /// <summary>
    /// What the best setting saves against the default of all settings, where that uses more GPUs; <c>null</c> where it does not, or where
    /// one of them has no number. It is real only if the GPUs that are left are off or serve something else.
    /// </summary>
    internal EnergySaving? SavingWithFewerGpus { get; }

    /// <summary>
    /// The probability that no other candidate uses less, from the spread between runs alone; <c>null</c> where one of them ran once.
    /// </summary>
    internal double? Probability { get; }

    /// <summary>
    /// The other candidates that cannot be told apart from the best one: the interval between runs of the ratio holds 1, or they differ by
    /// less than 0.5 %. <c>null</c> where a candidate ran once, so that nothing can be told.
    /// </summary>
    internal IReadOnlyList<AnswerSetting>? Tied { get; }

    /// <summary>The knobs whose best value lies on the edge of what was tried; empty without a best setting.</summary>
    internal IReadOnlyList<GridEdge> Edges => Best is null ? [] : EdgesOf(Best);

    /// <summary>Whether the settings differ in the number format of the weights, whatever the axis that sets it is called.</summary>
    internal bool VariesPrecision { get; }

    /// <summary>The parts of the workload that the experiment changes, as paths such as <c>lengths.input.tokens</c>.</summary>
    internal IReadOnlyList<string> WorkloadChanges => !table.Has(StandardColumns.WorkloadChanges)
        ? []
        : [.. rows.Select(row => row[StandardColumns.WorkloadChanges]).OfType<string>().SelectMany(text => text.Split(", ")).Distinct()];

    /// <summary>The knobs of which a setting has the lowest or the highest number that was tried.</summary>
    internal IReadOnlyList<GridEdge> EdgesOf(AnswerSetting setting) => edges.Of(setting);

    /// <summary>The default with as many GPUs as a setting uses; <c>null</c> where subjects are compared.</summary>
    internal AnswerSetting? DefaultOf(AnswerSetting setting) => defaults?.OfEqualSize(setting);

    /// <summary>
    /// Text of one of the columns that identify the system and the workload; several where the settings differ in it, and <c>null</c> where
    /// it is not known.
    /// </summary>
    internal string? Of(TextColumn column)
    {
        string[] values = [.. rows.Select(row => row[column]).OfType<string>().Distinct()];
        return values.Length > 0 ? string.Join(", ", values) : null;
    }

    /// <summary>The answers of every table of a grid, the most telling artifact first.</summary>
    /// <param name="tables">Main tables of artifacts. Those of no grid answer nothing.</param>
    internal static IReadOnlyList<Answer> AllOf(IEnumerable<ResultTable> tables) => [.. tables
        .OrderBy(table => Preferred.TakeWhile(name => name != table.Name).Count())
        .SelectMany(GridQuestions.Of)];

    private IEnumerable<(GridAxis Axis, string Words)> Words(IEnumerable<GridAxis> axes) =>
        axes.Where(axis => rows[0].Text(axis) is not null).Select(axis => (axis, axis.InWords(rows[0].Text(axis))));

    private static bool IsTied(AnswerSetting other, AnswerSetting best) =>
        Math.Log(other.JoulesPerOutputToken.Mean!.Value / best.JoulesPerOutputToken.Mean!.Value)
            <= Math.Max(EnergySaving.HalfWidthRatioBetween(best, other) ?? 0, Math.Log(1 + ObjectiveNumbers.EqualShare));
}
