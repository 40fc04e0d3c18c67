using System.Collections.Concurrent;
using GreenServe.Engine.Runners;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Engine.Inference;

/// <summary>
/// The reference engine. Its one thread asks the scheduler for the next step, has the runner execute the step, and hands out the tokens.
/// </summary>
/// <remarks>The scheduler is the one that the simulator runs. The engine owns its runner and disposes it.</remarks>
public sealed class InferenceEngine : IInferenceEngine
{
    // Tokens in a block of the cache, as in vLLM.
    private const int BlockTokens = 16;
    private readonly IDecoderRunner runner;
    private readonly InferenceOptions options;
    private readonly TimeProvider clock;
    private readonly StepLog? log;
    private readonly Action? idle;
    private readonly int[] endTokens;
    private readonly BatchScheduler<InferenceSequence> scheduler;
    private readonly StepExecution execution;
    private readonly ConcurrentQueue<InferenceSequence> arrivals = new();

    // The engine does not dispose it, since a request may arrive at that very moment. It holds no handle.
    private readonly SemaphoreSlim wake = new(0);
    private readonly Lock statusGate = new();
    private readonly Thread thread;
    private long submitted;
    private volatile bool isStopping;
    private EngineStatus status;

    /// <summary>Starts the engine's thread.</summary>
    /// <param name="runner">A loaded runner that nobody else uses.</param>
    /// <param name="text">The tokenizer of the model.</param>
    /// <param name="options">The model's name, the limits of a batch, and what ends a text.</param>
    /// <param name="clock">The clock of the step log.</param>
    /// <param name="log">Receives each step; <c>null</c> for no log.</param>
    /// <param name="idle">
    /// Called when the engine has nothing left to do, before <see cref="ReadStatus"/> shows it; <c>null</c> for no call.
    /// </param>
    /// <exception cref="InvalidInputException">The limits of a batch contradict each other.</exception>
    public InferenceEngine(
        IDecoderRunner runner, ITextCodec text, InferenceOptions options, TimeProvider clock, StepLog? log = null, Action? idle = null)
    {
        this.runner = runner;
        this.options = options;
        this.clock = clock;
        this.log = log;
        this.idle = idle;
        Text = text;
        endTokens = [.. options.EndTokens];
        RunnerDescription limits = runner.Description;
        Model = new EngineModel(options.ModelName, limits.ContextTokens, options.VocabularySize)
        {
            EndOfSequenceToken = endTokens.Length > 0 ? endTokens[0] : null,
            IsSimulated = options.IsSimulated,
        };
        scheduler = new BatchScheduler<InferenceSequence>(LimitsOf(limits, options));
        execution = new StepExecution(runner);
        thread = new Thread(Run) { Name = "inference", IsBackground = true };
        thread.Start();
    }

    /// <inheritdoc />
    public EngineModel Model { get; }

    /// <inheritdoc />
    public ITextCodec Text { get; }

    /// <summary>Description of the engine's runner, with the memory it uses.</summary>
    public RunnerDescription Runner => runner.Description;

    /// <summary>The limits of a batch.</summary>
    public BatchLimits Limits => scheduler.Limits;

    /// <inheritdoc />
    public EngineStatus ReadStatus()
    {
        lock (statusGate)
        {
            return status with { Waiting = status.Waiting + arrivals.Count };
        }
    }

