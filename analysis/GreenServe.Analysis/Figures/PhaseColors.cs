namespace GreenServe.Analysis.Figures;

/// <summary>The colours of phases and energy parts, the same in every figure.</summary>
internal static class PhaseColors
{
    /// <summary>Colour of a part by its name, as <c>#RRGGBB</c>.</summary>
    internal static string Of(string part) => part switch
    {
        "idle" => "#999999",
        "waiting" => "#BBBBBB",
        "loaded-idle" => "#CC79A7",
        "prefill" => "#E69F00",
        "decode" => "#56B4E9",
        "not split" => "#0072B2",
        _ => "#000000",
    };
}
