using System.Globalization;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Answers;

/// <summary>One setting of the knobs with the numbers of its runs: a row of the table of a grid.</summary>
internal sealed class AnswerSetting
{
    // In the column of invalid repetitions, as in "saturated: the queue grew".
    private const string BeforeMessage = ": ";

    private readonly ResultTable table;
    private readonly TableRow row;
    private readonly IReadOnlyList<GridAxis> knobs;
    private readonly bool hasSlo;

    /// <param name="table">The table of the grid.</param>
    /// <param name="row">The row of the setting.</param>
    /// <param name="knobs">What the question varies.</param>
    /// <param name="hasSlo">Whether the question states an SLO.</param>
    internal AnswerSetting(ResultTable table, TableRow row, IReadOnlyList<GridAxis> knobs, bool hasSlo)
    {
        (this.table, this.row, this.knobs, this.hasSlo) = (table, row, knobs, hasSlo);
        Words = string.Join(", ", knobs.Select(knob => knob.InWords(row.Text(knob))));
        JoulesPerOutputToken = Of(MetricColumns.JoulesPerOutputToken);
        JoulesPerRequest = Of(MetricColumns.JoulesPerRequest);
    }

    /// <summary>The energy that is to be least.</summary>
    internal static MetricColumn Objective => MetricColumns.JoulesPerOutputToken;

    /// <summary>
    /// The setting in words, for example <c>TP 4, 1200 MHz</c>. Names in it are as records state them; it is not escaped.
    /// </summary>
    internal string Words { get; }

    /// <summary>Hardware in words, for example <c>8 x H100-80GB-SXM</c>; <c>null</c> where it is not known.</summary>
    internal string? System => row[StandardColumns.System];

