using System.Text.Json.Serialization;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Lengths;

/// <summary>
/// The lengths of the workload's dataset. A prompt is as long as its text. An output is as long as the dataset says, or as its own answer.
/// </summary>
public sealed record DatasetLengths : LengthModel
{
    /// <summary>Distribution of the output length; <c>null</c> takes the lengths of the dataset.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LengthDistribution? Output { get; init; }

    /// <inheritdoc />
    internal override bool HasNaturalOutputs => Output is NaturalLength;

    /// <inheritdoc />
    /// <remarks>An input length of 0 stands for that of the text, and an output length of 0 for that of the dataset.</remarks>
    internal override IEnumerable<(int InputTokens, int OutputTokens)> Lengths(ScheduleSources sources)
    {
        RandomSequence random = sources.Random(RandomNames.Output);
        while (true)
        {
            yield return (0, Output?.Draw(random) ?? 0);
        }
    }
}
