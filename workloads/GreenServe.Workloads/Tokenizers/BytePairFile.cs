using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace GreenServe.Workloads.Tokenizers;

/// <summary>Reads the <c>tokenizer.json</c> of a byte-level byte-pair encoding, such as those of Llama 3 and GPT-2.</summary>
internal static class BytePairFile
{
    // The pattern by which a ByteLevel pre-tokenizer splits a text if the file names no other. Source: GPT-2's published encoder.
    private const string Gpt2Split = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    // The pattern is foreign text, and a bad one could take for ever.
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(10);

    /// <summary>Reads the tokenizer; <c>null</c> if the file is of another kind.</summary>
    internal static TextTokenizer? Read(JsonElement root)
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
            PreTokenizer = new RegexPreTokenizer(new Regex(split, RegexOptions.CultureInvariant, MatchLimit), special),
        };
        return new TextTokenizer(BpeTokenizer.Create(options), special, BeginOf(root, special));
    }

    private static string MergeOf(JsonElement merge) => merge.ValueKind == JsonValueKind.String
        ? merge.GetString()!
        : $"{merge[0].GetString()} {merge[1].GetString()}";

    /// <summary>Finds the pattern that splits a text before pairs are merged; <c>null</c> if the file is not byte-level.</summary>
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

    /// <summary>Finds the token that the file puts before every text; <c>null</c> if there is none.</summary>
    private static int? BeginOf(JsonElement root, Dictionary<string, int> special)
    {
        if (!root.TryGetProperty("post_processor", out JsonElement post) || post.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        // The template names its special tokens. These are the ones that begin a text.
        string text = post.GetRawText();
        return new[] { "<|begin_of_text|>", "<s>", "<|startoftext|>" }
            .Where(name => special.ContainsKey(name) && text.Contains($"\"{name}\"", StringComparison.Ordinal))
            .Select(name => (int?)special[name])
            .FirstOrDefault();
    }
}
