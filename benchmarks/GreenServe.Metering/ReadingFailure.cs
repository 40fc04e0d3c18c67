namespace GreenServe.Metering;

/// <summary>Why one reading failed.</summary>
/// <param name="Code">Stable name for machines, in kebab-case, for example <c>gpu-lost</c>.</param>
/// <param name="Message">What went wrong and how to mend it, for people.</param>
/// <param name="BreaksCounter">Whether energy counted across this moment is lost.</param>
public sealed record ReadingFailure(string Code, string Message, bool BreaksCounter = false);
