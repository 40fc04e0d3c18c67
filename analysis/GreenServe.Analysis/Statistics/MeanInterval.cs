using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace GreenServe.Analysis.Statistics;

/// <summary>A mean over repetitions with its confidence interval between runs.</summary>
/// <param name="Count">Number of repetitions; at least 1.</param>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="Low">Lower end of the interval; <c>null</c> for a single repetition, which says nothing about another run.</param>
/// <param name="High">Upper end of the interval; <c>null</c> for a single repetition.</param>
public sealed record MeanInterval(int Count, double Mean, double? Low, double? High)
{
    /// <summary>The confidence of every interval unless another is asked for: 95 %.</summary>
    public const double DefaultConfidence = 0.95;

    /// <summary>Half the width of the interval; <c>null</c> without an interval.</summary>
    public double? HalfWidth => (High - Low) / 2;

    /// <summary>The mean of independent repetitions with its Student t interval.</summary>
    /// <param name="values">One value a repetition.</param>
    /// <param name="confidence">Confidence of the interval, in (0, 1).</param>
    /// <returns><c>null</c> if there are no values.</returns>
    public static MeanInterval? Of(IReadOnlyCollection<double> values, double confidence = DefaultConfidence)
    {
        if (values.Count == 0)
        {
            return null;
        }

        double mean = values.Mean();
        if (values.Count < 2)
        {
            return new MeanInterval(values.Count, mean, null, null);
        }

        double quantile = StudentT.InvCDF(0, 1, values.Count - 1, (1 + confidence) / 2);
        double half = quantile * values.StandardDeviation() / Math.Sqrt(values.Count);
        return new MeanInterval(values.Count, mean, mean - half, mean + half);
    }
}
