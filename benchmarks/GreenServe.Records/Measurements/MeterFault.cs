namespace GreenServe.Records.Measurements;

/// <summary>Something that went wrong with a meter in the course of a run.</summary>
/// <param name="AtSeconds">When, as offset from the start of the run.</param>
/// <param name="Code">Stable name for machines, in kebab-case, for example <c>jumped-back</c>.</param>
/// <param name="Message">What was found, with numbers, for people.</param>
/// <param name="BreaksCounter">Whether energy counted across this moment is lost, so that no window may span it.</param>
public sealed record MeterFault(double AtSeconds, string Code, string Message, bool BreaksCounter = false);
