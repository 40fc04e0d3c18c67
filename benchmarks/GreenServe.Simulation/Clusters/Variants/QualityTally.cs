namespace GreenServe.Simulation.Clusters.Variants;

/// <summary>Mean quality of what completed requests got, weighted by their tokens.</summary>
internal sealed class QualityTally
{
    private double sum;
    private long tokens;
    private bool isUnknown;

    /// <summary>The mean, a ratio from 0 to 1; <c>null</c> where a request had no stated quality, or none was completed.</summary>
    internal double? MeanRatio => isUnknown || tokens == 0 ? null : sum / tokens;

    /// <summary>Adds a completed request.</summary>
    /// <param name="qualityRatio">Quality of the model that generated it, a ratio from 0 to 1; <c>null</c> if it is not stated.</param>
    /// <param name="requestTokens">Its input and output tokens.</param>
    internal void Add(double? qualityRatio, long requestTokens)
    {
        isUnknown |= qualityRatio is null;
        sum += (qualityRatio ?? 0) * requestTokens;
        tokens += requestTokens;
    }
}
