namespace GreenServe.Serving.Streams;

/// <summary>What a whole response must look like.</summary>
/// <param name="EndsWithDone">Whether <c>[DONE]</c> is the last event.</param>
/// <param name="HasFixedOutput">Whether exactly the output length asked for must come; else at most that.</param>
/// <param name="HasExactInput">Whether the prompt was sent as token ids, so that the server must count as many.</param>
internal sealed record StreamRules(bool EndsWithDone, bool HasFixedOutput, bool HasExactInput);
