namespace GreenServe.Serving.Load;

/// <summary>Why the suite gave a request up.</summary>
internal enum CancelReason
{
    /// <summary>No token came within <see cref="LoadOptions.FirstTokenSeconds"/>.</summary>
    NoFirstToken,

    /// <summary>The response stood still for longer than <see cref="LoadOptions.StallSeconds"/>.</summary>
    Stalled,

    /// <summary>The request took longer than <see cref="LoadOptions.RequestSeconds"/>.</summary>
    TooLong,

    /// <summary>The request was still in flight when the run ended.</summary>
    RunEnded,

    /// <summary>The user stopped the run.</summary>
    Interrupted,
}
