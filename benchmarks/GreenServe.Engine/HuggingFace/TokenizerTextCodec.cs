using Microsoft.ML.Tokenizers;

namespace GreenServe.Engine.HuggingFace;

/// <summary>A model's own tokenizer.</summary>
/// <param name="tokenizer">Thread-safe, as Microsoft.ML.Tokenizers are.</param>
/// <param name="special">Special tokens by text; empty for none.</param>
/// <param name="beginToken">Put in front of every text; <c>null</c> where the tokenizer does so itself, or none is wanted.</param>
internal sealed class TokenizerTextCodec(
    Tokenizer tokenizer, IReadOnlyDictionary<string, int>? special = null, int? beginToken = null) : ITextCodec
{
    private const string HeaderStart = "<|start_header_id|>";
    private const string HeaderEnd = "<|end_header_id|>";
    private const string TurnEnd = "<|eot_id|>";
    private readonly IReadOnlyDictionary<string, int> special = special ?? new Dictionary<string, int>();

    /// <inheritdoc />
    public int[] Encode(string text) => beginToken is { } begin ? [begin, .. tokenizer.EncodeToIds(text)] : [.. tokenizer.EncodeToIds(text)];

    /// <inheritdoc />
    /// <remarks>
    /// Llama 3's turns where the vocabulary has its header tokens, plain lines of role and text otherwise: templates in files are programs.
    /// A special token's name inside a message counts as text.
    /// </remarks>
    public int[] EncodeChat(IReadOnlyList<ChatMessage> messages)
    {
        if (!special.ContainsKey(HeaderStart) || !special.ContainsKey(HeaderEnd) || !special.ContainsKey(TurnEnd))
        {
            return Encode(string.Concat(messages.Select(message => $"{message.Role}: {message.Content}\n")) + "assistant: ");
        }

        List<int> tokens = beginToken is { } begin ? [begin] : [];
        foreach (ChatMessage message in messages)
        {
            AddHeader(tokens, message.Role);
            tokens.AddRange(tokenizer.EncodeToIds(Defused(message.Content)));
            tokens.Add(special[TurnEnd]);
        }

        AddHeader(tokens, "assistant");
        return [.. tokens];
    }

    /// <inheritdoc />
    public ITextDecoder CreateDecoder() => new IncrementalDecoder(tokenizer);

    private void AddHeader(List<int> tokens, string role)
    {
        tokens.Add(special[HeaderStart]);
        tokens.AddRange(tokenizer.EncodeToIds(Defused(role)));
        tokens.Add(special[HeaderEnd]);
        tokens.AddRange(tokenizer.EncodeToIds("\n\n"));
    }

    // A zero-width space after the first bracket keeps a client from ending its own turn with a special token.
    private string Defused(string text) => special.Keys.Where(name => name.Length > 1).Aggregate(
        text, (current, name) => current.Replace(name, name.Insert(1, "\u200B"), StringComparison.Ordinal));
}
