using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Slos;
using GreenServe.Records.Verdicts;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Scheduling;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Runs;

/// <summary>Serves a schedule on a simulated instance in virtual time.</summary>
public static class SimulatedRun
{
    /// <summary>Requests whose length is reported one by one. More would hide the other problems of a file.</summary>
    private const int MaxProblemsNamed = 5;

    /// <summary>Runs a schedule to its end. The same inputs give the same calls of the sink with the same numbers.</summary>
    /// <param name="schedule">The requests, in an open loop or in a closed loop with think times.</param>
    /// <param name="system">The instance that serves them.</param>
    /// <param name="sink">Receives steps, requests and token gaps.</param>
    /// <returns>Totals, baselines and verdict of the run.</returns>
    /// <exception cref="InvalidInputException">
    /// The system cannot exist, or cannot hold a request. The exception lists every reason.
    /// </exception>
    public static SimulationSummary Execute(RequestSchedule schedule, SimulatedSystem system, ISimulationSink sink)
    {
        SimulatedSystem.ThrowIfAny(Check(schedule, system));
        StepModel model = system.StepModel();
        BatchLimits limits = system.Limits;
        GapCounts gapCounts = new();
        SimulatedReplica replica = new(0, model, limits, gapCounts, sink);
        LoadDriver driver = new(schedule, replica, system.EngineHere.FrontEndSeconds);

        double seconds = driver.RunToEndSeconds();
        replica.Stop(seconds);
        gapCounts.WriteTo(sink);

        ReplicaTotals totals = replica.Totals;
        return new SimulationSummary
        {
            DurationSeconds = seconds,
            GpusUsed = system.Gpus,
            Baselines = new Baselines(model.IdleWatts, model.LoadedIdleWatts.Middle, "power model"),
            ClockMegahertz = model.ClockMegahertz,
            KeyValueCapacityTokens = limits.CapacityTokens,
            CompletedRequests = totals.Completed,
            CancelledRequests = totals.Cancelled,
            Steps = totals.Steps,
            ThrottledSteps = totals.ThrottledSteps,
            Preemptions = replica.Preemptions,
            TotalJoules = totals.Joules,
            TotalLowJoules = totals.LowJoules,
            TotalHighJoules = totals.HighJoules,
            IdleJoules = totals.IdleJoules,
            BusyRatio = seconds > 0 ? totals.BusySeconds / seconds : 0,
            MeanSequences = totals.BusySeconds > 0 ? totals.SequenceSeconds / totals.BusySeconds : 0,
            StepTimeLowRatio = totals.BusySeconds > 0 ? totals.BusyLowSeconds / totals.BusySeconds : 1,
            StepTimeHighRatio = totals.BusySeconds > 0 ? totals.BusyHighSeconds / totals.BusySeconds : 1,
            PeakWatts = totals.PeakWatts,
            Window = driver.Window,
            Verdict = VerdictOf(schedule, driver, totals, model),
        };
    }

    /// <summary>Every reason why a system cannot serve a schedule; empty if it can.</summary>
    /// <param name="schedule">The requests.</param>
    /// <param name="system">The instance that serves them.</param>
    public static IReadOnlyList<Problem> Check(RequestSchedule schedule, SimulatedSystem system)
    {
        Problem[] systemProblems = [.. system.Check()];
        return systemProblems.Length > 0 ? systemProblems : [.. CheckLengths(schedule, system)];
    }

    /// <summary>
    /// Every reason why a system cannot serve the longest request of a schedule within the time that a simulation may cover; empty if it
    /// can. The system must be able to hold the requests (<see cref="Check"/>).
    /// </summary>
    /// <param name="schedule">The requests.</param>
    /// <param name="system">The instance that serves them.</param>
    /// <param name="serves">Whether the instance may serve a request; <c>null</c> where it may serve all.</param>
    public static IReadOnlyList<Problem> CheckSpan(
        RequestSchedule schedule, SimulatedSystem system, Func<ScheduledRequest, bool>? serves = null)
    {
        IEnumerable<ScheduledRequest> served = serves is null ? schedule.Requests : schedule.Requests.Where(serves);
        ScheduledRequest longest = served.DefaultIfEmpty().MaxBy(request => (long)request.InputTokens + request.OutputTokens);
        if (longest.InputTokens == 0)
        {
            return [];
        }

        ScheduledRequest alone = new(0, 0, longest.Class, longest.InputTokens, longest.OutputTokens);
        return InvalidInputException.ProblemsOf(() =>
        {
            Execute(new RequestSchedule([alone], concurrency: 1), system, new SingleOutcome());
            return [];
        });
    }

    /// <summary>Latencies of a typical request of each class that is served alone. SLOs that limit a slowdown refer to them.</summary>
    /// <param name="cuts">Lengths at which classes begin.</param>
    /// <param name="system">The instance that serves them.</param>
    /// <exception cref="InvalidInputException">The system cannot exist, or cannot hold such a request.</exception>
    public static IReadOnlyList<IsolatedLatency> Isolated(RequestClassCuts cuts, SimulatedSystem system) =>
        [.. RequestClass.All.Select(requestClass => Isolated(requestClass, cuts, system))];

