using GreenServe.Analysis.Grids;

namespace GreenServe.Analysis.Answers;

/// <summary>Finds the setting of an operator who turns nothing.</summary>
/// <remarks>
/// That setting has the most GPUs, the highest clock and power cap, the number format of 16 bits, the largest batch limit and chunk, and
/// the first value of every other knob. A knob that is not set has its default.
/// </remarks>
/// <param name="knobs">The knobs of the question.</param>
/// <param name="settings">Its settings, in the order of the table.</param>
internal sealed class DefaultOrder(IReadOnlyList<GridAxis> knobs, IReadOnlyList<AnswerSetting> settings)
{
    private static readonly string[] SixteenBits = ["bf16", "fp16"];

    /// <summary>The default of all settings.</summary>
    internal AnswerSetting Default => FirstOf(settings);

    /// <summary>The default with as many GPUs as a setting uses; the default of all where it is not known how many those are.</summary>
    internal AnswerSetting OfEqualSize(AnswerSetting setting) => setting.GpusUsed is { } gpus
        ? FirstOf(settings.Where(other => other.GpusUsed == gpus))
        : Default;

    private AnswerSetting FirstOf(IEnumerable<AnswerSetting> some)
    {
        IOrderedEnumerable<AnswerSetting> sorted = some.OrderByDescending(setting => setting.GpusUsed ?? 0);
        foreach (GridAxis knob in knobs)
        {
            sorted = sorted.ThenByDescending(setting => Nearness(knob, setting));
        }

        return sorted.First();
    }

    /// <summary>The higher, the nearer to the default. Values that are equally near stand in the order of the table.</summary>
    private static double Nearness(GridAxis knob, AnswerSetting setting) => setting.Text(knob) is not { } value
        ? double.PositiveInfinity
        : knob.Default switch
        {
            DefaultPlace.Highest or DefaultPlace.HighestPossible => setting.Number(knob) ?? 0,
            DefaultPlace.SixteenBits => SixteenBits.Contains(value) ? 1 : 0,
            _ => 0,
        };
}
