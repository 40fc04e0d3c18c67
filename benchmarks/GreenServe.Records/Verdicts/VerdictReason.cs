namespace GreenServe.Records.Verdicts;

/// <summary>One reason against a run.</summary>
/// <param name="Code">Stable name for machines, in kebab-case, for example <c>client-lag</c>.</param>
/// <param name="Message">What was found and the limit, with numbers, for people.</param>
public sealed record VerdictReason(string Code, string Message);
