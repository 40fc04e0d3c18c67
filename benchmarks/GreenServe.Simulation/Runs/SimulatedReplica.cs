using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Simulation.Runs;

/// <summary>
/// One serving instance in virtual time. It always is in the middle of a stretch of like steps that ends at <see cref="EndsAt"/>, or idle.
/// Cost in real time: constant for each stretch; a stretch lasts until a request arrives, starts or ends.
/// </summary>
internal sealed class SimulatedReplica : IServingTarget
{
    private readonly int number;
    private readonly ISimulationSink sink;
    private readonly RequestAccounts accounts;
    private StepModel model;
    private BatchScheduler<SimulatedRequest> scheduler;
    private PowerCapWindow capWindow;
    private BandedValue idleWatts;
    private StepPlan<SimulatedRequest>? plan;
    private StepCost cost;
    private int count;
    private StepModel? pending;
    private double stallSeconds;
    private bool isStalling;
    private long earlierPreemptions;

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

    /// <summary>End of the last completed step, or since when it has been idle (s).</summary>
    public double Now { get; private set; }

    /// <summary>When the present stretch ends (s); infinite while idle.</summary>
    public double EndsAt { get; private set; } = double.PositiveInfinity;

    internal ReplicaTotals Totals { get; } = new();

    /// <inheritdoc />
    public int WaitingCount => scheduler.WaitingCount;

    /// <summary>Whether nothing runs or waits.</summary>
    internal bool IsEmpty => scheduler.RunningCount + scheduler.WaitingCount == 0;

    internal long Preemptions => earlierPreemptions + scheduler.Preemptions;

    /// <inheritdoc />
    public void Enqueue(SimulatedRequest request, double seconds)
    {
        bool couldJoin = count > 1 && scheduler.CouldAdmit;
        scheduler.Add(request);
        if (double.IsPositiveInfinity(EndsAt))
        {
            StayIdleUntil(seconds);

            // The first step starts when everything that arrives at this very moment is here.
            EndsAt = seconds;
        }
        else if (couldJoin)
        {
            EndAfter(seconds);
        }
    }

    /// <summary>Ends the present stretch at the first end of a step that is not before a time (s).</summary>
    internal void EndAfter(double seconds)
    {
        if (count > 1)
        {
            count = StepStretch.CountReaching(cost.Seconds, SecondsIncrement, seconds - Now, count);
            EndsAt = Now + StepStretch.Sum(cost.Seconds, SecondsIncrement, count);
        }
    }

    /// <summary>Goes to the end of the present stretch and begins the next.</summary>
    /// <returns>The requests that got their last token; reused by the next call.</returns>
    public IReadOnlyList<SimulatedRequest> Advance()
    {
        IReadOnlyList<SimulatedRequest> ended = plan is null ? [] : CompleteStretch(plan);
        if (isStalling)
        {
            isStalling = false;
            StayIdleUntil(EndsAt);
        }

        Begin();
        return ended;
    }

    /// <inheritdoc />
    public void RunOut(double seconds)
    {
        EndAfter(seconds);
        if (EndsAt < double.PositiveInfinity)
        {
            Advance();
        }
    }

    /// <summary>Changes the clock, or another setting that leaves the batch as it is, at the end of the step under way.</summary>
    /// <param name="changed">The instance from then on.</param>
    /// <param name="seconds">When it is asked for (s).</param>
    /// <param name="stall">How long the change keeps the instance from working (s).</param>
    internal void Change(StepModel changed, double seconds, double stall)
    {
        pending = changed;
        if (double.IsPositiveInfinity(EndsAt))
        {
            StayIdleUntil(seconds);
            ApplyPending();
        }
        else
        {
            EndAfter(seconds);
            stallSeconds = stall;
        }
    }

    /// <summary>Replaces an instance that has no requests.</summary>
    internal void Replace(StepModel changed, BatchLimits limits, double seconds)
    {
        StayIdleUntil(seconds);
        earlierPreemptions += scheduler.Preemptions;
        scheduler = new BatchScheduler<SimulatedRequest>(limits);
        pending = changed;
        ApplyPending();
    }

    /// <summary>Sets what an instance without requests draws from a time on (W); <c>null</c> for what a loaded one does.</summary>
    internal void SetIdleWatts(double seconds, double? watts)
    {
        StayIdleUntil(seconds);
        idleWatts = watts is { } value ? new BandedValue(value, value, value) : model.LoadedIdleWatts;
    }

    /// <summary>Ends the run of this replica: what is unfinished is told as cancelled, idle time is told up to the end.</summary>
    internal void Stop(double endSeconds)
    {
        foreach (SimulatedRequest request in scheduler.Unfinished)
        {
            accounts.Cancel(request, Now);
        }

        StayIdleUntil(endSeconds);
    }

