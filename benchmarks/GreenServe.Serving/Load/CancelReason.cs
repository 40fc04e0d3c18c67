namespace GreenServe.Serving.Load;

/// <summary>Why the suite gave a request up.</summary>
internal enum CancelReason
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>No token within the limit.</summary>
    NoFirstToken,

    /// <summary>The stream stood still for longer than the limit.</summary>
    Stalled,

    /// <summary>The whole took longer than the limit.</summary>
    TooLong,

    /// <summary>The run ended before it.</summary>
    RunEnded,

    /// <summary>The user stopped the run.</summary>
    Interrupted,
}
