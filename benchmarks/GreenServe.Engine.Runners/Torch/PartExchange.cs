using static TorchSharp.torch;

namespace GreenServe.Engine.Runners.Torch;

/// <summary>Lets ranks show each other their tensors. Each rank has a thread of its own.</summary>
/// <remarks>
/// The device need not have computed a tensor yet when its rank shows it: a copy to another device makes that device wait. The exchange
/// keeps a tensor until its rank shows the second one after it. By then every rank has shown a tensor of its own since, and has therefore
/// asked for its copy.
/// </remarks>
/// <param name="ranks">The number of ranks that take part.</param>
internal sealed class PartExchange(int ranks) : IDisposable
{
    // Every rank spins on the round numbers of the others, so these lie apart by a cache line.
    private const int Stride = 16;
    private readonly Tensor?[][] shown = [new Tensor?[ranks], new Tensor?[ranks]];
    private readonly int[] rounds = new int[ranks * Stride];
    private volatile bool isBroken;

    /// <summary>Shows the tensor of a rank and waits for the tensors of the others.</summary>
    /// <param name="rank">The number of the rank, from 0.</param>
    /// <param name="part">The tensor. From now on the exchange owns it.</param>
    /// <returns>The tensors of all ranks, in the order of the ranks. They are valid until the next call.</returns>
    /// <exception cref="OperationCanceledException">Another rank failed.</exception>
    internal Tensor[] Share(int rank, Tensor part)
    {
        int round = rounds[rank * Stride] + 1;
        Tensor?[] places = shown[round & 1];
        places[rank]?.Dispose();
        places[rank] = part.DetachFromDisposeScope();
        Volatile.Write(ref rounds[rank * Stride], round);
        for (int other = 0; other < ranks; other++)
        {
            Await(other, round);
        }

        return places!;
    }

    /// <summary>Makes every rank give up its present or next wait, because one rank has failed.</summary>
    internal void Break() => isBroken = true;

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (Tensor? tensor in shown.SelectMany(places => places))
        {
            tensor?.Dispose();
        }
    }

    private void Await(int other, int round)
    {
        SpinWait spin = default;
        while (Volatile.Read(ref rounds[other * Stride]) < round)
        {
            if (isBroken)
            {
                throw new OperationCanceledException("Another rank of the tensor-parallel group failed.");
            }

            // The spin must never turn into a sleep of a millisecond, since a whole layer takes less time.
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }
}
