using GreenServe.Records.Requests;

namespace GreenServe.Simulation.Runs;

/// <summary>
/// The lengths that stand for a request class where a single request must: half of the first cut for short ones, the geometric mean of both
/// cuts for medium ones, and twice the second cut for long ones.
/// </summary>
internal static class TypicalLengths
{
    /// <summary>Input and output length of a typical request, in tokens.</summary>
    /// <param name="requestClass">Class of the request.</param>
    /// <param name="cuts">Lengths at which classes begin.</param>
    internal static (int InputTokens, int OutputTokens) Of(RequestClass requestClass, RequestClassCuts cuts) => (
        Length(requestClass.Input, cuts.MediumInputTokens, cuts.LongInputTokens),
        Length(requestClass.Output, cuts.MediumOutputTokens, cuts.LongOutputTokens));

    private static int Length(LengthBand band, int medium, int @long) => band switch
    {
        LengthBand.Short => Math.Max(1, medium / 2),
        LengthBand.Medium => (int)Math.Sqrt((double)medium * @long),
        _ => 2 * @long,
    };
}
