namespace GreenServe.Serving.Load;

/// <summary>One chunk of an output as received.</summary>
/// <param name="Timestamp">When it arrived.</param>
/// <param name="Tokens">Tokens in it.</param>
internal readonly record struct ChunkReceipt(long Timestamp, int Tokens);
