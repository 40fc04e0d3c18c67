using System.Text;

namespace GreenServe.Workloads.Datasets;

/// <summary>Puts a conversation together, message by message.</summary>
/// <param name="name">The name of the conversation in its dataset; <c>null</c> for none.</param>
/// <param name="line">Line of the file on which it begins.</param>
internal sealed class ConversationBuilder(string? name, int line)
{
    /// <summary>Text of a conversation at most, with the stand-ins for its answers (bytes): as long as an entry of a file may be.</summary>
    internal const int MaxBytes = JsonEntries.MaxEntryBytes;

    /// <summary>Length of the stand-in for an answer whose length the dataset does not state (tokens).</summary>
    private const int StandInTokens = 100;

    private readonly List<byte> text = [];
    private readonly List<MessagePlace> messages = [];
    private readonly List<ConversationTurn> turns = [];

    /// <summary>Whether a turn was left out because the stand-in before it makes the text longer than <see cref="MaxBytes"/>.</summary>
    internal bool IsTooLong { get; private set; }

    /// <summary>Adds a message of whoever speaks.</summary>
    internal void Add(ChatRole role, string words)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(words);
        text.AddRange(bytes);
        messages.Add(new MessagePlace(role, text.Count));
        if (role == ChatRole.Assistant && turns is [.., var last] && last.Messages == messages.Count - 1)
        {
            turns[^1] = last with { HasAnswer = true };
        }
    }

    /// <summary>Adds a message of the user, to which an answer is asked for.</summary>
    /// <remarks>
    /// Between two such messages a chat has an answer. Where the dataset has none, verse of the length of the answer stands in for it, so
    /// that roles alternate, as many chat templates demand.
    /// </remarks>
    internal void AddTurn(string words, int? inputTokens = null, int? outputTokens = null, double? delaySeconds = null)
    {
        if (turns is [.., var last] && last.Messages == messages.Count)
        {
            int tokens = last.OutputTokens ?? StandInTokens;
            if (text.Count + ((long)Verse.LettersPerToken * tokens) > MaxBytes)
            {
                IsTooLong = true;
                return;
            }

            string standIn = Verse.Text((ulong)line, turns.Count, tokens);
            text.AddRange(Encoding.UTF8.GetBytes(standIn));
            messages.Add(new MessagePlace(ChatRole.Assistant, text.Count));
        }

        Add(ChatRole.User, words);
        turns.Add(new ConversationTurn(messages.Count, HasAnswer: false, inputTokens, outputTokens, delaySeconds));
    }

    /// <summary>The conversation; <c>null</c> where nothing asks for an answer.</summary>
    internal Conversation? Build() =>
        turns.Count == 0 ? null : new Conversation(name, line, [.. text], [.. messages], [.. turns]);
}
