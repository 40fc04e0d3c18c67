using GreenServe.Workloads.Tokenizers;
using Microsoft.ML.Tokenizers;

namespace GreenServe.Engine.HuggingFace;

/// <summary>The codec of a model that comes with a tokenizer of its own.</summary>
/// <param name="model">The tokenizer.</param>
internal sealed class TokenizerTextCodec(TextTokenizer model) : ITextCodec
{
    private const string HeaderStart = "<|start_header_id|>";
    private const string HeaderEnd = "<|end_header_id|>";
    private const string TurnEnd = "<|eot_id|>";
    private readonly Tokenizer tokenizer = model.Tokenizer;
    private readonly IReadOnlyDictionary<string, int> special = model.Special;

    /// <inheritdoc />
    public int[] Encode(string text)
    {
        IReadOnlyList<int> ids = tokenizer.EncodeToIds(text);
        return model.BeginToken is { } begin ? [begin, .. ids] : [.. ids];
    }

    /// <inheritdoc />
    /// <remarks>
    /// If the vocabulary has the header tokens of Llama 3, the conversation is encoded as Llama 3's turns. Otherwise it becomes plain lines
    /// of role and text, since the templates in model folders are programs that the suite does not run. The name of a special token inside
    /// a message counts as text.
    /// </remarks>
    public int[] EncodeChat(IReadOnlyList<ChatMessage> messages)
    {
        if (!special.ContainsKey(HeaderStart) || !special.ContainsKey(HeaderEnd) || !special.ContainsKey(TurnEnd))
        {
            return Encode(string.Concat(messages.Select(message => $"{message.Role}: {message.Content}\n")) + "assistant: ");
        }

        List<int> tokens = model.BeginToken is { } begin ? [begin] : [];
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

    // A zero-width space after the first bracket keeps a client from ending its turn with a special token of its own.
    private string Defused(string text) => special.Keys.Where(name => name.Length > 1).Aggregate(
        text, (current, name) => current.Replace(name, name.Insert(1, "\u200B"), StringComparison.Ordinal));
}
