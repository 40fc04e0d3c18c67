using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Arrivals;

/// <summary>
/// Arrivals with independent gamma-distributed gaps. They are more bursty than Poisson above a coefficient of variation of 1, and
/// smoother below.
/// </summary>
public sealed record GammaArrival : ArrivalProcess, IChecked
{
    /// <summary>Mean arrivals per second. There is no default, since a rate is a claim about the users.</summary>
    /// <value>Above 0, at most 1000000.</value>
    [Range(0, 1_000_000, MinimumIsExclusive = true)]
    public required double RequestsPerSecond { get; init; }

    /// <summary>
    /// Coefficient of variation of the gaps: their standard deviation divided by their mean. 1 is Poisson, more is bursty;
    /// <c>null</c> where <see cref="Shape"/> is given instead.
    /// </summary>
    /// <value>From 0.01 to 100.</value>
    [Range(0.01, 100)]
    public double? CoefficientOfVariation { get; init; }

    /// <summary>
    /// Shape of the gamma distribution, 1 / CV^2 (vLLM's burstiness); <c>null</c> where <see cref="CoefficientOfVariation"/> is given
    /// instead.
    /// </summary>
    /// <value>From 0.0001 to 10000.</value>
    [Range(0.0001, 10_000)]
    public double? Shape { get; init; }

    /// <inheritdoc />
    public override double? MeanRequestsPerSecond() => RequestsPerSecond;

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (CoefficientOfVariation is null == Shape is null)
        {
            string found = Shape is null ? "neither coefficient_of_variation nor shape" : "both coefficient_of_variation and shape";
            yield return new Problem("$", found, "exactly one of coefficient_of_variation and shape");
        }
    }

    internal override IEnumerable<double> ArrivalSeconds(ScheduleSources sources)
    {
        RandomSequence random = sources.Random(RandomNames.Arrival);
        double shape = Shape ?? 1 / (CoefficientOfVariation!.Value * CoefficientOfVariation.Value);
        double units = 0;
        while (true)
        {
            units += random.NextGamma(shape);
            yield return units / (shape * RequestsPerSecond);
        }
    }
}
