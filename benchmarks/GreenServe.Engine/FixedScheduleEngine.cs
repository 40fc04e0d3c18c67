using GreenServe.Records.Timing;

namespace GreenServe.Engine;

/// <summary>
/// An engine that computes nothing and sends every token at a fixed time. Token k of a request comes at submission + first + k x gap.
/// </summary>
/// <remarks>
/// An HTTP server with such an engine and a <see cref="Http.SendLog"/> knows the exact time of every token. The accuracy of a load
/// generator is measured against that log.
/// </remarks>
public sealed class FixedScheduleEngine : IInferenceEngine
{
    private const int TokenId = 't';
    private readonly FixedScheduleOptions options;
    private readonly TimeProvider clock;
    private readonly PreciseWaiter waiter;
    private readonly PriorityQueue<Stream, long> due = new();
    private readonly Lock gate = new();
    private readonly Thread thread;
    private readonly int[] tokens;
    private bool isStopping;

    /// <summary>Starts the engine's thread.</summary>
    /// <param name="options">The times of the tokens.</param>
    /// <param name="clock">The clock of the schedule. Default: <see cref="TimeProvider.System"/>.</param>
    public FixedScheduleEngine(FixedScheduleOptions options, TimeProvider? clock = null)
    {
        this.options = options;
        this.clock = clock ?? TimeProvider.System;
        waiter = new PreciseWaiter(this.clock);
        tokens = new int[options.TokensPerChunk];
        tokens.AsSpan().Fill(TokenId);
        Model = new EngineModel(options.ModelName, options.ContextTokens, options.VocabularySize) { IsSimulated = true };
        thread = new Thread(Run) { Name = "fixed schedule", IsBackground = true };
        thread.Start();
    }

    /// <inheritdoc />
    public EngineModel Model { get; }

    /// <inheritdoc />
    public ITextCodec Text { get; } = new ByteTextCodec();

    /// <inheritdoc />
    public EngineStatus ReadStatus()
    {
        lock (gate)
        {
            return new EngineStatus { Running = due.Count, Waiting = 0 };
        }
    }

    /// <inheritdoc />
    public void Submit(GenerationRequest request, IGenerationSink sink, CancellationToken cancellationToken)
    {
        long first = clock.GetTimestamp() + Ticks(options.FirstTokenSeconds);
        lock (gate)
        {
            due.Enqueue(new Stream(sink, request.MaxTokens, cancellationToken), first);
        }

        waiter.Wake();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        if (!isStopping)
        {
            Volatile.Write(ref isStopping, true);
            waiter.Wake();
            thread.Join();
            waiter.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private long Ticks(double seconds) => (long)(seconds * clock.TimestampFrequency);

    private void Run()
    {
        long gap = Ticks(options.TokenGapSeconds);
        while (!Volatile.Read(ref isStopping))
        {
            long next = long.MaxValue;
            lock (gate)
            {
                if (due.TryPeek(out _, out long earliest))
                {
                    next = earliest;
                }
            }

            if (waiter.WaitUntil(next))
            {
                SendNext(gap);
            }
        }

        EndAll();
    }

    private void SendNext(long gap)
    {
        Stream? stream;
        long time;
        lock (gate)
        {
            if (!due.TryDequeue(out stream, out time))
            {
                return;
            }
        }

        if (stream.CancellationToken.IsCancellationRequested)
        {
            stream.Sink.Finish(FinishReason.Cancelled);
            return;
        }

        int count = Math.Min(tokens.Length, stream.Remaining);
        stream.Remaining -= count;
        bool isLast = stream.Remaining == 0;
        stream.Sink.Accept(tokens.AsSpan(0, count), isLast ? FinishReason.Length : null);
        if (isLast)
        {
            return;
        }

        lock (gate)
        {
            due.Enqueue(stream, time + (gap * count));
        }
    }

    private void EndAll()
    {
        lock (gate)
        {
            while (due.TryDequeue(out Stream? stream, out _))
            {
                stream.Sink.Finish(FinishReason.Cancelled);
            }
        }
    }

    private sealed class Stream(IGenerationSink sink, int tokens, CancellationToken cancellationToken)
    {
        internal IGenerationSink Sink { get; } = sink;

        internal CancellationToken CancellationToken { get; } = cancellationToken;

        internal int Remaining { get; set; } = tokens;
    }
}
