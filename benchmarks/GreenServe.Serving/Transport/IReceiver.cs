namespace GreenServe.Serving.Transport;

/// <summary>Takes what arrives on a connection, where it lies.</summary>
internal interface IReceiver
{
    /// <summary>Takes the bytes that have arrived. They are valid during the call only.</summary>
    /// <returns>Whether more is wanted.</returns>
    bool Take(ReadOnlySpan<byte> bytes);
}
