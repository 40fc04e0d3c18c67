namespace GreenServe.Workloads.Arrivals;

/// <summary>How think times of a closed loop vary around their mean.</summary>
public enum ThinkDistribution
{
    /// <summary>Always the mean.</summary>
    Constant,

    /// <summary>Exponential.</summary>
    Exponential,
}
