using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Lengths;

/// <summary>Input and output lengths that are drawn independently of each other.</summary>
public sealed record IndependentLengths : LengthModel, IChecked
{
    /// <summary>Distribution of the input length.</summary>
    public required LengthDistribution Input { get; init; }

    /// <summary>Distribution of the output length.</summary>
    public required LengthDistribution Output { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (Input is NaturalLength)
        {
            yield return new Problem("$.input.kind", "natural", "a stated length, since only an output can end by itself");
        }
    }

    /// <inheritdoc />
    internal override bool HasNaturalOutputs => Output is NaturalLength;

    internal override IEnumerable<(int InputTokens, int OutputTokens)> Lengths(ScheduleSources sources)
    {
        RandomSequence input = sources.Random(RandomNames.Input);
        RandomSequence output = sources.Random(RandomNames.Output);
        while (true)
        {
            yield return (Input.Draw(input), Output.Draw(output));
        }
    }
}
