using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Lengths;

/// <summary>Input and output lengths that are drawn independently of each other.</summary>
public sealed record IndependentLengths : LengthModel
{
    /// <summary>Distribution of the input length.</summary>
    public required LengthDistribution Input { get; init; }

    /// <summary>Distribution of the output length.</summary>
    public required LengthDistribution Output { get; init; }

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
