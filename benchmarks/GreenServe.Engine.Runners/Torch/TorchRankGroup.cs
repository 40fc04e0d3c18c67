using GreenServe.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace GreenServe.Engine.Runners.Torch;

/// <summary>
/// The ranks that together hold a decoder, one a device. A thread of its own drives each rank.
/// </summary>
/// <remarks>
/// One thread for all ranks would be too slow: the host takes about as long to launch a layer as a device takes to compute a small one.
/// </remarks>
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

    /// <summary>Loads the decoder: one rank for each device.</summary>
    /// <param name="options">The model and the size of the cache.</param>
    /// <param name="settings">The devices and the precision.</param>
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

    /// <summary>The device on which the scores are.</summary>
    internal Device Device => ranks[0].Device;

    /// <summary>Runs a step on all ranks.</summary>
    /// <param name="step">The vector that <see cref="StepInputs.Pack"/> made.</param>
    /// <param name="sizes">The sizes of the step.</param>
    /// <returns>
    /// The scores (float32) of the scored tokens over the whole vocabulary. If there are none, it is the output of the last layer.
    /// </returns>
    /// <exception cref="UnavailableException">
    /// A rank failed in this step or an earlier one, so that the caches of the ranks no longer agree.
    /// </exception>
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

    /// <summary>Runs one step after another on the thread of a rank. All threads meet before and after each step.</summary>
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
            // Both belong to the thread.
            using IDisposable withoutGradients = no_grad();
            using DisposeScope scope = NewDisposeScope();
            return Run(number).MoveToOuterDisposeScope();
        }
        catch (Exception exception)
        {
            // Every exception is caught, since a thread that ends would leave the others waiting for ever.
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
