using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace GreenServe.Engine.HuggingFace;

/// <summary>
/// Creates a text codec from the tokenizer files of a folder. If Microsoft.ML.Tokenizers cannot read them, each byte is one token.
/// </summary>
internal static class TokenizerFiles
{
    // A serialised SentencePiece model begins with its first piece: field 1, length-delimited.
    private const byte SentencePieceTag = 0x0A;

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
            catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException
                or KeyNotFoundException or FormatException or IOException or NotSupportedException)
            {
                // The model can be served without a tokenizer, since clients may send prompts of token ids.
                reasons.Add($"{name}: {exception.Message}");
            }
        }

        return (new ByteTextCodec(), "bytes: " + (reasons.Count == 0 ? "the folder has no tokenizer file" : string.Join("; ", reasons)));
    }

    private static IEnumerable<(string Name, Func<string, ITextCodec?> Read)> Readers =>
    [
        ("tokenizer.model", ReadSentencePiece),
        ("tokenizer.json", ReadBytePairs),
    ];

    private static TokenizerTextCodec? ReadSentencePiece(string path)
    {
        using FileStream stream = File.OpenRead(path);
        if (stream.ReadByte() != SentencePieceTag)
        {
            return null;
        }

        stream.Position = 0;
        return new TokenizerTextCodec(LlamaTokenizer.Create(stream, addBeginOfSentence: true, addEndOfSentence: false));
    }

    private static TokenizerTextCodec? ReadBytePairs(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return BytePairFile.Read(document.RootElement);
    }
}
