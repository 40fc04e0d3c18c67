using GreenServe.Analysis.Statistics;

namespace GreenServe.Microbenchmarks.EndToEnd;

/// <summary>How a cost grows with the number of requests: cost = a x requests^exponent, by least squares of the logarithms.</summary>
/// <param name="Exponent">1 where the cost is in proportion to the requests, 0 where it does not depend on them.</param>
/// <param name="HalfWidth">Half the 95 % interval of the exponent; <c>null</c> with two points.</param>
internal sealed record GrowthFit(double Exponent, double? HalfWidth)
{
    /// <summary>Fits the growth of a cost; <c>null</c> with fewer than two points.</summary>
    /// <param name="points">Number of requests and cost in any unit, both above 0.</param>
    internal static GrowthFit? Of(IReadOnlyList<(int Requests, double Cost)> points)
    {
        double[] ones = [.. points.Select(_ => 1.0)];
        double[] requests = [.. points.Select(point => Math.Log(point.Requests))];
        double[] costs = [.. points.Select(point => Math.Log(point.Cost))];
        return LinearFit.Of([ones, requests], costs) is { } fit ? new GrowthFit(fit.Coefficients[1], fit.HalfWidths?[1]) : null;
    }
}
