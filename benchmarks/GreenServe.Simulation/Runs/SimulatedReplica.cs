using GreenServe.Records.Measurements;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Simulation.Runs;

/// <summary>
/// One serving instance in virtual time. At any moment it is idle, or within a stretch of steps that ends at <see cref="EndsAtSeconds"/>.
/// </summary>
/// <remarks>
/// A stretch takes constant real time, however many steps it has. It ends when a request that could join the batch arrives, when a request
/// gets its last token, when the cache or the power cap runs out of room, or when a setting changes.
/// </remarks>
internal sealed class SimulatedReplica : IServingTarget
{
    private readonly int number;
    private readonly ISimulationSink sink;
    private readonly RequestAccounts accounts;
    private readonly List<SimulatedRequest> arriving = [];
    private StepModel model;
    private BatchScheduler<SimulatedRequest> scheduler;
    private PowerCapWindow capWindow;
    private BandedValue idleWatts;
    private StepPlan<SimulatedRequest>? plan;
    private StepCost cost;
    private int count;
    private StepModel? pendingModel;
    private double stallSeconds;
    private bool isStalling;
    private long earlierPreemptions;

    /// <summary>Makes an idle instance at time 0.</summary>
    /// <param name="number">Number of the instance, from 0.</param>
    /// <param name="model">Time and energy of its steps.</param>
    /// <param name="limits">What bounds its batches.</param>
    /// <param name="gapCounts">Receives the token gaps of completed requests.</param>
    /// <param name="sink">Receives steps and outcomes.</param>
    internal SimulatedReplica(int number, StepModel model, BatchLimits limits, GapCounts gapCounts, ISimulationSink sink)
    {
        this.number = number;
        this.model = model;
        this.sink = sink;
        accounts = new RequestAccounts(number, gapCounts, sink, Totals);
        scheduler = new BatchScheduler<SimulatedRequest>(limits);
        capWindow = new PowerCapWindow(model.CapWatts, model.CapWindowSeconds);
        idleWatts = model.LoadedIdleWatts;
    }

    /// <summary>End of the last completed stretch, in seconds from the start of the run.</summary>
    public double NowSeconds { get; private set; }

    /// <summary>End of the present stretch, in seconds from the start of the run; infinite while the instance is idle.</summary>
    public double EndsAtSeconds { get; private set; } = double.PositiveInfinity;

    /// <summary>Counts and energies of the run so far.</summary>
    internal ReplicaTotals Totals { get; } = new();

    /// <inheritdoc />
    public int WaitingCount => scheduler.WaitingCount + arriving.Count;

    /// <summary>Whether no request runs or waits.</summary>
    internal bool IsEmpty => scheduler.RunningCount + WaitingCount == 0;

    /// <summary>Times that a sequence lost its cache.</summary>
    internal long Preemptions => earlierPreemptions + scheduler.Preemptions;

    /// <inheritdoc />
    public void Enqueue(SimulatedRequest request, double seconds)
    {
        if (double.IsPositiveInfinity(EndsAtSeconds))
        {
            StayIdleUntil(seconds);
            scheduler.Add(request);

            // The first step starts once every request that arrives at this moment has been added.
            EndsAtSeconds = seconds;
            return;
        }

        if (count > 1 && scheduler.CouldAdmit(request.Rank))
        {
            EndAfter(seconds);
        }

        // The step after the last one of the stretch was planned when that one began.
        bool isLate = scheduler.Limits.Policy.IsAsynchronous && plan is not null && seconds > NowSeconds + StepSeconds.Sum(count - 1);
        if (isLate)
        {
            arriving.Add(request);
        }
        else
        {
            scheduler.Add(request);
        }
    }

    /// <summary>Cuts the present stretch after the first step that ends at or after a time.</summary>
    /// <param name="seconds">The time, in seconds from the start of the run.</param>
    internal void EndAfter(double seconds)
    {
        if (count > 1)
        {
            count = StepSeconds.CountReaching(seconds - NowSeconds, count);
            EndsAtSeconds = NowSeconds + StepSeconds.Sum(count);
        }
    }

    /// <summary>Completes the present stretch and begins the next.</summary>
    /// <returns>The requests that got their last token. The next call reuses the list.</returns>
    public IReadOnlyList<SimulatedRequest> Advance()
    {
        IReadOnlyList<SimulatedRequest> ended = plan is null ? [] : CompleteStretch(plan);
        if (isStalling)
        {
            isStalling = false;
            StayIdleUntil(EndsAtSeconds);
        }

        Begin();
        return ended;
    }

    /// <inheritdoc />
    public void RunOut(double seconds)
    {
        EndAfter(seconds);
        if (EndsAtSeconds < double.PositiveInfinity)
        {
            Advance();
        }
    }

    /// <summary>Changes the clock, or another setting that does not affect the batch, at the end of the present step.</summary>
    /// <param name="changed">Time and energy of steps after the change.</param>
    /// <param name="seconds">Time at which the change is requested, in seconds from the start of the run.</param>
    /// <param name="changeSeconds">How long the change keeps the instance from working, in seconds.</param>
    internal void Change(StepModel changed, double seconds, double changeSeconds)
    {
        pendingModel = changed;
        if (double.IsPositiveInfinity(EndsAtSeconds))
        {
            StayIdleUntil(seconds);
            ApplyPending();
        }
        else
        {
            EndAfter(seconds);
            stallSeconds = changeSeconds;
        }
    }

