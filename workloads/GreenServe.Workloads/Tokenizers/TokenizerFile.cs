using System.Text.Json;
using GreenServe.Records;
using Microsoft.ML.Tokenizers;

namespace GreenServe.Workloads.Tokenizers;

/// <summary>Reads the tokenizers that come with models.</summary>
public static class TokenizerFile
{
    /// <summary>What a file may hold, in words that follow "want".</summary>
    public const string Allowed =
        "tokenizer.json of a byte-level byte-pair encoding (GPT-2, Llama 3, Qwen), or tokenizer.model of SentencePiece (Llama 2)";

    /// <summary>Largest file that is read: ten times the largest vocabularies.</summary>
    private const long MaxBytes = 256L << 20;

    // A serialised SentencePiece model begins with its first piece: field 1, length-delimited.
    private const byte SentencePieceTag = 0x0A;

    /// <summary>Reads a tokenizer. The content tells the kind.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="InvalidInputException">The file is missing, too large, or of no kind that can be read.</exception>
    public static TextTokenizer Read(string path)
    {
        FileInfo file = new(path);
        if (!file.Exists || file.Length > MaxBytes)
        {
            string? found = file.Exists ? $"{file.Length} bytes" : null;
            string allowed = file.Exists ? $"at most {MaxBytes} bytes" : "an existing file";
            throw new InvalidInputException(new Problem("tokenizer", found, allowed, path));
        }

        try
        {
            return ReadJson(path) ?? ReadSentencePiece(path)
                ?? throw new InvalidInputException(new Problem("tokenizer", "a file of another kind", Allowed, path));
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw new InvalidInputException(new Problem("tokenizer", exception.Message, Allowed, path));
        }
    }

    /// <summary>Whether reading a tokenizer failed because of what its file holds, or because the file cannot be read.</summary>
    public static bool IsUnreadable(Exception exception) => exception is JsonException or InvalidOperationException or ArgumentException
        or KeyNotFoundException or FormatException or IOException or UnauthorizedAccessException or NotSupportedException
        or IndexOutOfRangeException;

    /// <summary>Reads <c>tokenizer.json</c>; <c>null</c> for JSON of another kind, and for a file that is no JSON.</summary>
    public static TextTokenizer? ReadJson(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.AsSpan().TrimStart(" \t\r\n"u8).IsEmpty || bytes.AsSpan().TrimStart(" \t\r\n"u8)[0] != (byte)'{')
        {
            return null;
        }

        using JsonDocument document = JsonDocument.Parse(bytes);
        return BytePairFile.Read(document.RootElement);
    }

    /// <summary>Reads <c>tokenizer.model</c> of SentencePiece; <c>null</c> for a file of another kind.</summary>
    public static TextTokenizer? ReadSentencePiece(string path)
    {
        using FileStream stream = File.OpenRead(path);
        if (stream.ReadByte() != SentencePieceTag)
        {
            return null;
        }

        stream.Position = 0;
        LlamaTokenizer tokenizer = LlamaTokenizer.Create(stream, addBeginOfSentence: true, addEndOfSentence: false);
        return new TextTokenizer(tokenizer, new Dictionary<string, int>(), BeginToken: null);
    }
}
