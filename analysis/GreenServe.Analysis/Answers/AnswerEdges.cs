using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Grids;

namespace GreenServe.Analysis.Answers;

/// <summary>Finds the knobs of a setting whose value lies on the edge of what a question tried.</summary>
internal sealed class AnswerEdges
{
    private readonly TriedNumbers[] knobs;

    /// <param name="knobs">The knobs of the question.</param>
    /// <param name="settings">Every setting that was tried.</param>
    internal AnswerEdges(IReadOnlyList<GridAxis> knobs, IReadOnlyList<AnswerSetting> settings) =>
        this.knobs = [.. knobs.Select(knob => TriedNumbers.Of(knob, settings)).OfType<TriedNumbers>()];

    /// <summary>The knobs with at least two numbers of which a setting has the lowest or the highest.</summary>
    /// <param name="setting">A setting of the question.</param>
    internal IReadOnlyList<GridEdge> Of(AnswerSetting setting) => [.. knobs.Select(knob => EdgeOf(setting, knob)).OfType<GridEdge>()];

    private static GridEdge? EdgeOf(AnswerSetting setting, TriedNumbers tried)
    {
        GridAxis knob = tried.Knob;
        if (setting.Number(knob) is not { } value || (value > tried.Ascending[0] && value < tried.Ascending[^1]))
        {
            return null;
        }

        // A knob that is not set has the highest value there is.
        bool isHighest = value >= tried.Ascending[^1];
        bool isLimit = isHighest
            ? tried.HasUnset || value >= knob.HighestPossible || UsesEveryGpu(setting, knob)
            : value <= knob.LowestPossible;
        return new GridEdge(knob.Name, ValueOf(knob, setting.Text(knob)!), isHighest, isLimit);
    }

    /// <summary>Whether a higher tensor parallelism would need more GPUs than the system has.</summary>
    private static bool UsesEveryGpu(AnswerSetting setting, GridAxis knob) =>
        knob.Equals(GridAxes.TensorParallelism) && setting.GpusUsed is { } used && setting.GpusOfSystem is { } all && used >= all;

    /// <summary>
    /// A value beside the name of its knob, for example <c>1200 MHz</c>, or the number alone where its words name the knob.
    /// </summary>
    private static string ValueOf(GridAxis knob, string value) =>
        knob.NameOf(value) is var words && words.StartsWith(knob.Words, StringComparison.Ordinal) ? value : words;

    /// <summary>The numbers of one knob that were tried.</summary>
    /// <param name="Knob">The knob.</param>
    /// <param name="Ascending">The numbers, each once and the lowest first; at least two.</param>
    /// <param name="HasUnset">Whether a setting leaves the knob unset.</param>
    private sealed record TriedNumbers(GridAxis Knob, double[] Ascending, bool HasUnset)
    {
        /// <summary>The numbers of a knob; <c>null</c> where fewer than two were tried.</summary>
        internal static TriedNumbers? Of(GridAxis knob, IReadOnlyList<AnswerSetting> settings)
        {
            double[] numbers = [.. settings.Select(setting => setting.Number(knob)).OfType<double>().Distinct().Order()];
            return numbers.Length < 2
                ? null
                : new TriedNumbers(knob, numbers, settings.Any(setting => setting.Text(knob) is null));
        }
    }
}
