namespace GreenServe.Engine;

/// <summary>Why a generation ended.</summary>
public enum FinishReason
{
    /// <summary>The model generated its end token, or the output reached a stop sequence (<c>stop</c>).</summary>
    Stop,

    /// <summary>The output reached the largest number of tokens that the request allows (<c>length</c>).</summary>
    Length,

    /// <summary>The client left, or the server stopped (<c>abort</c>).</summary>
    Cancelled,

    /// <summary>The engine failed (<c>error</c>).</summary>
    Error,
}

/// <summary>The names of the finish reasons in the OpenAI protocol and in vLLM's metrics.</summary>
internal static class FinishReasonNames
{
    internal static string NameOf(FinishReason reason) => reason switch
    {
        FinishReason.Stop => "stop",
        FinishReason.Length => "length",
        FinishReason.Cancelled => "abort",
        _ => "error",
    };
}
