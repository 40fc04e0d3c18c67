using GreenServe.Records.Requests;

namespace GreenServe.Serving.Streams;

/// <summary>The response of a server cannot count as a completed request.</summary>
/// <param name="status">The category of the failure.</param>
/// <param name="message">What was found, in one line.</param>
internal sealed class StreamFaultException(RequestStatus status, string message) : Exception(message)
{
    /// <summary>The category of the failure.</summary>
    internal RequestStatus Status { get; } = status;
}
