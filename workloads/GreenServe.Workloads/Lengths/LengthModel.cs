using System.Text.Json.Serialization;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Lengths;

/// <summary>Input and output lengths of requests, drawn independently or together.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(IndependentLengths), "independent")]
[JsonDerivedType(typeof(ClassMixLengths), "class_mix")]
[JsonDerivedType(typeof(TraceLengths), "trace")]
[JsonDerivedType(typeof(DatasetLengths), "dataset")]
public abstract record LengthModel
{
    private protected LengthModel()
    {
    }

    /// <summary>Whether outputs end by themselves. Their drawn lengths are then limits.</summary>
    internal virtual bool HasNaturalOutputs => false;

    /// <summary>
    /// An endless series of the lengths of one request after the other (tokens). A trace begins again at its end.
    /// </summary>
    internal abstract IEnumerable<(int InputTokens, int OutputTokens)> Lengths(ScheduleSources sources);
}