    /// <inheritdoc />
    public void Submit(GenerationRequest request, IGenerationSink sink, CancellationToken cancellationToken)
    {
        long number = Interlocked.Increment(ref submitted);
        InferenceSequence sequence = new(request, sink, request.Seed ?? options.Seed + number, endTokens, cancellationToken);
        arrivals.Enqueue(sequence);
        wake.Release();

        // The engine's thread may have emptied the queue for the last time just before the request was queued.
        if (isStopping)
        {
            CancelArrivals();
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        if (!isStopping)
        {
            isStopping = true;
            wake.Release();
            thread.Join();
            CancelArrivals();
            runner.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static BatchLimits LimitsOf(RunnerDescription runner, InferenceOptions options)
    {
        // A slot holds whole blocks, and its last block may reach beyond the context.
        int blocksPerSlot = (runner.ContextTokens + BlockTokens - 1) / BlockTokens;
        long fromSlots = (long)runner.Slots * blocksPerSlot;
        long asked = options.CacheTokens is { } tokens ? tokens / BlockTokens : fromSlots;
        return new BatchLimits(runner.Slots, options.StepTokens, (int)Math.Min(Math.Min(asked, fromSlots), int.MaxValue), BlockTokens);
    }

    private void Run()
    {
        while (!isStopping)
        {
            Admit();
            DropCancelled();
            StepPlan<InferenceSequence> plan = scheduler.Plan();
            if (plan.IsEmpty)
            {
                PublishStatus();
                wake.Wait();
                continue;
            }

            Execute(plan);
            if (scheduler.RunningCount + scheduler.WaitingCount == 0)
            {
                idle?.Invoke();
            }

            PublishStatus();
        }

        foreach (InferenceSequence sequence in scheduler.Unfinished.ToArray())
        {
            Leave(sequence, FinishReason.Cancelled);
        }
    }

    private void Execute(StepPlan<InferenceSequence> plan)
    {
        long begin = clock.GetTimestamp();
        int prefillTokens = plan.PrefillTokens;
        int decodeSequences = plan.DecodeSequences;
        long contextTokens = plan.ContextTokens;
        try
        {
            execution.Run(plan);
        }
        catch (Exception exception)
        {
            // A runner that fails must not take the server down with it. The requests of the batch end with an error; the others go on.
            FailBatch(scheduler.Complete(), $"The runner failed: {exception.Message}");
            return;
        }

        _ = scheduler.Complete();
        foreach (InferenceSequence sequence in execution.Ended)
        {
            // The scheduler still has a sequence that ended before its last token.
            scheduler.End(sequence);
            execution.Close(sequence);
        }

        double start = begin / (double)clock.TimestampFrequency;
        log?.Invoke(new EngineStep(
            start, clock.GetElapsedTime(begin).TotalSeconds, prefillTokens, decodeSequences, contextTokens));
    }

    private void Admit()
    {
        while (arrivals.TryDequeue(out InferenceSequence? sequence))
        {
            // Every arrival has released the semaphore once. An arrival that is taken here needs no further wake-up.
            wake.Wait(0);
            try
            {
                scheduler.Add(sequence);
            }
            catch (InvalidInputException exception)
            {
                sequence.Sink.Finish(FinishReason.Error, exception.Message);
            }
        }
    }

    private void DropCancelled()
    {
        InferenceSequence[]? left = null;
        foreach (InferenceSequence sequence in scheduler.Unfinished)
        {
            if (sequence.CancellationToken.IsCancellationRequested)
            {
                left = [.. left ?? [], sequence];
            }
        }

        foreach (InferenceSequence sequence in left ?? [])
        {
            Leave(sequence, FinishReason.Cancelled);
        }
    }

    private void FailBatch(IReadOnlyList<InferenceSequence> complete, string error)
    {
        foreach (InferenceSequence sequence in complete)
        {
            Finish(sequence, FinishReason.Error, error);
        }

        foreach (InferenceSequence sequence in scheduler.Unfinished.Where(sequence => sequence.RunnerSequence is not null).ToArray())
        {
            Leave(sequence, FinishReason.Error, error);
        }
    }

    /// <summary>Takes a sequence out of the scheduler and tells its client, unless the scheduler no longer has the sequence.</summary>
    private void Leave(InferenceSequence sequence, FinishReason reason, string? error = null)
    {
        if (scheduler.End(sequence))
        {
            Finish(sequence, reason, error);
        }
    }

    private void Finish(InferenceSequence sequence, FinishReason reason, string? error = null)
    {
        execution.Close(sequence);
        sequence.Sink.Finish(reason, error);
    }

    private void CancelArrivals()
    {
        while (arrivals.TryDequeue(out InferenceSequence? sequence))
        {
            sequence.Sink.Finish(FinishReason.Cancelled);
        }
    }

    private void PublishStatus()
    {
        EngineStatus now = new()
        {
            Running = scheduler.RunningCount,
            Waiting = scheduler.WaitingCount,
            KvCacheRatio = scheduler.UsedBlocks / (double)scheduler.Limits.KeyValueBlocks,
            Preemptions = scheduler.Preemptions,
        };
        lock (statusGate)
        {
            status = now;
        }
    }
}
