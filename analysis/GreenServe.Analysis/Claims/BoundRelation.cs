namespace GreenServe.Analysis.Claims;

/// <summary>How a value must lie to its bound.</summary>
public enum BoundRelation
{
    /// <summary>Less than <c>value</c>.</summary>
    Below,

    /// <summary>At most <c>value</c>.</summary>
    AtMost,

    /// <summary>More than <c>value</c>.</summary>
    Above,

    /// <summary>At least <c>value</c>.</summary>
    AtLeast,

    /// <summary>From <c>low</c> to <c>high</c>, both included.</summary>
    Between,
}