    /// <summary>Number of accelerators of the system; <c>null</c> where its name does not tell, or it has several kinds.</summary>
    internal int? GpusOfSystem => System?.Split(" x ") is [var count, _]
        && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int gpus)
            ? gpus
            : null;

    /// <summary>Number format of the weights; <c>null</c> where it is not known.</summary>
    internal string? Precision => OptionalText(StandardColumns.Precision);

    /// <summary>Number of accelerators that serve; <c>null</c> where it is not known.</summary>
    internal int? GpusUsed => (int?)row[GridColumns.GpusUsed];

    /// <summary>Valid runs.</summary>
    internal int Repetitions => (int)(row[GridColumns.Repetitions] ?? 0);

    /// <summary>Completed requests behind the latencies, over all valid runs and without those of the warm-up.</summary>
    internal long Requests => (long)(row[GridColumns.RequestsMeasured] ?? 0);

    /// <summary>Energy of an output token (J).</summary>
    internal MetricValue JoulesPerOutputToken { get; }

    /// <summary>Energy of a request (J).</summary>
    internal MetricValue JoulesPerRequest { get; }

    /// <summary>Whether every limit of the SLO holds; <c>null</c> without an SLO, and where a limit could not be tested.</summary>
    internal bool? KeepsSlo => !hasSlo ? null
        : OverloadedRuns > 0 ? false
        : row[MetricColumns.SloFeasible.Mean] is { } kept ? kept == 1 : null;

    /// <summary>Largest latency over its limit; <c>null</c> where none was tested.</summary>
    internal double? WorstRatio => row[MetricColumns.SloWorstRatio.Mean];

    /// <summary>The latency found at each limit of the SLO, in words; <c>null</c> where none was tested.</summary>
    internal string? SloFound => OptionalText(StandardColumns.SloFound);

    /// <summary>The limits that hold and may be missed within the simulator's error band, in words; empty where there are none.</summary>
    internal IReadOnlyList<string> SloAtRisk => OptionalText(StandardColumns.SloAtRisk)?.Split("; ") ?? [];

    /// <summary>Emissions of a million output tokens (gCO2e); <c>null</c> where no grid was stated or they are not known.</summary>
    internal double? GramsPerMillionTokens => OptionalNumber(MetricColumns.GramsPerMillionTokens.Mean);

    /// <summary>Cost of a million output tokens; <c>null</c> where no price was stated or it is not known.</summary>
    internal double? CostPerMillionTokens => OptionalNumber(MetricColumns.CostPerMillionTokens.Mean);

    /// <summary>Currency of the cost; <c>null</c> where no price was stated.</summary>
    internal string? Currency => OptionalText(GridColumns.Currency);

    /// <summary>Why the simulated numbers lie outside of what was validated; <c>null</c> where they lie within, or are measured.</summary>
    internal string? Extrapolated => OptionalText(StandardColumns.Extrapolated);

    /// <summary>
    /// Why the setting is no candidate for the least, in the words that settings are counted by, for example <c>break the SLO</c>;
    /// <c>null</c> where it is one.
    /// </summary>
    internal string? NoCandidateKind =>
        Repetitions == 0 ? $"have no valid run{(InvalidReasons.Count > 0 ? $" ({string.Join(", ", InvalidReasons.Select(CodeOf))})" : "")}"
        : OverloadedRuns > 0 ? "did not carry the load in every run"
        : JoulesPerOutputToken.Mean is not > 0 ? "have no energy"
        : hasSlo && KeepsSlo is null ? "could not be held against the SLO"
        : KeepsSlo == false ? "break the SLO"
        : null;

    /// <summary>Why the setting answers no question, whatever the limits; <c>null</c> where it has numbers to answer with.</summary>
    internal string? UnusableReason =>
        Repetitions == 0 ? $"no valid run{(InvalidReasons.Count > 0 ? $" ({string.Join("; ", InvalidReasons)})" : "")}"
        : OverloadedRuns > 0 ? FormattableString.Invariant(
            $"it did not carry the load in {OverloadedRuns} of {Repetitions + (int)(row[GridColumns.InvalidRepetitions] ?? 0)} runs")
        : JoulesPerOutputToken.Mean is not > 0 ? "its energy was not measured"
        : null;

    /// <summary>Why the setting is no candidate for the least, with what was found; <c>null</c> where it is one.</summary>
    internal string? NoCandidateReason => UnusableReason
        ?? (hasSlo && KeepsSlo is null ? "its latencies could not be held against the SLO"
        : KeepsSlo == false ? "it breaks the SLO"
        : null);

    /// <summary>The energy of an output token in each valid run, by its seed (J); empty where none was measured.</summary>
    internal IReadOnlyDictionary<ulong, double> JoulesBySeed => SeedValues.JoulesPerOutputToken.Of(row);

    /// <summary>Whether it keeps the SLO, if there is one, and has an energy.</summary>
    internal bool IsCandidate => NoCandidateReason is null;

    /// <summary>The value of a knob as text; <c>null</c> where it is not set.</summary>
    internal string? Text(GridAxis knob) => row.Text(knob);

    /// <summary>The value of a knob as a number; <c>null</c> where it is text or not set.</summary>
    internal double? Number(GridAxis knob) => row.Number(knob);

    /// <summary>A metric with everything that says how sure it is.</summary>
    internal MetricValue Of(MetricColumn metric)
    {
        (double? low, double? high) = metric.BandOf(row, table);
        return new MetricValue(row[metric.Mean], row[metric.Low], row[metric.High], low, high);
    }

    /// <summary>
    /// The probability of each setting to take the least energy of an output token, in [0, 1]; <c>null</c> where one of them ran once.
    /// Settings are compared in pairs of equal seeds, where they have at least two in common.
    /// </summary>
    /// <param name="candidates">The settings, each with an energy; at least one.</param>
    internal static IReadOnlyList<double>? ProbabilitiesOfLeast(IReadOnlyList<AnswerSetting> candidates) =>
        SeedValues.JoulesPerOutputToken.ProbabilitiesOfLeast([.. candidates.Select(setting => setting.row)]);

    /// <summary>
    /// Half the width of the interval of the ratio of two settings, in pairs of equal seeds, as a share of the ratio; <c>null</c> where
    /// they have fewer than two seeds in common, or an energy was not measured.
    /// </summary>
    internal double? PairedHalfWidthRatio(AnswerSetting other) =>
        SeedValues.JoulesPerOutputToken.RatioOf(row, other.row) is { HalfWidth: { } half, Mean: var ratio } ? half / ratio : null;

    /// <summary>Runs whose load the setting did not carry. They are no valid runs.</summary>
    private int OverloadedRuns => (int)(row[GridColumns.OverloadedRepetitions] ?? 0);

    /// <summary>The first reason of each kind for which runs were left out. The repetitions of a setting often tell the same.</summary>
    private IReadOnlyList<string> InvalidReasons =>
    [
        .. (row[StandardColumns.Invalid] ?? "").Split("; ", StringSplitOptions.RemoveEmptyEntries)
            .Where(reason => reason.Contains(BeforeMessage, StringComparison.Ordinal)).DistinctBy(CodeOf),
    ];

    private static string CodeOf(string reason) => reason[..reason.IndexOf(BeforeMessage, StringComparison.Ordinal)];

    private double? OptionalNumber(NumberColumn column) => table.Has(column) ? row[column] : null;

    private string? OptionalText(TextColumn column) => table.Has(column) ? row[column] : null;
}
