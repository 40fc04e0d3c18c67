using System.Globalization;
using System.Security.Cryptography;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Workloads.Datasets;
using GreenServe.Workloads.Lengths;

namespace GreenServe.Workloads.Schedules;

/// <summary>Gives the requests of a schedule their prompts from the workload's dataset, turn by turn.</summary>
internal sealed class DatasetUse
{
    private readonly Workload workload;
    private readonly DatasetSource source;
    private readonly Dataset? dataset;
    private readonly TokenCounter counter;
    private readonly ulong seed;
    private readonly int maxTurns;
    private readonly bool needsOutputs;
    private readonly bool hasTurns;
    private readonly HashSet<Conversation> sent = [];
    private readonly HashSet<string> systemTexts = [];
    private Conversation? current;
    private long session = -1;
    private int turn;
    private int countedMessages;
    private long historyTokens;
    private int earlierInputTokens;
    private bool wasSent;

    private DatasetUse(Workload workload, ulong seed)
    {
        this.workload = workload;
        this.seed = seed;
        source = workload.Dataset!;
        counter = source.Tokenizer is { } file ? TokenCounter.Of(Path.Combine(workload.Folder ?? "", file)) : TokenCounter.Estimate;
        maxTurns = workload.Sessions?.Turns ?? int.MaxValue;
        needsOutputs = workload.Lengths is DatasetLengths { Output: null };
        if (source.Format == DatasetFormat.Sonnet)
        {
            RequireOutput();
            return;
        }

        dataset = DatasetFile.Read(source, workload.Folder, workload.Requests ?? RequestLimits.MaxRequests, seed, needsOutputs);
        hasTurns = dataset.Conversations.Any(conversation => TurnsOf(conversation) > 1);
    }

    /// <summary>Whether the session of the last request has another turn.</summary>
    internal bool SessionGoesOn => current is not null && turn < TurnsOf(current);

    /// <summary>Whether any prompt is a chat of several messages.</summary>
    internal bool HasChats { get; private set; }

    /// <summary>Number of sessions so far; <c>null</c> where each request stands alone.</summary>
    internal int? Sessions => hasTurns ? (int)session + 1 : null;

    /// <summary>The use of a workload's dataset; <c>null</c> for a workload without one.</summary>
    /// <exception cref="InvalidInputException">The dataset cannot be read, or does not say how long outputs are.</exception>
    internal static DatasetUse? Of(Workload workload, ulong seed) => workload.Dataset is null ? null : new DatasetUse(workload, seed);

    /// <summary>Gives a request the next turn.</summary>
    /// <param name="drawn">The request as drawn. Its output length is 0 where the dataset has it.</param>
    internal ScheduledRequest Apply(in ScheduledRequest drawn)
    {
        if (!SessionGoesOn)
        {
            Begin();
        }

        ConversationTurn said = current!.TurnAt(turn);
        int input = InputTokens(said);
        int output = drawn.OutputTokens > 0 ? drawn.OutputTokens : OutputTokens(said);
        HasChats |= said.Messages > 1;
        ScheduledRequest request = drawn with
        {
            InputTokens = input,
            OutputTokens = output,
            Class = workload.Classes.Classify(input, output),
            Conversation = current,
            PrefixGroup = hasTurns ? (int)session : null,
            Turn = hasTurns ? turn : null,
            SharedPrefixTokens = Math.Min(SharedTokens(input), input - 1),
            ThinkSeconds = turn > 0 && said.DelaySeconds is { } delay ? Math.Round(delay, 6) : drawn.ThinkSeconds,
        };
        earlierInputTokens = input;
        turn++;
        return request;
    }

    /// <summary>How the dataset was read and what was taken of it, one sentence each. It is complete after the last request.</summary>
    internal IEnumerable<string> Notes()
    {
        if (dataset is null)
        {
            yield return FormattableString.Invariant(
                $"prompts are generated verse of about {source.VersePromptTokens} tokens ({counter.Description}), of which ")
                + FormattableString.Invariant($"the first {source.VerseSharedTokens} are the same in all");
            yield break;
        }

        string name = source.ShownName;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{name} was read as {EnumText.Of(dataset.Format)}: {dataset.Count} conversations, of which {sent.Count} are used");
        yield return $"{name}: lengths that the dataset does not state are {counter.Description}";
        if (session + 1 > sent.Count)
        {
            yield return FormattableString.Invariant(
                $"{name}: {session + 1 - sent.Count} of {session + 1} conversations are sent again, so that a prefix cache may know them");
        }

        if (hasTurns)
        {
            yield return $"{name}: the history of a turn holds the dataset's own answers, or verse where it has none, and not the server's";
        }

        if (dataset.LeftOut > 0)
        {
            yield return FormattableString.Invariant(
                $"{name}: {dataset.LeftOut} conversations without a message of a user, or without an answer to take a length from, ")
                + "are left out";
        }
    }

    private void RequireOutput()
    {
        if (needsOutputs)
        {
            throw new InvalidInputException(new Problem("$.lengths.output", null, $"an output length, since {source.ShownName} has none"));
        }
    }

    private int TurnsOf(Conversation conversation) =>
        Math.Min(maxTurns, needsOutputs ? conversation.TurnsWithOutput : conversation.TurnCount);

    private void Begin()
    {
        session++;
        (turn, countedMessages, historyTokens, earlierInputTokens) = (0, 0, 0, 0);
        if (dataset is null)
        {
            ConversationBuilder verse = new(name: null, line: 0);
            verse.AddTurn(Verse.Prompt(seed, session, source.VerseSharedTokens, source.VersePromptTokens));
            current = verse.Build();
            return;
        }

        current = dataset.Conversations[(int)(session % dataset.Conversations.Count)];
        wasSent = !sent.Add(current);
    }

    private int InputTokens(in ConversationTurn said)
    {
        for (; countedMessages < said.Messages; countedMessages++)
        {
            historyTokens += counter.Count(current!.MessageAt(countedMessages).Text.Span);
        }

        return (int)Math.Clamp(said.InputTokens ?? historyTokens, 1, RequestLimits.MaxTokens);
    }

    private int OutputTokens(in ConversationTurn said)
    {
        int tokens = said.OutputTokens ?? counter.Count(current!.MessageAt(said.Messages).Text.Span);
        return Math.Clamp(tokens, 1, RequestLimits.MaxTokens);
    }

    /// <summary>
    /// Number of tokens at the beginning of a prompt that a server can know: those of the turn before, those of a conversation that was
    /// sent already, or those of an instruction that an earlier conversation began with.
    /// </summary>
    private int SharedTokens(int inputTokens)
    {
        if (turn > 0)
        {
            return earlierInputTokens;
        }

        if (wasSent)
        {
            return inputTokens;
        }

        if (dataset is null)
        {
            return session > 0 ? source.VerseSharedTokens : 0;
        }

        ChatMessage first = current!.MessageAt(0);
        return first.Role == ChatRole.System && !systemTexts.Add(Convert.ToHexString(SHA256.HashData(first.Text.Span)))
            ? counter.Count(first.Text.Span)
            : 0;
    }
}
