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
    private readonly OpenStretch stretch = new();
    private BandedValue idleWatts;
    private IdleUse idleUse;
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

    /// <summary>The requests that got their first token in the last completed stretch.</summary>
    internal IReadOnlyList<SimulatedRequest> FirstTokens => accounts.FirstTokens;

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

        if (scheduler.CouldAdmit(request.Rank))
        {
            EndAfter(seconds);
        }

        // The step after the last one of the stretch was planned when that one began.
        bool isLate = scheduler.Limits.Policy.IsAsynchronous && stretch.IsOpen && seconds > stretch.LastStepSeconds;
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
        if (stretch.IsOpen && stretch.Count > 1)
        {
            stretch.EndAfter(seconds);
            EndsAtSeconds = stretch.EndSeconds;
        }
    }

    /// <summary>Completes the present stretch and begins the next.</summary>
    /// <returns>The requests that got their last token. The next call reuses the list.</returns>
    public IReadOnlyList<SimulatedRequest> Advance()
    {
        accounts.FirstTokens.Clear();
        IReadOnlyList<SimulatedRequest> ended = stretch.IsOpen ? CompleteStretch() : [];
        if (isStalling)
        {
            isStalling = false;
            StayIdleUntil(EndsAtSeconds, IdleUse.Transition);
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

    /// <summary>Changes the clock, or another setting that leaves the running batch as it is, at the end of the present step.</summary>
    /// <param name="changed">Time and energy of steps after the change.</param>
    /// <param name="limits">What bounds its batches after the change. The cache stays as it is.</param>
    /// <param name="seconds">Time at which the change is requested, in seconds from the start of the run.</param>
    /// <param name="changeSeconds">How long the change keeps the instance from working, in seconds.</param>
    internal void Change(StepModel changed, BatchLimits limits, double seconds, double changeSeconds)
    {
        pendingModel = changed;
        scheduler.Limit(limits);
        if (double.IsPositiveInfinity(EndsAtSeconds))
        {
            StayIdleUntil(seconds);
            ApplyPending();
        }
        else
        {
            EndAfter(seconds);
            stallSeconds = Math.Max(stallSeconds, changeSeconds);
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

    /// <summary>Sets the power that the instance draws while it has no requests, and what for.</summary>
    /// <param name="seconds">Time from which it applies, in seconds from the start of the run.</param>
    /// <param name="watts">The power, in watts; <c>null</c> for the power of a loaded instance.</param>
    /// <param name="use">What the energy is used for.</param>
    internal void SetIdle(double seconds, double? watts, IdleUse use)
    {
        StayIdleUntil(seconds);
        idleWatts = watts is { } value ? new BandedValue(value, value, value) : model.LoadedIdleWatts;
        idleUse = use;
    }

    /// <summary>Takes out the requests that wait and have not begun, in the order of their turn.</summary>
    internal IReadOnlyList<SimulatedRequest> Withdraw()
    {
        SimulatedRequest[] unbegun =
            [.. scheduler.Unfinished.Where(request => request is { Phase: SequencePhase.Waiting, Preemptions: 0 }), .. arriving];
        Array.ForEach(unbegun, request => scheduler.End(request));
        arriving.Clear();
        return unbegun;
    }

    /// <summary>Energy that it has used by a time from the end of the last completed stretch on, in joules.</summary>
    /// <param name="seconds">The time, in seconds from the start of the run.</param>
    internal double JoulesBy(double seconds) =>
        Totals.Joules + (stretch.IsOpen ? stretch.JoulesBy(seconds) : idleWatts.Middle * Math.Max(0, seconds - NowSeconds));

    /// <summary>The load at a time within the present stretch.</summary>
    /// <param name="seconds">The time, in seconds from the start of the run.</param>
    internal ReplicaLoad LoadBy(double seconds)
    {
        double fillRatio = Math.Min(1, scheduler.UsedBlocks / (double)scheduler.Limits.KeyValueBlocks);
        return stretch.IsOpen
            ? new(stretch.Plan.DecodeSequences, stretch.ContextTokensBy(seconds), fillRatio, scheduler.Running.PrefilledTokens)
            : new(0, 0, fillRatio, 0);
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
                isStalling = true;
                EndsAtSeconds = NowSeconds + stallSeconds;
                stallSeconds = 0;
                return;
            }
        }

        StepPlan<SimulatedRequest> plan = scheduler.Plan();
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
            EndsAtSeconds = double.PositiveInfinity;
            return;
        }

        StepCost cost = capWindow.CostOf(model, PlanShape.Of(plan));
        SimulatedRun.RequireSpan(NowSeconds + cost.Seconds);
        stretch.Begin(plan, cost, NowSeconds);
        stretch.Count = endsSoon || cost.IsThrottled || cost.Joules > model.CapWatts * cost.Seconds ? 1
            : PowerCapWindow.StepsBelow(model.CapWatts, cost, stretch.StepSeconds, stretch.StepJoules, plan.Repeatable);
        EndsAtSeconds = stretch.EndSeconds;
    }

    private IReadOnlyList<SimulatedRequest> CompleteStretch()
    {
        (StepPlan<SimulatedRequest> done, StepCost cost) = (stretch.Plan, stretch.Cost);
        StepStretch completed = stretch.Completed(number, model.Megahertz(cost.ClockRatio), scheduler.WaitingCount);
        stretch.Close();
        sink.Add(completed);
        Totals.AddSteps(completed, cost, model);
        capWindow.Add(completed.Seconds, completed.Joules);
        accounts.AddSteps(completed, cost, scheduler);
        NowSeconds = EndsAtSeconds;
        IReadOnlyList<SimulatedRequest> ended = scheduler.Complete(completed.Count);
        accounts.CompletePrompts(done.Prefills, cost.PrefillJoules / done.PrefillTokens, NowSeconds);
        accounts.Complete(ended, NowSeconds);
        accounts.SettleWhenDue(scheduler.Running);
        return ended;
    }

    private void StayIdleUntil(double seconds, IdleUse? use = null)
    {
        if (seconds > NowSeconds)
        {
            SimulatedRun.RequireSpan(seconds);
            double duration = seconds - NowSeconds;
            BandedValue joules = idleWatts.Times(duration);
            StepStretch idle = StepStretch.Idle(number, NowSeconds, duration, joules.Middle, model.ClockMegahertz, scheduler.WaitingCount);
            sink.Add(idle);
            Totals.AddIdle(idle, joules, use ?? idleUse);
            capWindow.Add(idle.Seconds, idle.Joules);
            NowSeconds = seconds;
        }
    }
}
