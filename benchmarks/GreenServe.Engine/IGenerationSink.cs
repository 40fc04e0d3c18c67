namespace GreenServe.Engine;

/// <summary>Receives what one request generates. Called from the engine's thread, so it must neither block nor throw.</summary>
public interface IGenerationSink
{
    /// <summary>Tokens that one step made for this request: one, or several with speculative decoding. Never empty.</summary>
    /// <param name="tokenIds">Token ids; only valid during the call.</param>
    void Accept(ReadOnlySpan<int> tokenIds);

    /// <summary>The last call: nothing follows it.</summary>
    /// <param name="reason">Why it ended.</param>
    /// <param name="error">What went wrong, for the client to read; <c>null</c> unless <see cref="FinishReason.Error"/>.</param>
    void Finish(FinishReason reason, string? error = null);
}