    /// <summary>Replaces an instance that has no requests by one of another shape.</summary>
    /// <param name="changed">Time and energy of steps after the change.</param>
    /// <param name="limits">What bounds its batches after the change.</param>
    /// <param name="seconds">Time of the change, in seconds from the start of the run.</param>
    internal void Replace(StepModel changed, BatchLimits limits, double seconds)
    {
        StayIdleUntil(seconds);
        earlierPreemptions += scheduler.Preemptions;
        scheduler = new BatchScheduler<SimulatedRequest>(limits);
        pendingModel = changed;
        ApplyPending();
    }

    /// <summary>Sets the power that the instance draws while it has no requests.</summary>
    /// <param name="seconds">Time from which it applies, in seconds from the start of the run.</param>
    /// <param name="watts">The power, in watts; <c>null</c> for the power of a loaded instance.</param>
    internal void SetIdleWatts(double seconds, double? watts)
    {
        StayIdleUntil(seconds);
        idleWatts = watts is { } value ? new BandedValue(value, value, value) : model.LoadedIdleWatts;
    }

    /// <summary>Ends the run: unfinished requests are reported as cancelled, and idle time is entered up to the end.</summary>
    /// <param name="endSeconds">End of the run, in seconds from its start.</param>
    internal void Stop(double endSeconds)
    {
        foreach (SimulatedRequest request in scheduler.Unfinished.Concat(arriving))
        {
            accounts.Cancel(request, NowSeconds);
        }

        StayIdleUntil(endSeconds);
    }

    private ArithmeticProgression StepSeconds => new(cost.Seconds, plan!.DecodeSequences * cost.SecondsPerContextToken);

    private ArithmeticProgression StepJoules => new(cost.Joules, plan!.DecodeSequences * cost.JoulesPerContextToken);

    private void ApplyPending()
    {
        model = pendingModel!;
        pendingModel = null;
        capWindow = new PowerCapWindow(model.CapWatts, model.CapWindowSeconds);
        idleWatts = model.LoadedIdleWatts;
    }

    private void Begin()
    {
        if (pendingModel is not null)
        {
            ApplyPending();
            if (stallSeconds > 0)
            {
                plan = null;
                count = 0;
                isStalling = true;
                EndsAtSeconds = NowSeconds + stallSeconds;
                return;
            }
        }

        plan = scheduler.Plan();
        bool endsSoon = false;
        foreach (SimulatedRequest request in arriving)
        {
            endsSoon |= scheduler.CouldAdmit(request.Rank);
            scheduler.Add(request);
        }

        arriving.Clear();
        plan = plan.IsEmpty ? scheduler.Plan() : plan;
        foreach (SimulatedRequest request in plan.Preempted)
        {
            accounts.Pause(request, NowSeconds);
        }

        if (plan.IsEmpty)
        {
            plan = null;
            count = 0;
            EndsAtSeconds = double.PositiveInfinity;
            return;
        }

        cost = capWindow.CostOf(model, PlanShape.Of(plan));
        SimulatedRun.RequireSpan(NowSeconds + cost.Seconds);
        count = endsSoon || cost.IsThrottled || cost.Joules > model.CapWatts * cost.Seconds ? 1
            : PowerCapWindow.StepsBelow(model.CapWatts, cost, StepSeconds, StepJoules, plan.Repeatable);
        EndsAtSeconds = NowSeconds + StepSeconds.Sum(count);
    }

    private IReadOnlyList<SimulatedRequest> CompleteStretch(StepPlan<SimulatedRequest> done)
    {
        StepStretch stretch = new()
        {
            Replica = number,
            StartSeconds = NowSeconds,
            Count = count,
            StepSeconds = StepSeconds,
            StepJoules = StepJoules,
            ClockMegahertz = model.Megahertz(cost.ClockRatio),
            WaitingRequests = scheduler.WaitingCount,
            Work = StretchWork.Of(done.PrefillTokens, done.DecodeSequences, done.ContextTokens, cost),
        };
        sink.Add(stretch);
        Totals.AddSteps(stretch, cost);
        capWindow.Add(stretch.Seconds, stretch.Joules);
        if (done.DecodeSequences > 0)
        {
            accounts.AddDecoding(stretch, cost, scheduler.Running.First);
        }
        else if (!scheduler.Limits.Policy.MixesPrompts)
        {
            accounts.AddStall(stretch.Seconds);
        }

        NowSeconds = EndsAtSeconds;
        IReadOnlyList<SimulatedRequest> ended = scheduler.Complete(count);
        for (int index = 0; index < done.Prefills.Count; index++)
        {
            accounts.CompleteChunk(done.Prefills[index], cost.PrefillJoules / done.PrefillTokens, NowSeconds);
        }

        for (int index = 0; index < ended.Count; index++)
        {
            accounts.Complete(ended[index], NowSeconds);
        }

        accounts.SettleWhenDue(scheduler.Running);
        return ended;
    }

    private void StayIdleUntil(double seconds)
    {
        if (seconds > NowSeconds)
        {
            SimulatedRun.RequireSpan(seconds);
            double duration = seconds - NowSeconds;
            BandedValue joules = idleWatts.Times(duration);
            StepStretch idle = StepStretch.Idle(number, NowSeconds, duration, joules.Middle, model.ClockMegahertz, scheduler.WaitingCount);
            sink.Add(idle);
            Totals.AddIdle(idle, joules);
            capWindow.Add(idle.Seconds, idle.Joules);
            NowSeconds = seconds;
        }
    }
}
