using System.Text.Json;

namespace GreenServe.Serving.Dialects;

/// <summary>How the server draws the next token, as sent with each request. What is <c>null</c> is not sent.</summary>
public sealed record SamplingOptions
{
    /// <summary>The temperature, in [0, 2]. At 0 the most likely token is taken.</summary>
    /// <value><c>null</c>: 0 is sent.</value>
    public double? Temperature { get; init; }

    /// <summary>The share of probability from which tokens are drawn, in (0, 1].</summary>
    /// <value><c>null</c>: the server's default.</value>
    public double? TopProbability { get; init; }

    /// <summary>The number of most likely tokens from which one is drawn, at least 1.</summary>
    /// <value><c>null</c>: the server's default.</value>
    public int? TopK { get; init; }

    /// <summary>The seed that each request asks the server to draw with, at least 0.</summary>
    /// <value><c>null</c>: the server's own.</value>
    public long? Seed { get; init; }

    /// <summary>Writes everything but the temperature, under the names that all dialects share.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        if (TopProbability is { } share)
        {
            json.WriteNumber("top_p", share);
        }

        if (TopK is { } count)
        {
            json.WriteNumber("top_k", count);
        }

        if (Seed is { } seed)
        {
            json.WriteNumber("seed", seed);
        }
    }
}
