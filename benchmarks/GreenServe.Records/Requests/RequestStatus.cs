namespace GreenServe.Records.Requests;

/// <summary>How a request ended. Only <see cref="Completed"/> requests enter latency figures; every other one is counted.</summary>
public enum RequestStatus
{
    /// <summary>All tokens came back.</summary>
    Completed,

    /// <summary>Cancelled by the suite, for example still in flight when the run ended.</summary>
    Cancelled,

    /// <summary>The server could not be reached (refused, unknown host, TLS).</summary>
    ConnectionFailed,

    /// <summary>The server said no (4xx other than 429).</summary>
    Refused,

    /// <summary>The server asked for less load (429, 503).</summary>
    Overloaded,

    /// <summary>The server failed (5xx, or an error inside the stream).</summary>
    ServerError,

    /// <summary>The stream broke off before its end.</summary>
    Truncated,

    /// <summary>The stream could not be understood.</summary>
    Malformed,

    /// <summary>Nothing came for longer than the limit.</summary>
    TimedOut,

    /// <summary>It ended well, but with other lengths than the run fixes, or with a length nobody could count.</summary>
    WrongLength,
}
