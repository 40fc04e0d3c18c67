using GreenServe.Workloads.Tokenizers;

namespace GreenServe.Engine.HuggingFace;

/// <summary>
/// Creates a text codec from the tokenizer files of a folder. If Microsoft.ML.Tokenizers cannot read them, each byte is one token.
/// </summary>
internal static class TokenizerFiles
{
    // Letters, a space and a digit: enough to see whether the tokenizer's ids fit the model.
    private const string Sample = "Text 1";

    /// <summary>Creates the codec and tells its source.</summary>
    /// <param name="folder">The folder of the model.</param>
    /// <param name="vocabularySize">The number of token ids of the model. A tokenizer with larger ids is not used.</param>
    internal static (ITextCodec Text, string Source) Open(string folder, int vocabularySize)
    {
        List<string> reasons = [];
        foreach ((string name, Func<string, ITextCodec?> read) in Readers)
        {
            string path = Path.Combine(folder, name);
            if (!File.Exists(path))
            {
                continue;
            }

            try
            {
                ITextCodec? codec = read(path);
                if (codec is not null && codec.Encode(Sample).All(token => token < vocabularySize))
                {
                    return (codec, name);
                }

                reasons.Add($"{name} is of a kind that cannot be read");
            }
            catch (Exception exception) when (TokenizerFile.IsUnreadable(exception))
            {
                // The model can be served without a tokenizer, since clients may send prompts of token ids.
                reasons.Add($"{name}: {exception.Message}");
            }
        }

        return (new ByteTextCodec(), "bytes: " + (reasons.Count == 0 ? "the folder has no tokenizer file" : string.Join("; ", reasons)));
    }

    private static IEnumerable<(string Name, Func<string, ITextCodec?> Read)> Readers =>
    [
        ("tokenizer.model", path => CodecOf(TokenizerFile.ReadSentencePiece(path))),
        ("tokenizer.json", path => CodecOf(TokenizerFile.ReadJson(path))),
    ];

    private static TokenizerTextCodec? CodecOf(TextTokenizer? tokenizer) => tokenizer is null ? null : new TokenizerTextCodec(tokenizer);
}
