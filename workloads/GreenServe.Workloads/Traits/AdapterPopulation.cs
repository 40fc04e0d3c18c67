using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Traits;

/// <summary>
/// The adapters (LoRA) among which requests are spread. Every request needs one, and the turns of a session need the same. Adapters are
/// numbered from 0, the most popular first. Adapter k is asked for in proportion to 1 / (k + 1)^exponent.
/// </summary>
public sealed record AdapterPopulation : IChecked
{
    /// <summary>Number of adapters.</summary>
    /// <value>From 1 to 100000.</value>
    [Range(1, 100_000)]
    public required int Count { get; init; }

    /// <summary>Exponent of the power law of popularity. At 0 all adapters are equally popular.</summary>
    /// <value>From 0 to 10; default 1.</value>
    [Range(0, 10)]
    public double Exponent { get; init; } = 1;

    /// <summary>Bytes of an adapter for each unit of its rank: the size of its two matrices over the layers that it changes.</summary>
    /// <value>Above 0, at most 1000000000000.</value>
    [Range(0, 1e12, MinimumIsExclusive = true)]
    public required double BytesPerRank { get; init; }

    /// <summary>The ranks of the adapters. They are dealt out so that they keep their shares among the most popular adapters too.</summary>
    /// <value>At least one, with one share above 0.</value>
    public required IReadOnlyList<AdapterRank> Ranks { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (!(Ranks.Sum(rank => rank.Share) > 0))
        {
            yield return new Problem("$.ranks", Ranks.Count == 0 ? "none" : "shares with a sum of 0", "at least one share greater than 0");
        }

        foreach (AdapterRank twice in Ranks.GroupBy(rank => rank.Rank).Where(group => group.Count() > 1).Select(group => group.First()))
        {
            yield return new Problem("$.ranks", $"rank {twice.Rank} twice", "each rank once");
        }
    }

    /// <summary>The adapters, by number.</summary>
    /// <remarks>Each adapter gets the rank that is furthest behind its share; of two that are, the one that is stated first.</remarks>
    internal IReadOnlyList<Adapter> Adapters()
    {
        double total = Ranks.Sum(rank => rank.Share);
        int[] dealt = new int[Ranks.Count];
        Adapter[] adapters = new Adapter[Count];
        for (int number = 0; number < Count; number++)
        {
            int chosen = 0;
            double furthest = double.NegativeInfinity;
            for (int index = 0; index < dealt.Length; index++)
            {
                double behind = (Ranks[index].Share / total * (number + 1)) - dealt[index];
                (chosen, furthest) = behind > furthest ? (index, behind) : (chosen, furthest);
            }

            dealt[chosen]++;
            adapters[number] = new Adapter(number, Ranks[chosen].Rank, Ranks[chosen].Rank * BytesPerRank);
        }

        return adapters;
    }

    /// <summary>How often each adapter is asked for, in proportion.</summary>
    internal IEnumerable<double> Popularity() =>
        Enumerable.Range(1, Count).Select(place => Exponent == 0 ? 1 : 1 / PortableMath.Power(place, Exponent));
}

/// <summary>A rank of adapters and how many of them have it.</summary>
public sealed record AdapterRank
{
    /// <summary>The rank: number of rows or columns of each of the two matrices.</summary>
    /// <value>From 1 to 4096.</value>
    [Range(1, 4096)]
    public required int Rank { get; init; }

    /// <summary>Share of the adapters that have it, in any unit.</summary>
    /// <value>At least 0; default 1.</value>
    [Range(0, double.PositiveInfinity)]
    public double Share { get; init; } = 1;
}

/// <summary>An adapter (LoRA) of a model.</summary>
/// <param name="Number">Its number, from 0, the most popular first.</param>
/// <param name="Rank">Its rank.</param>
/// <param name="Bytes">Its size in the memory of an instance, in bytes.</param>
public readonly record struct Adapter(int Number, int Rank, double Bytes);
