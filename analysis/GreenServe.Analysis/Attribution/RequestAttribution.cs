using System.Globalization;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Attribution;

/// <summary>
/// The energy of a whole run laid on its requests. With the energy that belongs to no request, the parts add up to the total.
/// </summary>
internal sealed record RequestAttribution
{
    /// <summary>The stretch of the run that the energy covers (s).</summary>
    public required (double From, double To) Span { get; init; }

    /// <summary>Energy of the stretch (J).</summary>
    public required double TotalJoules { get; init; }

    /// <summary>Energy of each request (J), in the order of the record.</summary>
    public required IReadOnlyList<double> ByRequest { get; init; }

    /// <summary>Energy of each class (J), in the order SS..LL.</summary>
    public required IReadOnlyList<ClassEnergy> ByClass { get; init; }

    /// <summary>Energy while no request was in flight, and what the backend laid on none (J).</summary>
    public required double UnattributedJoules { get; init; }

    /// <summary>How the energy was laid on the requests.</summary>
    public required string Method { get; init; }

    /// <summary>Lays the energy of a run on its requests.</summary>
    /// <returns><c>null</c> where the run's energy was not measured.</returns>
    public static RequestAttribution? Of(RunRecord record)
    {
        (double from, double to) = EnergyAccount.Span(record);
        if (to <= from || EnergyAccount.Timeline(record, from, to) is not { } energy)
        {
            return null;
        }

        double total = energy(from, to);
        bool isStated = record.Requests.Count > 0 && record.Requests.All(request => request.EnergyJoules is not null);
        double[] byRequest = isStated
            ? [.. record.Requests.Select(request => request.EnergyJoules!.Value)]
            : EqualShares(record.Requests, from, to, energy);
        Dictionary<string, (int Requests, double Joules)> classes = [];
        foreach ((int index, RequestRecord request) in record.Requests.Index())
        {
            (int count, double joules) = classes.GetValueOrDefault(request.Class);
            classes[request.Class] = (count + 1, joules + byRequest[index]);
        }

        return new RequestAttribution
        {
            Span = (from, to),
            TotalJoules = total,
            ByRequest = byRequest,
            ByClass = [.. RequestClass.All.Select(one => one.Name).Where(classes.ContainsKey)
                .Select(name => new ClassEnergy(name, classes[name].Requests, classes[name].Joules))],
            UnattributedJoules = total - byRequest.Sum(),
            Method = isStated
                ? "stated by the backend, step by step"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"each instant's power in equal shares to the requests in flight, from {from:0.###} s to {to:0.###} s"),
        };
    }

    /// <summary>
    /// Sweeps once over the instants at which a request comes or goes. Between two of them the requests in flight share the energy alike.
    /// </summary>
    private static double[] EqualShares(IReadOnlyCollection<RequestRecord> requests, double from, double to, Func<double, double, double> energy)
    {
        // Twice the index for a beginning, and one more for an end: sorted by time, without an object each.
        double[] times = new double[2 * requests.Count];
        int[] events = new int[2 * requests.Count];
        int count = 0;
        foreach ((int index, RequestRecord request) in requests.Index())
        {
            if (request is { IssuedSeconds: { } issued, CompletedSeconds: { } completed }
                && Math.Min(completed, to) > Math.Max(issued, from))
            {
                (times[count], events[count++]) = (Math.Max(issued, from), 2 * index);
                (times[count], events[count++]) = (Math.Min(completed, to), (2 * index) + 1);
            }
        }

        Array.Sort(times, events, 0, count);
        double[] joules = new double[requests.Count];
        double share = 0;
        double last = from;
        int inFlight = 0;
        for (int place = 0; place < count; place++)
        {
            share += inFlight > 0 && times[place] > last ? energy(last, times[place]) / inFlight : 0;
            last = times[place];
            bool isEnd = events[place] % 2 == 1;
            joules[events[place] / 2] += isEnd ? share : -share;
            inFlight += isEnd ? -1 : 1;
        }

        return joules;
    }
}

/// <summary>The energy of the requests of one class.</summary>
/// <param name="Class">The class, from <c>SS</c> to <c>LL</c>.</param>
/// <param name="Requests">Requests of the class; at least 1.</param>
/// <param name="Joules">Energy of all of them together (J).</param>
internal sealed record ClassEnergy(string Class, int Requests, double Joules);
