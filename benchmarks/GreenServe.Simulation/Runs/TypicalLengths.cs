using GreenServe.Records.Requests;

namespace GreenServe.Simulation.Runs;

/// <summary>The lengths that stand for a class where a single request must: half of the first cut, the geometric mean of both, twice the second.</summary>
public static class TypicalLengths
{
    /// <summary>Input and output length (tokens) of a typical request of a class.</summary>
    public static (int InputTokens, int OutputTokens) Of(RequestClass requestClass, RequestClassCuts cuts) => (
        Length(requestClass.Input, cuts.MediumInputTokens, cuts.LongInputTokens),
        Length(requestClass.Output, cuts.MediumOutputTokens, cuts.LongOutputTokens));

    private static int Length(LengthBand band, int medium, int @long) => band switch
    {
        LengthBand.Short => Math.Max(1, medium / 2),
        LengthBand.Medium => (int)Math.Sqrt((double)medium * @long),
        _ => 2 * @long,
    };
}
