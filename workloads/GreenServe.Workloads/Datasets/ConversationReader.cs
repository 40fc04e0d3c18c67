using System.Text.Json;
using GreenServe.Workloads.Traces;

namespace GreenServe.Workloads.Datasets;

/// <summary>Reads the entries of a dataset. Whatever an entry lacks becomes a problem with its line.</summary>
/// <param name="format">The format of the file.</param>
/// <param name="needsOutputs">Whether the dataset must tell how long outputs are.</param>
/// <param name="problems">Receives what is wrong with the entries.</param>
internal sealed class ConversationReader(DatasetFormat format, bool needsOutputs, RowProblems problems)
{
    /// <summary>Most messages of a conversation. A longer one is taken for a mistake.</summary>
    internal const int MaxMessages = 10_000;

    private const int MaxNameLetters = 100;
    private static readonly string Short =
        $"at most {ConversationBuilder.MaxBytes} bytes of text: fewer turns, or a lower output_length of all but the last";

    private readonly EntryValues values = new(problems);

    /// <summary>
    /// Number of conversations so far that were left out, since nothing in them asks for an answer, or nothing tells how long it is.
    /// </summary>
    internal long LeftOut { get; private set; }

    /// <summary>Reads an entry; <c>null</c> where it has problems, or asks for no answer.</summary>
    internal Conversation? Read(JsonElement entry, int line)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            problems.Add("entry", entry.ValueKind, "a JSON object", line);
            return null;
        }

        return format switch
        {
            DatasetFormat.Sharegpt => ReadChat(entry, line, "conversations", "from", "value"),
            DatasetFormat.Messages => ReadChat(entry, line, "messages", "role", "content"),
            DatasetFormat.Aiperf when entry.TryGetProperty("turns", out JsonElement turns) => ReadTurns(entry, turns, line),
            _ => ReadPrompt(entry, line),
        };
    }

    private Conversation? ReadPrompt(JsonElement entry, int line)
    {
        PromptFields fields = PromptFields.Of(format);
        string? prompt = values.Text(entry, fields.Text, line, isRequired: true);
        string? system = values.Text(entry, fields.System, line, isRequired: false);
        bool areRight = values.TryTokens(entry, fields.InputTokens, line, out int? input)
            & values.TryTokens(entry, fields.OutputTokens, line, out int? output);
        if (prompt is null || !areRight)
        {
            return null;
        }

        ConversationBuilder builder = new(NameOf(entry), line);
        if (system is not null)
        {
            builder.Add(ChatRole.System, system);
        }

        builder.AddTurn(prompt, input, output);
        return WithOutput(builder.Build(), line);
    }

    private Conversation? ReadTurns(JsonElement entry, JsonElement turns, int line)
    {
        if (!IsList(turns, "turns", line))
        {
            return null;
        }

        PromptFields fields = PromptFields.Of(DatasetFormat.Aiperf);
        ConversationBuilder builder = new(NameOf(entry), line);
        bool areRight = true;
        bool isFirst = true;
        foreach (JsonElement turn in turns.EnumerateArray())
        {
            string? words = turn.ValueKind == JsonValueKind.Object ? values.Text(turn, fields.Text, line, isRequired: true)
                : turn.ValueKind == JsonValueKind.String ? values.TextOf(turn, "turns", line)
                : values.Refuse("turns", turn.ValueKind, "a list of objects with text", line);
            double? delay = null;
            int? output = null;
            bool isRight = words is not null && (turn.ValueKind != JsonValueKind.Object
                || (values.TryTokens(turn, fields.OutputTokens, line, out output) & values.TryDelay(turn, line, out delay)));
            areRight &= isRight;
            if (isRight && isFirst && RoleIn(turn) == ChatRole.System)
            {
                builder.Add(ChatRole.System, words!);
            }
            else if (isRight)
            {
                builder.AddTurn(words!, inputTokens: null, output, delay);
            }

            if (builder.IsTooLong)
            {
                values.Refuse("turns", $"more than {ConversationBuilder.MaxBytes} bytes with what stands in for the answers", Short, line);
                return null;
            }

            isFirst = false;
        }

        return areRight ? WithOutput(builder.Build(), line) : null;
    }

    private Conversation? ReadChat(JsonElement entry, int line, string listName, string roleName, string textName)
    {
        if (!entry.TryGetProperty(listName, out JsonElement list) || !IsList(list, listName, line))
        {
            _ = list.ValueKind == JsonValueKind.Undefined ? values.Refuse(listName, null, "a list of messages", line) : null;
            return null;
        }

        List<(ChatRole Role, string Words)> messages = [];
        bool areRight = true;
        foreach (JsonElement message in list.EnumerateArray())
        {
            string place = $"{listName}[{messages.Count}]";
            ChatRole? role = message.ValueKind != JsonValueKind.Object ? null : RoleOf(message, roleName);
            string? words = role is null
                ? values.Refuse($"{place}.{roleName}", Shown(message, roleName), "system, user (human) or assistant (gpt)", line)
                : message.TryGetProperty(textName, out JsonElement value) ? values.TextOf(value, $"{place}.{textName}", line)
                : values.Refuse($"{place}.{textName}", null, "text", line);
            areRight &= words is not null;
            messages.Add((role ?? ChatRole.User, words ?? ""));
        }

        return areRight ? Usable(Chat(messages, NameOf(entry), line)) : null;
    }

    /// <summary>
    /// The turns of a chat: each message of the user before an answer, and the last one. What the model says before the user does is no
    /// answer, and empty messages are left out.
    /// </summary>
    private static Conversation? Chat(List<(ChatRole Role, string Words)> messages, string? name, int line)
    {
        ConversationBuilder builder = new(name, line);
        messages.RemoveAll(message => string.IsNullOrWhiteSpace(message.Words));
        int first = messages.FindIndex(message => message.Role == ChatRole.User);
        for (int index = 0; index < messages.Count && first >= 0; index++)
        {
            (ChatRole role, string words) = messages[index];
            if (role == ChatRole.User && (index + 1 == messages.Count || messages[index + 1].Role == ChatRole.Assistant))
            {
                builder.AddTurn(words);
            }
            else if (role != ChatRole.Assistant || index > first)
            {
                builder.Add(role, words);
            }
        }

        return builder.Build();
    }

    /// <summary>
    /// A chat that can be used; <c>null</c> for any other, which is counted. Collections of chats have many without an answer.
    /// </summary>
    private Conversation? Usable(Conversation? chat)
    {
        if (chat is not null && (!needsOutputs || chat.TurnsWithOutput > 0))
        {
            return chat;
        }

        LeftOut++;
        return null;
    }

    /// <summary>Prompts of which each line states the output length; <c>null</c> where it is missing, which is a problem.</summary>
    private Conversation? WithOutput(Conversation? prompts, int line)
    {
        if (prompts is not null && needsOutputs && prompts.TurnsWithOutput < prompts.TurnCount)
        {
            string[] names = PromptFields.Of(format).OutputTokens;
            values.Refuse(
                names[0], null, $"{EntryValues.TokensAllowed}, or a length for all outputs (lengths.output, --output-tokens)", line);
            return null;
        }

        return prompts;
    }

    private bool IsList(JsonElement list, string name, int line)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            problems.Add(name, list.ValueKind, "a list", line);
            return false;
        }

        if (list.GetArrayLength() > MaxMessages)
        {
            problems.Add(name, $"{list.GetArrayLength()} of them", $"at most {MaxMessages}", line);
            return false;
        }

        return true;
    }

    private static ChatRole? RoleIn(JsonElement turn) => turn.ValueKind == JsonValueKind.Object ? RoleOf(turn, "role") : null;

    private static ChatRole? RoleOf(JsonElement message, string name) =>
        message.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? EntryValues.Raw(value).Trim('"').ToUpperInvariant() switch
            {
                "SYSTEM" or "DEVELOPER" => ChatRole.System,
                "USER" or "HUMAN" => ChatRole.User,
                "ASSISTANT" or "GPT" or "CHATGPT" or "BARD" or "BING" or "MODEL" or "TOOL" or "FUNCTION" => ChatRole.Assistant,
                _ => null,
            }
            : null;

    private static string? NameOf(JsonElement entry)
    {
        foreach (string member in (string[])["id", "session_id"])
        {
            if (entry.TryGetProperty(member, out JsonElement value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            {
                string name = EntryValues.Raw(value).Trim('"');
                return name[..Math.Min(name.Length, MaxNameLetters)];
            }
        }

        return null;
    }

    private static string? Shown(JsonElement message, string name) =>
        message.ValueKind != JsonValueKind.Object ? message.ValueKind.ToString()
        : message.TryGetProperty(name, out JsonElement value) ? EntryValues.Raw(value) : null;
}
