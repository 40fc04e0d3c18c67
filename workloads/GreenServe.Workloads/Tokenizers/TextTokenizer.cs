using Microsoft.ML.Tokenizers;

namespace GreenServe.Workloads.Tokenizers;

/// <summary>A tokenizer as the files of a model describe it.</summary>
/// <param name="Tokenizer">Encodes and decodes text. It is thread-safe.</param>
/// <param name="Special">The special tokens by their text; empty where the file names none.</param>
/// <param name="BeginToken">
/// The token that begins every text; <c>null</c> where <paramref name="Tokenizer"/> adds it itself, or the model wants none.
/// </param>
public sealed record TextTokenizer(Tokenizer Tokenizer, IReadOnlyDictionary<string, int> Special, int? BeginToken)
{
    /// <summary>Number of tokens of a text, without a token that begins it.</summary>
    public int Count(string text) => Tokenizer.CountTokens(text);
}
