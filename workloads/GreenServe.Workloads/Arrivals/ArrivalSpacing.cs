namespace GreenServe.Workloads.Arrivals;

/// <summary>How arrivals are spaced where the rate changes with time.</summary>
public enum ArrivalSpacing
{
    /// <summary>Arrivals are a Poisson process of the rate.</summary>
    Poisson,

    /// <summary>
    /// The first arrival is at the start. The next ones follow each time the integral of the rate has grown by 1.
    /// </summary>
    Constant,
}
