namespace GreenServe.Simulation.Scheduling;

/// <summary>Prompt tokens of one sequence that a step processes.</summary>
/// <param name="Sequence">The sequence.</param>
/// <param name="Offset">Its tokens processed before.</param>
/// <param name="Tokens">How many to process now.</param>
/// <param name="CompletesPrompt">Whether they are the last, so that the step samples a token for it.</param>
public readonly record struct PrefillChunk<TSequence>(TSequence Sequence, int Offset, int Tokens, bool CompletesPrompt)
    where TSequence : Sequence;
