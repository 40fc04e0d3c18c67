using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace GreenServe.Engine.HuggingFace;

/// <summary>Makes a text codec of a folder's tokenizer files, where Microsoft.ML.Tokenizers can read them; of bytes otherwise.</summary>
internal static class TokenizerFiles
{
    // A serialised SentencePiece model begins with its first piece: field 1, length-delimited.
    private const byte SentencePieceTag = 0x0A;

    /// <summary>The codec and where it came from.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="vocabularySize">Ids of the model; a tokenizer that makes larger ones is not used.</param>
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
                if (codec is not null && codec.Encode("Text 1").All(token => token < vocabularySize))
                {
                    return (codec, name);
                }

                reasons.Add($"{name} is of a kind that cannot be read");
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException
                or KeyNotFoundException or FormatException or IOException or NotSupportedException)
            {
                // A tokenizer is a convenience: prompts of token ids work without it.
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
