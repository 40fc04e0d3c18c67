using System.Globalization;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.OpenAi;

/// <summary>Adapters (LoRA) that requests ask for by name, drawn by a power law.</summary>
/// <remarks>
/// The adapter at place k, counted from 1, is drawn with a probability in proportion to 1 / k^exponent. The draw depends on the seed of the
/// workload and the number of the request alone, so that it is the same in every run and in any order.
/// </remarks>
public sealed class AdapterMix
{
    private readonly double[] cumulative;

    /// <summary>Creates a mix.</summary>
    /// <param name="names">The names under which the server has the adapters, the most popular first; at least one.</param>
    /// <param name="exponent">The exponent of the power law, in [0, 10]. At 0 all adapters are equally likely.</param>
    public AdapterMix(IReadOnlyList<string> names, double exponent)
    {
        Names = names;
        Exponent = exponent;
        cumulative = new double[names.Count];
        double sum = 0;
        for (int place = 0; place < names.Count; place++)
        {
            sum += Math.Pow(place + 1, -exponent);
            cumulative[place] = sum;
        }
    }

    /// <summary>The names of the adapters, the most popular first.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The exponent of the power law.</summary>
    public double Exponent { get; }

    /// <summary>The adapter of a request.</summary>
    /// <param name="seed">Seed of the workload.</param>
    /// <param name="request">Number of the request in its schedule.</param>
    public string Of(ulong seed, long request)
    {
        double drawn = Uniform(seed, request) * cumulative[^1];
        int place = Array.FindIndex(cumulative, bound => drawn < bound);
        return Names[place < 0 ? Names.Count - 1 : place];
    }

    /// <summary>What a schedule asks for, in a sentence for its record: the share of each adapter.</summary>
    internal string Describe(ulong seed, IReadOnlyCollection<ScheduledRequest> requests)
    {
        Dictionary<string, int> counts = requests.CountBy(request => Of(seed, request.Id)).ToDictionary();
        IEnumerable<string> shares = Names.Select(name => string.Create(
            CultureInfo.InvariantCulture, $"{name} {100.0 * counts.GetValueOrDefault(name) / requests.Count:0.#} %"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"adapters by a power law of exponent {Exponent:0.###}, shares of the {requests.Count} requests: {string.Join(", ", shares)}");
    }

    /// <summary>A number in [0, 1) that looks random (SplitMix64 of the seed and the request).</summary>
    private static double Uniform(ulong seed, long request)
    {
        const ulong increment = 0x9E3779B97F4A7C15;
        ulong mixed = seed + (increment * ((ulong)request + 1));
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
