using GreenServe.Records.Requests;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Traits;

/// <summary>Draws the priority and the adapter of each request, or of each session.</summary>
internal sealed class TraitDraw
{
    private readonly RandomSequence priorityRandom;
    private readonly RandomSequence adapterRandom;
    private readonly IReadOnlyList<string> names;
    private readonly Dictionary<RequestClass, WeightedChoice> byClass;
    private readonly WeightedChoice? adapters;

    /// <summary>Begins to draw.</summary>
    /// <param name="priorities">The priorities; <c>null</c> for none.</param>
    /// <param name="population">The adapters; <c>null</c> for none.</param>
    /// <param name="sources">The random sequences.</param>
    internal TraitDraw(PriorityShares? priorities, AdapterPopulation? population, ScheduleSources sources)
    {
        priorityRandom = sources.Random(RandomNames.Priority);
        adapterRandom = sources.Random(RandomNames.Adapter);
        names = priorities?.Names ?? [];
        byClass = priorities is null ? [] : RequestClass.All.ToDictionary(
            one => one, one => Choice(priorities.ByClass?.GetValueOrDefault(one.Name) ?? priorities.Shares));
        adapters = population is null ? null : new WeightedChoice(population.Popularity());
    }

    /// <summary>The priority that was drawn last; <c>null</c> where there are none.</summary>
    internal string? Priority { get; private set; }

    /// <summary>The number of the adapter that was drawn last; <c>null</c> where there are none.</summary>
    internal int? Adapter { get; private set; }

    /// <summary>Draws for the first request of a session, or for a request that stands alone.</summary>
    /// <param name="requestClass">Its class.</param>
    internal void Next(RequestClass requestClass)
    {
        Priority = names.Count == 0 ? null : names[byClass[requestClass].Pick(priorityRandom)];
        Adapter = adapters?.Pick(adapterRandom);
    }

    private WeightedChoice Choice(IReadOnlyDictionary<string, double> shares) => new(names.Select(name => shares.GetValueOrDefault(name)));
}
