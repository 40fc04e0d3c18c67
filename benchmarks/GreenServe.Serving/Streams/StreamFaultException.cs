using GreenServe.Records.Requests;

namespace GreenServe.Serving.Streams;

/// <summary>A response that cannot count as a completed request.</summary>
/// <param name="status">Its category.</param>
/// <param name="message">What was found.</param>
internal sealed class StreamFaultException(RequestStatus status, string message) : Exception(message)
{
    internal RequestStatus Status { get; } = status;
}
