using System.Globalization;
using GreenServe.Records;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Randomness;
using GreenServe.Workloads.Traces;

namespace GreenServe.Workloads.Schedules;

/// <summary>A workload made concrete. The same workload and seed give the same requests on every machine.</summary>
public sealed class RequestSchedule
{
    /// <summary>Builds a schedule from its requests.</summary>
    /// <param name="requests">In order of time (open loop) or of sending (closed loop).</param>
    /// <param name="concurrency">Users of a closed loop; <c>null</c> for an open loop.</param>
    /// <param name="warmUpSeconds">Requests scheduled before this are warm-up.</param>
    /// <param name="durationSeconds">No request is sent at or after this; <c>null</c> for no limit.</param>
    public RequestSchedule(
        IReadOnlyList<ScheduledRequest> requests, int? concurrency = null, double warmUpSeconds = 0, double? durationSeconds = null)
    {
        Requests = requests;
        Concurrency = concurrency;
        WarmUpSeconds = warmUpSeconds;
        DurationSeconds = durationSeconds;
    }

    /// <summary>The requests; in a closed loop each free user takes the next one.</summary>
    public IReadOnlyList<ScheduledRequest> Requests { get; }

    /// <summary>Users of a closed loop; <c>null</c> for an open loop.</summary>
    public int? Concurrency { get; }

    /// <summary>Requests scheduled before this offset (s) are warm-up.</summary>
    public double WarmUpSeconds { get; }

    /// <summary>
    /// No request is sent at or after this offset (s); <c>null</c> for no limit. An open loop already keeps to it; a closed loop has to
    /// stop taking requests.
    /// </summary>
    public double? DurationSeconds { get; }

    /// <summary>Makes the schedule of a workload.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="repetition">Number of the repetition, from 0; it is added to the seed.</param>
    /// <exception cref="InvalidInputException">The trace cannot be read, or no request falls into the workload's duration.</exception>
    public static RequestSchedule For(Workload workload, int repetition = 0)
    {
        ScheduleSources sources = new(workload.Seed + (ulong)repetition, () => TraceFile.Read(workload.Trace!, workload.Folder));
        using IEnumerator<(int InputTokens, int OutputTokens)> lengths = workload.Lengths.Lengths(sources).GetEnumerator();
        using IEnumerator<double>? thinking = (workload.Arrival as ClosedLoopArrival)?.ThinkTimes(sources).GetEnumerator();
        RandomSequence prefixes = sources.Random(RandomNames.Prefix);

        double end = workload.DurationSeconds ?? double.PositiveInfinity;
        List<ScheduledRequest> requests = [];
        foreach (double arrival in workload.Arrival.ArrivalSeconds(sources).Select(RoundToMicrosecond).TakeWhile(seconds => seconds < end))
        {
            lengths.MoveNext();
            thinking?.MoveNext();
            (int input, int output) = lengths.Current;
            requests.Add(new ScheduledRequest(requests.Count, arrival, workload.Classes.Classify(input, output), input, output)
            {
                PrefixGroup = workload.PrefixSharing is { } sharing ? prefixes.NextIndex(sharing.Groups) : null,
                SharedPrefixTokens = workload.PrefixSharing?.SharedTokens(input) ?? 0,
                ThinkSeconds = RoundToMicrosecond(thinking?.Current ?? 0),
            });
            if (requests.Count == workload.Requests)
            {
                break;
            }

            if (requests.Count > Workload.MostRequests)
            {
                throw new InvalidInputException(
                    new Problem("workload", $"more than {Workload.MostRequests} requests", "fewer: state requests or a shorter duration"));
            }
        }

        return requests.Count > 0
            ? new RequestSchedule(requests, workload.Concurrency(), workload.WarmUpSeconds, workload.DurationSeconds)
            : throw new InvalidInputException(new Problem(
                "workload",
                $"no request of '{workload.Name}' before it ends",
                "at least one request: a longer duration, a higher rate or another seed"));
    }

    /// <summary>Writes the schedule as CSV: invariant numbers, line feeds, times with six decimals.</summary>
    public void Write(TextWriter writer)
    {
        writer.Write("id,scheduled_seconds,class,input_tokens,output_tokens,prefix_group,shared_prefix_tokens,think_seconds\n");
        foreach (ScheduledRequest request in Requests)
        {
            writer.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{request.Id},{request.ScheduledSeconds:F6},{request.Class},{request.InputTokens},{request.OutputTokens},"));
            writer.Write(string.Create(
                CultureInfo.InvariantCulture, $"{request.PrefixGroup},{request.SharedPrefixTokens},{request.ThinkSeconds:F6}\n"));
        }
    }

    // Coarser than any difference between machines, finer than any server could tell.
    private static double RoundToMicrosecond(double seconds) => Math.Round(seconds, 6);
}
