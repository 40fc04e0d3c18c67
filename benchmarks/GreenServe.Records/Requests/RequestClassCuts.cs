using System.ComponentModel.DataAnnotations;
using GreenServe.Records.Documents;

namespace GreenServe.Records.Requests;

/// <summary>Where short ends and long begins. Configuration, not constants: no public trace has these tertiles.</summary>
/// <remarks>Defaults: DynamoLLM (arXiv 2408.00741), Table IV, second-hand.</remarks>
public sealed record RequestClassCuts : IChecked
{
    /// <summary>Inputs below this many tokens are short.</summary>
    /// <value>At least 1; default 256.</value>
    [Range(1, int.MaxValue)]
    public int MediumInputTokens { get; init; } = 256;

    /// <summary>Inputs of at least this many tokens are long.</summary>
    /// <value>At least 1; default 1024.</value>
    [Range(1, int.MaxValue)]
    public int LongInputTokens { get; init; } = 1024;

    /// <summary>Outputs below this many tokens are short.</summary>
    /// <value>At least 1; default 100.</value>
    [Range(1, int.MaxValue)]
    public int MediumOutputTokens { get; init; } = 100;

    /// <summary>Outputs of at least this many tokens are long.</summary>
    /// <value>At least 1; default 350.</value>
    [Range(1, int.MaxValue)]
    public int LongOutputTokens { get; init; } = 350;

    /// <summary>The class of a request with these lengths (tokens).</summary>
    public RequestClass Classify(int inputTokens, int outputTokens) =>
        new(Band(inputTokens, MediumInputTokens, LongInputTokens), Band(outputTokens, MediumOutputTokens, LongOutputTokens));

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (LongInputTokens <= MediumInputTokens)
        {
            yield return new Problem("$.long_input_tokens", LongInputTokens, $"more than medium_input_tokens ({MediumInputTokens})");
        }

        if (LongOutputTokens <= MediumOutputTokens)
        {
            yield return new Problem("$.long_output_tokens", LongOutputTokens, $"more than medium_output_tokens ({MediumOutputTokens})");
        }
    }

    private static LengthBand Band(int tokens, int medium, int @long) =>
        tokens < medium ? LengthBand.Short : tokens < @long ? LengthBand.Medium : LengthBand.Long;
}