    private double SecondsIncrement => plan!.DecodeSequences * cost.SecondsPerContextToken;

    private double JoulesIncrement => plan!.DecodeSequences * cost.JoulesPerContextToken;

    private void ApplyPending()
    {
        model = pending!;
        pending = null;
        capWindow = new PowerCapWindow(model.CapWatts, model.CapWindowSeconds);
        idleWatts = model.LoadedIdleWatts;
    }

    private void Begin()
    {
        if (pending is not null)
        {
            ApplyPending();
            if (stallSeconds > 0)
            {
                plan = null;
                count = 0;
                isStalling = true;
                EndsAt = Now + stallSeconds;
                return;
            }
        }

        plan = scheduler.Plan();
        foreach (SimulatedRequest request in plan.Preempted)
        {
            accounts.Pause(request, Now);
        }

        if (plan.IsEmpty)
        {
            plan = null;
            count = 0;
            EndsAt = double.PositiveInfinity;
            return;
        }

        cost = CostOf(ShapeOf(plan));
        count = cost.IsThrottled || cost.Joules > model.CapWatts * cost.Seconds ? 1 : StepsBelowCap(plan.Repeatable);
        EndsAt = Now + StepStretch.Sum(cost.Seconds, SecondsIncrement, count);
    }

    private StepCost CostOf(in StepShape shape)
    {
        if (!capWindow.IsOpen)
        {
            return model.Cost(shape);
        }

        StepCost free = model.Cost(shape, double.PositiveInfinity);
        double allowed = capWindow.AllowedWatts(free.Seconds);
        return free.Joules <= allowed * free.Seconds ? free : model.Cost(shape, allowed);
    }

    private static StepShape ShapeOf(StepPlan<SimulatedRequest> plan)
    {
        double pairs = 0;
        int completed = 0;
        for (int index = 0; index < plan.Prefills.Count; index++)
        {
            PrefillChunk<SimulatedRequest> chunk = plan.Prefills[index];
            pairs += PrefillAttention.Pairs(chunk.Tokens, chunk.Offset);
            completed += chunk.CompletesPrompt ? 1 : 0;
        }

        return new StepShape(plan.PrefillTokens, pairs, plan.Prefills.Count, completed, plan.DecodeSequences, plan.ContextTokens);
    }

    /// <summary>How many of the next like steps stay below the power cap: energy and time both grow by a constant.</summary>
    private int StepsBelowCap(int most)
    {
        double growth = JoulesIncrement - (model.CapWatts * SecondsIncrement);
        if (most == 1 || growth <= 0)
        {
            return most;
        }

        double room = (model.CapWatts * cost.Seconds) - cost.Joules;
        return (int)Math.Min(most, 1 + Math.Floor(room / growth));
    }

    private IReadOnlyList<SimulatedRequest> CompleteStretch(StepPlan<SimulatedRequest> done)
    {
        StepStretch stretch = new(
            number, Now, count, cost.Seconds, SecondsIncrement, done.PrefillTokens, done.DecodeSequences, done.ContextTokens,
            cost.Joules, JoulesIncrement, cost.PrefillJoules, model.Megahertz(cost.ClockRatio), scheduler.WaitingCount);
        Tell(stretch, cost);
        if (done.DecodeSequences > 0)
        {
            accounts.AddDecoding(stretch, cost, scheduler.Running.First);
        }

        Now = EndsAt;
        IReadOnlyList<SimulatedRequest> ended = scheduler.Complete(count);
        for (int index = 0; index < done.Prefills.Count; index++)
        {
            accounts.CompleteChunk(done.Prefills[index], cost.PrefillJoules / done.PrefillTokens, Now);
        }

        for (int index = 0; index < ended.Count; index++)
        {
            accounts.Complete(ended[index], Now);
        }

        accounts.SettleWhenDue(scheduler.Running);
        return ended;
    }

    private void Tell(in StepStretch stretch, in StepCost stepCost)
    {
        sink.Add(stretch);
        Totals.Add(stretch, stepCost);
        capWindow.Add(stretch.Seconds, stretch.Joules);
    }

    private void StayIdleUntil(double seconds)
    {
        if (seconds > Now)
        {
            double duration = seconds - Now;
            StepStretch idle = new(number, Now, 1, duration, 0, 0, 0, 0, idleWatts.Middle * duration, 0, 0, model.ClockMegahertz, 0);
            Tell(idle, new StepCost(duration, idle.Joules, 0, 0, 0, 1)
            {
                Low = new EnergyBound(idleWatts.Low * duration, 0),
                High = new EnergyBound(idleWatts.High * duration, 0),
            });
            Now = seconds;
        }
    }
}
