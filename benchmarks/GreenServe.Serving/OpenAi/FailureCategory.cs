using System.Net;
using GreenServe.Records.Requests;
using GreenServe.Serving.Load;
using GreenServe.Serving.Streams;

namespace GreenServe.Serving.OpenAi;

/// <summary>Sorts failures of requests into the categories that a run record has.</summary>
internal static class FailureCategory
{
    /// <summary>The category of a response with another status than 200.</summary>
    internal static RequestStatus Of(HttpStatusCode status) => status switch
    {
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => RequestStatus.Overloaded,
        >= HttpStatusCode.InternalServerError => RequestStatus.ServerError,
        _ => RequestStatus.Refused,
    };

    /// <summary>The category and the message of an exception.</summary>
    /// <param name="exception">The exception that sending or reading threw.</param>
    /// <param name="cancelReason">Why the suite gave the request up; <c>null</c> where it did not.</param>
    internal static (RequestStatus Status, string Message) Of(Exception exception, CancelReason? cancelReason) => cancelReason switch
    {
        CancelReason.NoFirstToken => (RequestStatus.TimedOut, "no token within the limit"),
        CancelReason.Stalled => (RequestStatus.TimedOut, "the stream stood still for longer than the limit"),
        CancelReason.TooLong => (RequestStatus.TimedOut, "it took longer than the limit"),
        CancelReason.RunEnded => (RequestStatus.Cancelled, "still in flight when the run ended"),
        CancelReason.Interrupted => (RequestStatus.Cancelled, "the run was stopped"),
        _ => OfServer(exception),
    };

    private static (RequestStatus Status, string Message) OfServer(Exception exception) => exception switch
    {
        StreamFaultException fault => (fault.Status, fault.Message),
        HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: IOException } =>
            (RequestStatus.Truncated, $"the connection broke before an answer: {Innermost(exception)}"),
        HttpRequestException { HttpRequestError: var error } => (OfRequest(error), $"{NameOf(error)}: {Innermost(exception)}"),
        HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse } => (RequestStatus.Malformed, Innermost(exception)),
        IOException => (RequestStatus.Truncated, $"the connection broke inside the stream: {Innermost(exception)}"),
        OperationCanceledException => (RequestStatus.TimedOut, "no connection within the limit"),
        _ => (RequestStatus.Malformed, $"{exception.GetType().Name}: {Innermost(exception)}"),
    };

    private static RequestStatus OfRequest(HttpRequestError error) => error switch
    {
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError
            or HttpRequestError.VersionNegotiationError => RequestStatus.Malformed,
        HttpRequestError.ResponseEnded => RequestStatus.Truncated,
        _ => RequestStatus.ConnectionFailed,
    };

    private static string NameOf(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "unknown host",
        HttpRequestError.ConnectionError => "no connection",
        HttpRequestError.SecureConnectionError => "TLS",
        HttpRequestError.ResponseEnded => "the connection was closed before an answer",
        HttpRequestError.Unknown => "sending failed",
        _ => error.ToString(),
    };

    private static string Innermost(Exception exception) => exception.GetBaseException().Message;
}