    private static IsolatedLatency Isolated(RequestClass requestClass, RequestClassCuts cuts, SimulatedSystem system)
    {
        (int input, int output) = TypicalLengths.Of(requestClass, cuts);
        SingleOutcome sink = new();
        Execute(new RequestSchedule([new ScheduledRequest(0, 0, requestClass, input, output)], concurrency: 1), system, sink);
        RequestOutcome outcome = sink.Outcome!.Value;
        double first = outcome.FirstTokenSeconds!.Value;
        double last = outcome.CompletedSeconds!.Value;
        return new IsolatedLatency(
            requestClass.Name,
            first - outcome.IssuedSeconds,
            (last - first) / Math.Max(1, output - 1),
            last - outcome.IssuedSeconds,
            $"{system.Gpus} x {system.Gpu.Name}");
    }

    /// <summary>Refuses to simulate more than a year.</summary>
    /// <param name="seconds">The time that the simulation would reach, in seconds from the start of the run.</param>
    /// <exception cref="InvalidInputException">The time lies beyond the limit.</exception>
    internal static void RequireSpan(double seconds) => RequestLimits.RequireSpan(
        seconds,
        "simulated time",
        "requests still to serve after",
        "a faster accelerator, fewer or shorter requests, or less time between them");

    /// <summary>Every request that is longer than the cache or the context of the model, up to a number of them.</summary>
    /// <param name="schedule">The requests.</param>
    /// <param name="system">The instance.</param>
    /// <param name="serves">Whether the instance may serve a request; <c>null</c> where it may serve all.</param>
    internal static IEnumerable<Problem> CheckLengths(
        RequestSchedule schedule, SimulatedSystem system, Func<ScheduledRequest, bool>? serves = null)
    {
        (long max, string limit) = LimitOf(system);
        if (schedule.HasNaturalOutputs)
        {
            yield return new Problem(
                "$.lengths.output.kind", "natural", "stated output lengths: a simulated model cannot say where it would end");
        }

        int count = 0;
        foreach (ScheduledRequest request in schedule.Requests)
        {
            if ((long)request.InputTokens + request.OutputTokens > max && serves?.Invoke(request) != false && count++ < MaxProblemsNamed)
            {
                yield return new Problem($"request {request.Id}", $"{request.InputTokens} + {request.OutputTokens} tokens", limit);
            }
        }

        if (count > MaxProblemsNamed)
        {
            yield return new Problem("requests", $"{count - MaxProblemsNamed} more that are too long", limit);
        }
    }

    /// <summary>The problem of a system with the longest request, if it is longer than the cache or the context of the model.</summary>
    /// <param name="longestTokens">Input and output tokens of the longest request.</param>
    /// <param name="system">The instance.</param>
    internal static IEnumerable<Problem> CheckLength(long longestTokens, SimulatedSystem system)
    {
        (long max, string limit) = LimitOf(system);
        return longestTokens > max ? [new Problem("the longest request", $"{longestTokens} tokens", limit)] : [];
    }

    private static (long Tokens, string Text) LimitOf(SimulatedSystem system)
    {
        long capacity = system.Limits.CapacityTokens;
        return capacity < system.Model.ContextTokens
            ? (capacity, $"at most the {capacity} tokens that the key-value cache holds on {system.Gpus} x {system.Gpu.Name}")
            : (system.Model.ContextTokens, $"at most the {system.Model.ContextTokens} tokens of the context of {system.Model.Name}");
    }

    private static RunVerdict VerdictOf(RequestSchedule schedule, LoadDriver driver, ReplicaTotals totals, StepModel model)
    {
        List<VerdictReason> reasons = [];
        if (schedule.Concurrency is null && driver.Queue.Reason(totals.Cancelled, driver.DrainSeconds) is { } saturated)
        {
            reasons.Add(saturated);
        }

        reasons.AddRange(driver.NoWindow is { } missing ? [missing] : []);

        if (totals.StepsOverCap > 0)
        {
            reasons.Add(new VerdictReason(
                VerdictCode.PowerCapMissed,
                FormattableString.Invariant(
                $"{totals.StepsOverCap} of {totals.Steps} steps drew more than the cap ({model.CapWatts:F0} W) even at the lowest clock")));
        }

        return reasons.Count == 0 ? RunVerdict.Valid : new RunVerdict(reasons);
    }

    /// <summary>Keeps the outcome of a run of one request.</summary>
    private sealed class SingleOutcome : ISimulationSink
    {
        internal RequestOutcome? Outcome { get; private set; }

        public void Add(in StepStretch stretch)
        {
        }

        public void Add(in RequestOutcome outcome) => Outcome = outcome;

        public void AddTokenGaps(string requestClass, LatencyHistogram gaps)
        {
        }
    }
}
