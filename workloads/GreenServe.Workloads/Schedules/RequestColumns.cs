using System.Collections;
using GreenServe.Records.Requests;
using GreenServe.Workloads.Datasets;
using GreenServe.Workloads.Traces;

namespace GreenServe.Workloads.Schedules;

/// <summary>
/// The requests of a schedule, numbered from 0, as columns. Each request is put together when it is read. With random times and lengths a
/// request takes 16 bytes, and with fixed lengths 8.
/// </summary>
/// <param name="classes">Lengths at which classes begin. The class of a request follows from its lengths.</param>
internal sealed class RequestColumns(RequestClassCuts classes) : IReadOnlyList<ScheduledRequest>
{
    private readonly RequestColumn<double> scheduledSeconds = new();
    private readonly RequestColumn<int> inputTokens = new();
    private readonly RequestColumn<int> outputTokens = new();
    private readonly RequestColumn<int?> prefixGroup = new();
    private readonly RequestColumn<int> sharedPrefixTokens = new();
    private readonly RequestColumn<int?> turn = new();
    private readonly RequestColumn<PromptBlocks?> blocks = new();
    private readonly RequestColumn<Conversation?> conversation = new();
    private readonly RequestColumn<double> thinkSeconds = new();
    private readonly RequestColumn<int> adapter = new();
    private readonly RequestColumn<byte> priority = new();
    private readonly List<string?> priorityNames = [];
    private long blockBytes;
    private long textBytes;

    /// <inheritdoc />
    public int Count { get; private set; }

    /// <summary>
    /// Memory of the requests, in bytes. A trace that they refer to is not counted. The text of a dataset is, once for each time it is
    /// sent.
    /// </summary>
    internal long Bytes =>
        scheduledSeconds.Bytes + inputTokens.Bytes + outputTokens.Bytes + prefixGroup.Bytes + sharedPrefixTokens.Bytes + turn.Bytes
        + blocks.Bytes + conversation.Bytes + thinkSeconds.Bytes + adapter.Bytes + priority.Bytes + blockBytes + textBytes;

    /// <inheritdoc />
    public ScheduledRequest this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            int input = inputTokens[index];
            int output = outputTokens[index];
            return new ScheduledRequest(index, scheduledSeconds[index], classes.Classify(input, output), input, output)
            {
                PrefixGroup = prefixGroup[index],
                SharedPrefixTokens = sharedPrefixTokens[index],
                Turn = turn[index],
                Blocks = blocks[index],
                Conversation = conversation[index],
                ThinkSeconds = thinkSeconds[index],
                Adapter = adapter[index] < 0 ? null : adapter[index],
                Priority = priorityNames[priority[index]],
            };
        }
    }

    /// <summary>Adds a request, whose number must be the next one.</summary>
    internal void Add(in ScheduledRequest request)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(request.Id, Count, nameof(request));
        scheduledSeconds.Add(request.ScheduledSeconds);
        inputTokens.Add(request.InputTokens);
        outputTokens.Add(request.OutputTokens);
        prefixGroup.Add(request.PrefixGroup);
        sharedPrefixTokens.Add(request.SharedPrefixTokens);
        turn.Add(request.Turn);
        blocks.Add(request.Blocks);
        conversation.Add(request.Conversation);
        thinkSeconds.Add(request.ThinkSeconds);
        adapter.Add(request.Adapter ?? -1);
        priority.Add(NumberOf(request.Priority));
        blockBytes += request.Blocks?.Bytes ?? 0;
        textBytes += request.Turn is > 0 ? 0 : request.Conversation?.Bytes ?? 0;
        Count++;
    }

    /// <summary>Number of a priority among those seen so far. A workload has few.</summary>
    private byte NumberOf(string? name)
    {
        int number = priorityNames.IndexOf(name);
        if (number < 0)
        {
            number = priorityNames.Count;
            priorityNames.Add(name);
        }

        return checked((byte)number);
    }

    /// <inheritdoc />
    public IEnumerator<ScheduledRequest> GetEnumerator()
    {
        for (int index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    /// <inheritdoc />
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
