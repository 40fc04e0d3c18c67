namespace GreenServe.Records.Requests;

/// <summary>How a request ended. Only <see cref="Completed"/> requests enter latency figures; every other one is counted.</summary>
public enum RequestStatus
{
    /// <summary>All tokens were received.</summary>
    Completed,

    /// <summary>The suite cancelled the request, for example because it was still in flight when the run ended.</summary>
    Cancelled,

    /// <summary>The server could not be reached (connection refused, unknown host, TLS failure).</summary>
    ConnectionFailed,

    /// <summary>The server refused the request (4xx other than 429), or the policy of a simulated cluster rejected it.</summary>
    Refused,

    /// <summary>The server asked for less load (429, 503).</summary>
    Overloaded,

    /// <summary>The server failed (5xx, an error in place of output, or an output that it gave up).</summary>
    ServerError,

    /// <summary>The stream broke off before its end.</summary>
    Truncated,

    /// <summary>The answer is no stream of events, or could not be parsed.</summary>
    Malformed,

    /// <summary>The server sent nothing for longer than the time limit.</summary>
    TimedOut,

    /// <summary>
    /// The request ended well, but with lengths other than the run fixes, or with a length that could not be counted.
    /// </summary>
    WrongLength,

    /// <summary>A content filter of the server cut the output.</summary>
    ContentFilter,
}
