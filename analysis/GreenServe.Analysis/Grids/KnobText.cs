using System.Globalization;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Analysis.Grids;

/// <summary>The words for knobs that a record may not know: a foreign server does not tell them, and nobody may have stated them.</summary>
internal static class KnobText
{
    /// <summary>What tables say of a knob that is not known.</summary>
    internal const string NotStated = "not stated";

    /// <summary>The number format of the weights as a cell of a table.</summary>
    internal static string Precision(Knobs knobs) => knobs.Precision is { } precision ? EnumText.Of(precision) : NotStated;

    /// <summary>The number format of the weights in a sentence.</summary>
    internal static string PrecisionInWords(Knobs knobs) => InWords(Precision(knobs));

    /// <summary>A cell of the number format in a sentence.</summary>
    internal static string InWords(string? precision) => precision is null or NotStated ? $"precision {NotStated}" : precision;

    /// <summary>The accelerators that share each layer.</summary>
    internal static string TensorParallelism(Knobs knobs) =>
        knobs.TensorParallelism?.ToString(CultureInfo.InvariantCulture) ?? NotStated;
}
