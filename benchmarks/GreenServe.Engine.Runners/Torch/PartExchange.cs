using static TorchSharp.torch;

namespace GreenServe.Engine.Runners.Torch;

/// <summary>Where ranks, each on a thread of its own, show each other the tensors they have asked their devices for.</summary>
/// <remarks>
/// A tensor shown need not be computed yet: whoever copies it to another device has that device wait. It is kept until its owner shows the
/// one after the next, by when every rank has asked for its copy, since it showed one of its own since.
/// </remarks>
/// <param name="ranks">How many take part.</param>
internal sealed class PartExchange(int ranks) : IDisposable
{
    // Rounds apart by more than a cache line: every rank spins on those of the others.
    private const int Stride = 16;
    private readonly Tensor?[][] shown = [new Tensor?[ranks], new Tensor?[ranks]];
    private readonly int[] rounds = new int[ranks * Stride];
    private volatile bool isBroken;

    /// <summary>Shows a rank's tensor, which now belongs to the exchange, and waits for those of the others.</summary>
    /// <param name="rank">Who shows, from 0.</param>
    /// <param name="part">Its tensor.</param>
    /// <returns>One tensor a rank, in their order; to be read before the next call, and not to be kept.</returns>
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

    /// <summary>Has every rank that waits, or will, give up: one of them failed.</summary>
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

            // Never the sleep of a millisecond that a spin turns into: a whole layer takes less.
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }
}
