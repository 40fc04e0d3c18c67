namespace GreenServe.Serving.ClientAccuracy;

/// <summary>The load of one truth test.</summary>
/// <param name="Streams">Streams at once, at least 1.</param>
/// <param name="TokensPerStream">Output tokens of each.</param>
/// <param name="RampSeconds">Streams start evenly over this time (s), as arrivals do.</param>
public sealed record ClientAccuracyLoad(int Streams, int TokensPerStream, double RampSeconds)
{
    /// <summary>Input tokens of each stream.</summary>
    public int InputTokens { get; init; } = 32;

    /// <summary>Whether to speak HTTP/2.</summary>
    public bool UsesHttp2 { get; init; }

    /// <summary>Threads that read; <c>null</c> for the default.</summary>
    public int? Readers { get; init; }
}
