using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace GreenServe.Analysis.Statistics;

/// <summary>A mean over repetitions with its confidence interval between runs.</summary>
/// <param name="Count">Repetitions; at least 1.</param>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="Low">Lower end of the interval; <c>null</c> below two repetitions: one run says nothing about another.</param>
/// <param name="High">Upper end; <c>null</c> like <paramref name="Low"/>.</param>
public sealed record MeanInterval(int Count, double Mean, double? Low, double? High)
{
    /// <summary>Confidence of every interval unless another is asked for.</summary>
    public const double DefaultConfidence = 0.95;

    /// <summary>Half the interval's width; <c>null</c> without one.</summary>
    public double? HalfWidth => (High - Low) / 2;

    /// <summary>Student's t interval for the mean of independent repetitions.</summary>
    /// <param name="values">One value a repetition.</param>
    /// <param name="confidence">Confidence, in (0, 1).</param>
    /// <returns><c>null</c> for no values.</returns>
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
