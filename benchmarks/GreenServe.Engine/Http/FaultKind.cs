namespace GreenServe.Engine.Http;

/// <summary>Ways in which a server can be bad; for testing clients.</summary>
public enum FaultKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>401 with an error object that repeats the key it was given.</summary>
    Unauthorized,

    /// <summary>404 for the model.</summary>
    ModelNotFound,

    /// <summary>429 with Retry-After.</summary>
    TooManyRequests,

    /// <summary>503 with Retry-After.</summary>
    Unavailable,

    /// <summary>500 with a page of text instead of an error object.</summary>
    InternalError,

    /// <summary>A redirect to another host.</summary>
    Redirect,

    /// <summary>An error object inside the stream.</summary>
    ErrorInStream,

    /// <summary>The connection is reset inside the stream.</summary>
    ResetInStream,

    /// <summary>The connection is closed before the chunked body's end.</summary>
    TruncatedBody,

    /// <summary>An event that is not JSON.</summary>
    MalformedEvent,

    /// <summary>An event line of 2 MB.</summary>
    OversizedEvent,

    /// <summary>Bytes that are not UTF-8 inside an event.</summary>
    InvalidUtf8,

    /// <summary>No usage anywhere.</summary>
    NoUsage,

    /// <summary>An empty chunk before each token; harmless.</summary>
    ZeroTokenChunks,

    /// <summary>Three tokens more than asked.</summary>
    MoreTokens,

    /// <summary>One token less than asked.</summary>
    FewerTokens,

    /// <summary>The stream's end is announced twice.</summary>
    DuplicateDone,

    /// <summary>The stream's end is not announced.</summary>
    MissingDone,

    /// <summary>An event after the stream's announced end.</summary>
    BytesAfterDone,

    /// <summary>The request is accepted and never answered.</summary>
    NeverAnswer,

    /// <summary>Nothing comes any more after some tokens.</summary>
    StallInStream,
}
