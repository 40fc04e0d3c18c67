namespace GreenServe.Serving.ClientAccuracy;

/// <summary>One line of a server's send log.</summary>
/// <param name="TokenIndex">Number of the chunk's first token; -1 for the arrival of the request.</param>
/// <param name="Tokens">Tokens in the chunk.</param>
/// <param name="Timestamp">When it was handed to the socket; a timestamp of the host's monotonic clock.</param>
public readonly record struct SentToken(int TokenIndex, int Tokens, long Timestamp);
