using System.Text.Json.Serialization;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Lengths;

/// <summary>Input and output lengths of requests, apart or joint.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(IndependentLengths), "independent")]
[JsonDerivedType(typeof(ClassMixLengths), "class_mix")]
[JsonDerivedType(typeof(TraceLengths), "trace")]
public abstract record LengthModel
{
    private protected LengthModel()
    {
    }

    /// <summary>Lengths of request after request, without end (a trace begins again).</summary>
    internal abstract IEnumerable<(int InputTokens, int OutputTokens)> Lengths(ScheduleSources sources);
}
