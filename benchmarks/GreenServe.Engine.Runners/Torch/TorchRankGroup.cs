using GreenServe.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace GreenServe.Engine.Runners.Torch;

/// <summary>
/// The ranks that hold a decoder together, one a device. Several run a step at once, each driven by a thread of its own, because asking a
/// device for a layer takes the host about as long as a small layer takes the device.
/// </summary>
internal sealed class TorchRankGroup : IDisposable
{
    private readonly TorchRank[] ranks;
    private readonly Thread[] threads;
    private readonly PartExchange exchange;
    private readonly Barrier edge;
    private readonly Exception?[] failures;
    private int[] packed = [];
    private StepInputs inputs = new();
    private bool isStopping;

    /// <summary>Loads every rank.</summary>
    /// <param name="options">Model and sizes.</param>
    /// <param name="settings">Devices and precision.</param>
    /// <param name="script">The compiled decoder.</param>
    internal TorchRankGroup(RunnerOptions options, TorchSettings settings, jit.CompilationUnit script)
    {
        int count = settings.TensorParallelism;
        ranks = [.. Enumerable.Range(0, count).Select(number => new TorchRank(options, settings, script, number))];
        exchange = new PartExchange(count);
        edge = new Barrier(count);
        failures = new Exception?[count];
        threads = [.. Enumerable.Range(1, count - 1).Select(number => new Thread(() => Follow(number))
        {
            Name = $"rank {number}",
            IsBackground = true,
        })];
        Array.ForEach(threads, thread => thread.Start());
    }

    /// <summary>The device that gets the scores.</summary>
    internal Device Device => ranks[0].Device;

    /// <summary>Runs a step on all ranks.</summary>
    /// <param name="step">What <see cref="StepInputs.Pack"/> made.</param>
    /// <param name="sizes">Its sizes.</param>
    /// <returns>Scores (float32) of the scored tokens over the whole vocabulary; if there are none, what the last layer gave.</returns>
    /// <exception cref="UnavailableException">A rank failed, now or in an earlier step: their caches no longer agree.</exception>
    internal Tensor Step(int[] step, StepInputs sizes)
    {
        if (ranks.Length == 1)
        {
            return ranks[0].Step(step, sizes);
        }

        Refuse();
        (packed, inputs) = (step, sizes);
        edge.SignalAndWait();
        Tensor? result = RunGuarded(0);
        edge.SignalAndWait();
        Refuse();
        return result!;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (threads.Length > 0)
        {
            isStopping = true;
            edge.SignalAndWait();
            Array.ForEach(threads, thread => thread.Join());
        }

        exchange.Dispose();
        Array.ForEach(ranks, rank => rank.Dispose());
        edge.Dispose();
    }

    private void Refuse()
    {
        if (failures.FirstOrDefault(failure => failure is not null and not OperationCanceledException) is { } cause)
        {
            throw new UnavailableException($"A rank of the tensor-parallel group failed: {cause.Message}");
        }
    }

    /// <summary>The life of a rank's thread: one step between two meetings with the others.</summary>
    private void Follow(int number)
    {
        while (true)
        {
            edge.SignalAndWait();
            if (isStopping)
            {
                return;
            }

            RunGuarded(number)?.Dispose();
            edge.SignalAndWait();
        }
    }

    private Tensor? RunGuarded(int number)
    {
        try
        {
            // Both are a thread's own.
            using IDisposable withoutGradients = no_grad();
            using DisposeScope scope = NewDisposeScope();
            return Run(number).MoveToOuterDisposeScope();
        }
        catch (Exception exception)
        {
            // Whatever it was: a thread that ends would leave the others waiting for ever.
            failures[number] = exception;
            exchange.Break();
            return null;
        }
    }

    private Tensor Run(int number)
    {
        TorchRank rank = ranks[number];
        Tensor[] state = rank.Begin(packed, inputs);
        for (int layer = 0; layer < rank.Layers; layer++)
        {
            rank.Join(state, exchange.Share(number, rank.Attention(state, inputs, layer)));
            rank.Join(state, exchange.Share(number, rank.FeedForward(state, layer)));
        }

        if (inputs.Scored == 0)
        {
            return state[0];
        }

        Tensor[] parts = exchange.Share(number, rank.Scores(state));
        return number == 0 ? cat([.. parts.Select(part => part.to(rank.Device))], 1) : state[0];
    }
}
