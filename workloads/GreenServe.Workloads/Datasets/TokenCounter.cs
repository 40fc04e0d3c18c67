using System.Text;
using GreenServe.Workloads.Tokenizers;

namespace GreenServe.Workloads.Datasets;

/// <summary>Counts the tokens of text, or estimates their number.</summary>
internal abstract class TokenCounter
{
    /// <summary>An estimate of four bytes a token, which is usual for English. Other languages and code take more tokens.</summary>
    internal static TokenCounter Estimate { get; } = new ByLetters();

    /// <summary>Counts with the tokenizer of a model.</summary>
    /// <param name="path">Path of its file.</param>
    /// <exception cref="Records.InvalidInputException">The file cannot be read.</exception>
    internal static TokenCounter Of(string path) => new ByTokenizer(TokenizerFile.Read(path), Path.GetFileName(path));

    /// <summary>Description of how tokens are counted, to be followed by nothing.</summary>
    internal abstract string Description { get; }

    /// <summary>Number of tokens of a text, at least 0.</summary>
    /// <param name="utf8">The text, as UTF-8.</param>
    internal abstract int Count(ReadOnlySpan<byte> utf8);

    private sealed class ByTokenizer(TextTokenizer tokenizer, string name) : TokenCounter
    {
        internal override string Description => $"counted with {name}, without what a chat template adds";

        internal override int Count(ReadOnlySpan<byte> utf8) => tokenizer.Count(Encoding.UTF8.GetString(utf8));
    }

    private sealed class ByLetters : TokenCounter
    {
        internal override string Description => $"estimated at {Verse.LettersPerToken} bytes a token";

        internal override int Count(ReadOnlySpan<byte> utf8) => (utf8.Length + Verse.LettersPerToken - 1) / Verse.LettersPerToken;
    }
}
