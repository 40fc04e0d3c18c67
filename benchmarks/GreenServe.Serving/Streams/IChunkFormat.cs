namespace GreenServe.Serving.Streams;

/// <summary>Reads the events of one wire format. Stateless and thread-safe.</summary>
internal interface IChunkFormat
{
    /// <summary>Reads one event.</summary>
    /// <param name="json">The event's data, UTF-8.</param>
    /// <param name="facts">What it says.</param>
    /// <returns><c>false</c> when it is not well-formed JSON of this format.</returns>
    bool TryRead(ReadOnlySpan<byte> json, out ChunkFacts facts);
}
