namespace GreenServe.Engine.Http;

/// <summary>The faults that the HTTP server makes on purpose, and how often. It is used to test clients.</summary>
/// <param name="Kind">The kind of fault.</param>
/// <param name="Every">One request in this many suffers the fault, beginning with the first request. At least 1.</param>
/// <param name="AfterTokens">The number of tokens after which a fault inside a stream comes.</param>
public sealed record FaultPlan(FaultKind Kind, int Every = 1, int AfterTokens = 2)
{
    private long requests;

    /// <summary>Returns the fault of the next request.</summary>
    internal FaultKind Next() => (Interlocked.Increment(ref requests) - 1) % Every == 0 ? Kind : FaultKind.None;
}

/// <summary>The faults that the HTTP server can commit on purpose, to test clients.</summary>
public enum FaultKind
{
    /// <summary>The server does nothing wrong.</summary>
    None,

    /// <summary>The response is 401 with an error object that repeats the client's key.</summary>
    Unauthorized,

    /// <summary>The response is 404 with an error object that names the model.</summary>
    ModelNotFound,

    /// <summary>The response is 429 with a Retry-After header.</summary>
    TooManyRequests,

    /// <summary>The response is 503 with a Retry-After header.</summary>
    Unavailable,

    /// <summary>The response is 500 with a page of HTML instead of an error object.</summary>
    InternalError,

    /// <summary>The response is a redirect to another host.</summary>
    Redirect,

    /// <summary>The stream holds an error object.</summary>
    ErrorInStream,

    /// <summary>The connection is reset in the middle of the stream.</summary>
    ResetInStream,

    /// <summary>The connection is closed before the end of the chunked body.</summary>
    TruncatedBody,

    /// <summary>The stream holds an event that is not JSON.</summary>
    MalformedEvent,

    /// <summary>The stream holds an event of 2 MB on one line.</summary>
    OversizedEvent,

    /// <summary>The stream holds an event with bytes that are not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>The response tells no usage, even if the client asks for it.</summary>
    NoUsage,

    /// <summary>An empty chunk comes before each chunk with tokens. This does no harm to a correct client.</summary>
    ZeroTokenChunks,

    /// <summary>The response has three tokens more than the client asks for.</summary>
    MoreTokens,

    /// <summary>The response has one token less than the client asks for.</summary>
    FewerTokens,

    /// <summary>The end of the stream is announced twice.</summary>
    DuplicateDone,

    /// <summary>The end of the stream is not announced.</summary>
    MissingDone,

    /// <summary>An event follows the announced end of the stream.</summary>
    BytesAfterDone,

    /// <summary>The request is accepted and never answered.</summary>
    NeverAnswer,

    /// <summary>The stream stops after some tokens while the connection stays open.</summary>
    StallInStream,
}
