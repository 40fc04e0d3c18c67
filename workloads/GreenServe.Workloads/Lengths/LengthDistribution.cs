using System.Text.Json.Serialization;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Lengths;

/// <summary>How long inputs or outputs are (tokens).</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FixedLength), "fixed")]
[JsonDerivedType(typeof(UniformLength), "uniform")]
[JsonDerivedType(typeof(NormalLength), "normal")]
[JsonDerivedType(typeof(LognormalLength), "lognormal")]
[JsonDerivedType(typeof(QuantileLength), "quantiles")]
[JsonDerivedType(typeof(NaturalLength), "natural")]
public abstract record LengthDistribution
{
    private protected LengthDistribution()
    {
    }

    /// <summary>Shortest length that the distribution can give (tokens), at least 1.</summary>
    public abstract int ShortestTokens();

    /// <summary>Longest length that the distribution can give (tokens).</summary>
    public abstract int LongestTokens();

    /// <summary>Draws a length (tokens). It consumes the same number of random numbers whatever the parameters are.</summary>
    internal abstract int Draw(RandomSequence random);
}
