namespace GreenServe.Engine.Http;

/// <summary>Finish reasons as clients see them.</summary>
internal static class Finishing
{
    internal static string NameOf(FinishReason reason) => reason switch
    {
        FinishReason.Stop => "stop",
        FinishReason.Length => "length",
        FinishReason.Cancelled => "abort",
        _ => "error",
    };
}
