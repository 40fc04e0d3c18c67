using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace GreenServe.Engine.HuggingFace;

/// <summary>Reads the <c>tokenizer.json</c> of byte-level byte-pair encodings, the kind of Llama 3 and GPT-2.</summary>
internal static class BytePairFile
{
    // The split that a ByteLevel pre-tokenizer applies by itself; source: GPT-2's published encoder.
    private const string Gpt2Split = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>The codec; <c>null</c> if the file is of another kind.</summary>
    internal static TokenizerTextCodec? Read(JsonElement root)
    {
        JsonElement model = root.GetProperty("model");
        if (model.GetProperty("type").GetString() != "BPE" || SplitOf(root) is not { } split)
        {
            return null;
        }

        Dictionary<string, int> special = [];
        if (root.TryGetProperty("added_tokens", out JsonElement added))
        {
            foreach (JsonElement token in added.EnumerateArray())
            {
                special[token.GetProperty("content").GetString()!] = token.GetProperty("id").GetInt32();
            }
        }

        BpeOptions options = new(model.GetProperty("vocab").EnumerateObject()
            .Select(pair => KeyValuePair.Create(pair.Name, pair.Value.GetInt32())))
        {
            Merges = model.GetProperty("merges").EnumerateArray().Select(MergeOf),
            ByteLevel = true,
            SpecialTokens = special,
            PreTokenizer = new RegexPreTokenizer(new Regex(split, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10)), special),
        };
        return new TokenizerTextCodec(BpeTokenizer.Create(options), special, BeginOf(root, special));
    }

    private static string MergeOf(JsonElement merge) => merge.ValueKind == JsonValueKind.String
        ? merge.GetString()!
        : $"{merge[0].GetString()} {merge[1].GetString()}";

    /// <summary>The pattern that cuts a text before pairs are merged; <c>null</c> if the file is not byte-level.</summary>
    private static string? SplitOf(JsonElement root)
    {
        if (!root.TryGetProperty("pre_tokenizer", out JsonElement pre) || pre.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonElement[] parts = pre.GetProperty("type").GetString() == "Sequence"
            ? [.. pre.GetProperty("pretokenizers").EnumerateArray()]
            : [pre];
        if (!parts.Any(part => part.GetProperty("type").GetString() == "ByteLevel"))
        {
            return null;
        }

        JsonElement? split = parts.Where(part => part.GetProperty("type").GetString() == "Split").Cast<JsonElement?>().FirstOrDefault();
        return split is { } found ? found.GetProperty("pattern").GetProperty("Regex").GetString() : Gpt2Split;
    }

    /// <summary>The token that the file puts in front of every text; <c>null</c> for none.</summary>
    private static int? BeginOf(JsonElement root, Dictionary<string, int> special)
    {
        if (!root.TryGetProperty("post_processor", out JsonElement post) || post.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        // The template's own special tokens are named in it; a begin token is one that stands before the text.
        string text = post.GetRawText();
        return new[] { "<|begin_of_text|>", "<s>", "<|startoftext|>" }
            .Where(name => special.ContainsKey(name) && text.Contains($"\"{name}\"", StringComparison.Ordinal))
            .Select(name => (int?)special[name])
            .FirstOrDefault();
    }
}
