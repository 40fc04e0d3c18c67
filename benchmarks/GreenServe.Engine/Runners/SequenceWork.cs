namespace GreenServe.Engine.Runners;

/// <summary>What one step does for one sequence: run some tokens through the model, and choose the next one.</summary>
/// <param name="Sequence">The sequence, as <see cref="IDecoderRunner.OpenSequence"/> numbered it.</param>
/// <param name="Tokens">The tokens to run, at least one: a chunk of the prompt, or the last token chosen.</param>
/// <param name="Position">Position of the first of them: the tokens of the sequence that ran before.</param>
/// <param name="Choice">How to choose the token that follows them; <c>null</c> when the prompt goes on.</param>
public readonly record struct SequenceWork(int Sequence, ReadOnlyMemory<int> Tokens, int Position, TokenChoice? Choice);
