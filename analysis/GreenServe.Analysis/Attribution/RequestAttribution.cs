using GreenServe.Analysis.Metrics;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Attribution;

/// <summary>The energy of a whole run laid on its requests; with what no request was there for, the parts add up to the total.</summary>
public sealed record RequestAttribution
{
    /// <summary>Energy of the run (J).</summary>
    public required double TotalJoules { get; init; }

    /// <summary>Energy of each request (J), by id.</summary>
    public required IReadOnlyDictionary<long, double> ByRequest { get; init; }

    /// <summary>Energy of each class (J), in the order SS..LL.</summary>
    public required IReadOnlyList<(string Class, int Requests, double Joules)> ByClass { get; init; }

    /// <summary>Energy while no request was in flight, and what the backend laid on none (J).</summary>
    public required double UnattributedJoules { get; init; }

    /// <summary>How it was laid on them.</summary>
    public required string Method { get; init; }

    /// <summary>Lays the energy of a run on its requests.</summary>
    /// <returns><c>null</c> where the run's energy was not measured.</returns>
    public static RequestAttribution? Of(RunRecord record)
    {
        double end = Math.Max(
            record.Manifest.DurationSeconds ?? 0, record.Requests.Select(request => request.CompletedSeconds ?? 0).DefaultIfEmpty(0).Max());
        if (end <= 0 || EnergyAccount.Timeline(record, 0, end) is not { } energy)
        {
            return null;
        }

        double total = energy(0, end);
        bool isStated = record.Requests.Count > 0 && record.Requests.All(request => request.EnergyJoules is not null);
        Dictionary<long, double> byRequest = isStated
            ? record.Requests.ToDictionary(request => request.Id, request => request.EnergyJoules!.Value)
            : EqualShares(record.Requests, energy);
        return new RequestAttribution
        {
            TotalJoules = total,
            ByRequest = byRequest,
            ByClass = [.. RequestClass.All.Select(one => (one.Name, Requests: record.Requests.Where(request => request.Class == one.Name).ToArray()))
                .Where(pair => pair.Requests.Length > 0)
                .Select(pair => (pair.Name, pair.Requests.Length, pair.Requests.Sum(request => byRequest.GetValueOrDefault(request.Id))))],
            UnattributedJoules = total - byRequest.Values.Sum(),
            Method = isStated ? "stated by the backend, step by step" : "each instant's power in equal shares to the requests in flight",
        };
    }

    /// <summary>One sweep over the instants at which a request comes or goes: between two of them the requests in flight share alike.</summary>
    private static Dictionary<long, double> EqualShares(IReadOnlyList<RequestRecord> requests, Func<double, double, double> energy)
    {
        RequestRecord[] served = [.. requests.Where(request => request is { IssuedSeconds: not null, CompletedSeconds: not null } && request.CompletedSeconds > request.IssuedSeconds)];
        (double At, int Change)[] events = [.. served
            .SelectMany(request => new[] { (request.IssuedSeconds!.Value, 1), (request.CompletedSeconds!.Value, -1) })
            .OrderBy(change => change.Item1)];
        Dictionary<double, double> shareUpTo = [];
        double share = 0;
        double last = 0;
        int inFlight = 0;
        foreach ((double at, int change) in events)
        {
            share += inFlight > 0 && at > last ? energy(last, at) / inFlight : 0;
            shareUpTo[at] = share;
            inFlight += change;
            last = at;
        }

        return served.ToDictionary(request => request.Id, request => shareUpTo[request.CompletedSeconds!.Value] - shareUpTo[request.IssuedSeconds!.Value]);
    }
}
