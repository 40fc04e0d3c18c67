namespace GreenServe.Serving.Dialects;

/// <summary>How a server frames its events.</summary>
public enum StreamFormat
{
    /// <summary><c>text/event-stream</c>.</summary>
    ServerSentEvents,

    /// <summary>One JSON object a line.</summary>
    JsonLines,
}
