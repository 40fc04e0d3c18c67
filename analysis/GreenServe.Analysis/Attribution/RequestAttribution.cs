using System.Globalization;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Metrics.Steps;
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

    /// <summary>Energy of each class (J), in the order SS..LL.</summary>
    public required IReadOnlyList<ClassEnergy> ByClass { get; init; }

    /// <summary>Energy while no request was in flight, and what the backend laid on none (J).</summary>
    public required double UnattributedJoules { get; init; }

    /// <summary>How the energy was laid on the requests.</summary>
    public required string Method { get; init; }

    /// <summary>
    /// Energy of each request (J), in the order of the record; <c>null</c> where the backend states it, and the record's rows hold it.
    /// </summary>
    public required IReadOnlyList<double>? Shares { get; init; }

    /// <summary>Lays the energy of a run on its requests.</summary>
    /// <param name="record">The record.</param>
    /// <param name="steps">What its steps tell.</param>
    /// <returns><c>null</c> where the run's energy was not measured.</returns>
    public static RequestAttribution? Of(RunRecord record, StepWindow steps)
    {
        (double from, double to) = EnergyAccount.Span(record, steps);
        return to <= from ? null : Stated(record, steps, (from, to)) ?? Shared(record, steps, (from, to));
    }

    /// <summary>The energy of each request (J), in the order of the record. The rows are read while they are taken.</summary>
    /// <param name="requests">The requests of the record.</param>
    public IEnumerable<(RequestRecord Request, double Joules)> Rows(IEnumerable<RequestRecord> requests) =>
        requests.Select((request, place) => (request, Shares is null ? request.EnergyJoules!.Value : Shares[place]));

    /// <summary>The energy that the backend states; <c>null</c> where a request has none, or where the whole was not measured.</summary>
    private static RequestAttribution? Stated(RunRecord record, StepWindow steps, (double From, double To) span)
    {
        if (record.Requests.Count == 0 || record.Requests.Any(request => request.EnergyJoules is null))
        {
            return null;
        }

        return EnergyAccount.Timeline(record, steps, [span.From, span.To]) is { } energy
            ? Of(record, span, energy(span.From, span.To), shares: null)
            : null;
    }

    /// <summary>
    /// Sweeps once over the instants at which a request comes or goes. Between two of them the requests in flight share the energy alike.
    /// </summary>
    private static RequestAttribution? Shared(RunRecord record, StepWindow steps, (double From, double To) span)
    {
        // Twice the place for a beginning, and one more for an end: sorted by time, without an object each.
        int requests = record.Requests.Count;
        double[] times = new double[2 * requests];
        int[] events = new int[2 * requests];
        int count = 0;
        foreach ((int place, RequestRecord request) in record.Requests.Index())
        {
            if (request is { IssuedSeconds: { } issued, CompletedSeconds: { } completed }
                && Math.Min(completed, span.To) > Math.Max(issued, span.From))
            {
                (times[count], events[count++]) = (Math.Max(issued, span.From), 2 * place);
                (times[count], events[count++]) = (Math.Min(completed, span.To), (2 * place) + 1);
            }
        }

        Array.Sort(times, events, 0, count);
        if (EnergyAccount.Timeline(record, steps, [span.From, .. times.AsSpan(0, count), span.To]) is not { } energy)
        {
            return null;
        }

        double[] joules = new double[requests];
        double share = 0;
        double last = span.From;
        int inFlight = 0;
        for (int index = 0; index < count; index++)
        {
            share += inFlight > 0 && times[index] > last ? energy(last, times[index]) / inFlight : 0;
            last = times[index];
            bool isEnd = events[index] % 2 == 1;
            joules[events[index] / 2] += isEnd ? share : -share;
            inFlight += isEnd ? -1 : 1;
        }

        return Of(record, span, energy(span.From, span.To), joules);
    }

    private static RequestAttribution Of(RunRecord record, (double From, double To) span, double total, double[]? shares)
    {
        RequestAttribution attribution = new()
        {
            Span = span,
            TotalJoules = total,
            Shares = shares,
            ByClass = [],
            UnattributedJoules = 0,
            Method = shares is null
                ? "stated by the backend, step by step"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"each instant's power in equal shares to the requests in flight, from {span.From:0.###} s to {span.To:0.###} s"),
        };
        double sum = 0;
        Dictionary<string, (int Requests, double Joules)> classes = [];
        foreach ((RequestRecord request, double joules) in attribution.Rows(record.Requests))
        {
            (int count, double ofClass) = classes.GetValueOrDefault(request.Class);
            classes[request.Class] = (count + 1, ofClass + joules);
            sum += joules;
        }

        return attribution with
        {
            ByClass = [.. RequestClass.All.Select(one => one.Name).Where(classes.ContainsKey)
                .Select(name => new ClassEnergy(name, classes[name].Requests, classes[name].Joules))],
            UnattributedJoules = total - sum,
        };
    }
}

/// <summary>The energy of the requests of one class.</summary>
/// <param name="Class">The class, from <c>SS</c> to <c>LL</c>.</param>
/// <param name="Requests">Requests of the class; at least 1.</param>
/// <param name="Joules">Energy of all of them together (J).</param>
internal sealed record ClassEnergy(string Class, int Requests, double Joules);
