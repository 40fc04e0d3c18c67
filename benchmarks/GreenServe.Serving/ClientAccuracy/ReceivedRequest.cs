namespace GreenServe.Serving.ClientAccuracy;

/// <summary>What the client saw of one request.</summary>
/// <param name="Name">Its name in the server's log.</param>
/// <param name="IssuedTimestamp">When sending began.</param>
/// <param name="TokenTimestamps">When each token was received.</param>
public sealed record ReceivedRequest(string Name, long IssuedTimestamp, IReadOnlyList<long> TokenTimestamps);
