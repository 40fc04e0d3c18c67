namespace GreenServe.Workloads.Arrivals;

/// <summary>How arrivals lie around a rate that changes with time.</summary>
public enum ArrivalSpacing
{
    /// <summary>A Poisson process of that rate.</summary>
    Poisson,

    /// <summary>One arrival each time the integral of the rate has grown by 1, the first at the start.</summary>
    Constant,
}
