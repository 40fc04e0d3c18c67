namespace GreenServe.Workloads.Datasets;

/// <summary>A conversation of a dataset: messages, and the turns in which a user asks for an answer. A single prompt is one turn.</summary>
/// <remarks>The text of all messages lies in one piece of UTF-8, which every request of the conversation uses.</remarks>
public sealed class Conversation
{
    /// <summary>Memory of the object and of its arrays beside their content, in bytes.</summary>
    private const int ObjectBytes = 120;

    /// <summary>Memory of a message or a turn beside its text, in bytes.</summary>
    private const int EntryBytes = 32;

    private readonly byte[] text;
    private readonly MessagePlace[] messages;
    private readonly ConversationTurn[] turns;

    internal Conversation(string? name, int line, byte[] text, MessagePlace[] messages, ConversationTurn[] turns)
    {
        Name = name;
        Line = line;
        this.text = text;
        this.messages = messages;
        this.turns = turns;
    }

    /// <summary>The name that the dataset gives the conversation; <c>null</c> where it gives none.</summary>
    public string? Name { get; }

    /// <summary>Line of the file on which the conversation begins, from 1; 0 where there is no file.</summary>
    public int Line { get; }

    /// <summary>Number of turns, at least 1.</summary>
    public int TurnCount => turns.Length;

    /// <summary>Number of turns from the first one on whose output has a length: it is stated, or there is an answer.</summary>
    internal int TurnsWithOutput
    {
        get
        {
            int without = Array.FindIndex(turns, turn => !turn.HasAnswer && turn.OutputTokens is null);
            return without < 0 ? turns.Length : without;
        }
    }

    /// <summary>Memory of the conversation, in bytes.</summary>
    internal long Bytes => ObjectBytes + text.Length + (EntryBytes * (long)(messages.Length + turns.Length));

    /// <summary>Number of messages in the prompt of a turn: all that came before, and the user's own.</summary>
    /// <param name="turn">Number of the turn, from 0.</param>
    public int MessagesOf(int turn) => turns[turn].Messages;

    /// <summary>A message of the conversation.</summary>
    /// <param name="index">Number of the message, from 0.</param>
    public ChatMessage MessageAt(int index)
    {
        int begin = index == 0 ? 0 : messages[index - 1].End;
        return new ChatMessage(messages[index].Role, text.AsMemory(begin, messages[index].End - begin));
    }

    /// <summary>What the dataset says of a turn.</summary>
    internal ConversationTurn TurnAt(int turn) => turns[turn];
}

/// <summary>One message of a chat.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Text">The text, as UTF-8.</param>
public readonly record struct ChatMessage(ChatRole Role, ReadOnlyMemory<byte> Text);

/// <summary>Who speaks in a chat.</summary>
public enum ChatRole
{
    /// <summary>The operator, who instructs the model.</summary>
    System,

    /// <summary>The user.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,
}

/// <summary>Where a message ends in the text of its conversation. It begins where the message before it ends.</summary>
internal readonly record struct MessagePlace(ChatRole Role, int End);

/// <summary>What a dataset says of one turn.</summary>
/// <param name="Messages">Number of messages in its prompt.</param>
/// <param name="HasAnswer">Whether the next message is the dataset's own answer, from which an output length can be taken.</param>
/// <param name="InputTokens">Length of the prompt (tokens) as the dataset states it; <c>null</c> where it does not.</param>
/// <param name="OutputTokens">Length of the output (tokens) as the dataset states it; <c>null</c> where it does not.</param>
/// <param name="DelaySeconds">
/// Time from the end of the turn before to the sending of this one (s); <c>null</c> where the dataset does not state it.
/// </param>
internal readonly record struct ConversationTurn(
    int Messages, bool HasAnswer, int? InputTokens = null, int? OutputTokens = null, double? DelaySeconds = null);
