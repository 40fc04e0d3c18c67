using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Grids;

namespace GreenServe.Analysis.Answers;

/// <summary>Finds the knobs whose best value lies on the edge of what was tried.</summary>
internal static class AnswerEdges
{
    /// <summary>The knobs with at least two numbers of which the setting has the lowest or the highest.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="best">Its setting of least energy.</param>
    internal static IReadOnlyList<GridEdge> Of(Answer answer, AnswerSetting best) =>
        [.. answer.Knobs.Select(knob => EdgeOf(answer, best, knob)).OfType<GridEdge>()];

    private static GridEdge? EdgeOf(Answer answer, AnswerSetting best, GridAxis knob)
    {
        double[] tried = [.. answer.Settings.Select(setting => setting.Number(knob)).OfType<double>().Distinct().Order()];
        if (tried.Length < 2 || best.Number(knob) is not { } value || (value > tried[0] && value < tried[^1]))
        {
            return null;
        }

        bool isHighest = value >= tried[^1];

        // A knob that is not set has the highest value there is.
        bool isUnsetTried = isHighest && answer.Settings.Any(setting => setting.Text(knob) is null);
        bool isLimit = isHighest
            ? isUnsetTried || value >= knob.HighestPossible || UsesEveryGpu(best, knob)
            : value <= knob.LowestPossible;
        return new GridEdge(knob.Name, ValueOf(knob, best.Text(knob)!), isHighest, isLimit);
    }

    /// <summary>Whether a higher tensor parallelism would need more GPUs than the system has.</summary>
    private static bool UsesEveryGpu(AnswerSetting best, GridAxis knob) =>
        knob.Equals(GridAxes.TensorParallelism) && best.GpusUsed is { } used && best.GpusOfSystem is { } all && used >= all;

    /// <summary>
    /// A value beside the name of its knob, for example <c>1200 MHz</c>, or the number alone where its words name the knob.
    /// </summary>
    private static string ValueOf(GridAxis knob, string value) =>
        knob.NameOf(value) is var words && words.StartsWith(knob.Words, StringComparison.Ordinal) ? value : words;
}
