namespace GreenServe.Engine;

/// <summary>Receives the tokens of one request. The engine's own thread makes the calls, so they must neither block nor throw.</summary>
public interface IGenerationSink
{
    /// <summary>Accepts the tokens that one step generated for this request.</summary>
    /// <param name="tokenIds">
    /// At least one token id; several if the engine decodes speculatively. The span is valid only during the call.
    /// </param>
    /// <param name="finish">
    /// Why the generation ends with these tokens; <c>null</c> if it goes on. No call follows one with a reason.
    /// </param>
    void Accept(ReadOnlySpan<int> tokenIds, FinishReason? finish = null);

    /// <summary>Accepts the end of a generation whose last tokens came without a reason. No call follows this one.</summary>
    /// <param name="reason">Why the generation ended.</param>
    /// <param name="error">What went wrong, in words for the client; <c>null</c> unless <see cref="FinishReason.Error"/>.</param>
    void Finish(FinishReason reason, string? error = null);
}
