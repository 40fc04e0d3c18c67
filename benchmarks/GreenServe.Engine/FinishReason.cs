namespace GreenServe.Engine;

/// <summary>Why a generation ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended it, or a stop sequence did (<c>stop</c>).</summary>
    Stop,

    /// <summary>The most tokens asked for were made, or the context is full (<c>length</c>).</summary>
    Length,

    /// <summary>The client left or the server stopped.</summary>
    Cancelled,

    /// <summary>The engine failed.</summary>
    Error,
}
