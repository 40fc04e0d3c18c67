namespace GreenServe.Analysis.Answers;

/// <summary>Share of the energy of an output token that one setting saves against another.</summary>
/// <param name="Share">The share; negative where it uses more.</param>
/// <param name="HalfWidthRatio">
/// Half the width of its 95 % interval: that of the ratio of the means in pairs of equal seeds, or without pairs the relative half
/// intervals of both means in quadrature, times their ratio. <c>null</c> without repetitions, or where both are one setting.
/// </param>
internal sealed record EnergySaving(double Share, double? HalfWidthRatio)
{
    internal double? LowRatio => Share - HalfWidthRatio;

    internal double? HighRatio => Share + HalfWidthRatio;

    /// <summary>What a setting saves; <c>null</c> where the energy of one of them was not measured.</summary>
    internal static EnergySaving? Of(AnswerSetting best, AnswerSetting other)
    {
        if (best.JoulesPerOutputToken.Mean is not { } own || other.JoulesPerOutputToken.Mean is not > 0)
        {
            return null;
        }

        double ratio = own / other.JoulesPerOutputToken.Mean.Value;
        return new EnergySaving(
            1 - ratio,
            best != other && HalfWidthRatioBetween(best, other) is { } half ? ratio * half : null);
    }

    /// <summary>
    /// Half the width of the interval of the ratio of two settings, as a share of it; <c>null</c> where one of them ran once.
    /// </summary>
    internal static double? HalfWidthRatioBetween(AnswerSetting one, AnswerSetting other) =>
        one.PairedHalfWidthRatio(other) is { } paired ? paired
        : one.JoulesPerOutputToken.HalfWidthRatio is { } first && other.JoulesPerOutputToken.HalfWidthRatio is { } second
            ? Math.Sqrt((first * first) + (second * second))
            : null;
}
