using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Scheduling;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation;

/// <summary>
/// A plain simulation to compare the fast one with. It visits every sequence in every step, and keeps the time and energy of every token.
/// The two share only the cost of a step. The scheduling policies are written separately, from the rules of the engines.
/// </summary>
/// <param name="system">The instance.</param>
/// <param name="rankOf">Rank of each request among those that wait; <c>null</c> where all are equal.</param>
internal sealed class ReferenceSimulation(SimulatedSystem system, Func<ScheduledRequest, long>? rankOf = null)
{
    private readonly StepModel model = system.StepModel();
    private readonly SchedulerPolicy policy = system.Engine.Scheduler;
    private readonly List<Job> waiting = [];
    private readonly List<Job> running = [];
    private double now;
    private int waitedSteps;

    internal double TotalJoules { get; private set; }

    internal double IdleJoules { get; private set; }

    internal int Preemptions { get; private set; }

    internal double Seconds => now;

    internal List<Job> Run(IReadOnlyList<ScheduledRequest> requests)
    {
        List<Job> all = [.. requests.Select(request => new Job(request))];
        Queue<Job> arriving = new(all);
        bool stepped = false;
        while (arriving.Count > 0 || waiting.Count > 0 || running.Count > 0)
        {
            if (waiting.Count == 0 && running.Count == 0 && Arrival(arriving.Peek()) > now)
            {
                double joules = model.LoadedIdleWatts.Middle * (Arrival(arriving.Peek()) - now);
                IdleJoules += joules;
                TotalJoules += joules;
                now = Arrival(arriving.Peek());
                stepped = false;
            }

            // The next step of an asynchronous engine was planned while the last one ran.
            List<Job> late = [];
            while (arriving.Count > 0 && Arrival(arriving.Peek()) <= now)
            {
                Job job = arriving.Dequeue();
                if (policy.IsAsynchronous && stepped)
                {
                    late.Add(job);
                }
                else
                {
                    PutInTurn(job);
                }
            }

            Dictionary<Job, int> granted = Plan();
            late.ForEach(PutInTurn);
            Carry(granted.Count > 0 ? granted : Plan());
            stepped = true;
        }

        return all;
    }

    /// <summary>Puts a job behind the last one that was preempted or whose rank is not above its own.</summary>
    private void PutInTurn(Job job)
    {
        int before = waiting.FindLastIndex(other => other.IsPreempted || RankOf(other) <= RankOf(job));
        waiting.Insert(before + 1, job);
    }

    private long RankOf(Job job) => rankOf?.Invoke(job.Request) ?? 0;

    private double Arrival(Job job) => job.Request.ScheduledSeconds + system.Engine.FrontEndSeconds;

    private Dictionary<Job, int> Plan()
    {
        Dictionary<Job, int> prompts = policy.MixesPrompts ? [] : Grant(job => !job.Decodes, admits: true);
        return prompts.Count > 0 ? prompts : Grant(job => policy.MixesPrompts || job.Decodes, admits: policy.MixesPrompts);
    }

    private Dictionary<Job, int> Grant(Func<Job, bool> takesPart, bool admits)
    {
        int capacity = system.KeyValueBlocks;
        int budget = system.StepTokens;
        Dictionary<Job, int> granted = [];
        bool preempted = false;
        for (int index = 0; index < running.Count && budget > 0; index++)
        {
            Job job = running[index];
            int tokens = takesPart(job) ? Math.Min(budget, job.Target - job.Cached) : 0;
            while (tokens > 0 && running.Contains(job) && Used(granted) + job.Blocks(tokens, system) - job.Blocks(0, system) > capacity)
            {
                Job victim = running[^1];
                running.Remove(victim);
                granted.Remove(victim);
                victim.Cached = 0;
                victim.Decodes = false;
                victim.IsPreempted = true;
                waiting.Insert(0, victim);
                preempted = true;
                Preemptions++;
            }

            if (tokens > 0 && running.Contains(job))
            {
                granted[job] = tokens;
                budget -= tokens;
            }
        }

        bool waits = admits && WaitsForBatch(budget);
        if (admits && !preempted && !waits)
        {
            Admit(granted, budget);
        }

        return granted;
    }

    private bool WaitsForBatch(int budget)
    {
        double tokens = waiting.Take(system.MaxSequences - running.Count).Sum(job => (double)job.Target);
        bool waits = tokens > 0 && running.Exists(job => job.Decodes) && waitedSteps < policy.BatchWaitSteps
            && tokens + system.StepTokens - budget < policy.BatchWaitRatio * system.StepTokens;
        waitedSteps = waits ? waitedSteps + 1 : 0;
        return waits;
    }

    private void Admit(Dictionary<Job, int> granted, int budget)
    {
        int prompts = granted.Keys.Count(job => !job.Decodes);
        while (waiting.Count > 0 && budget > 0 && running.Count < system.MaxSequences && prompts < (policy.MaxPrompts ?? int.MaxValue))
        {
            Job job = waiting[0];
            int tokens = policy.ChunksPrompts ? Math.Min(budget, job.Target) : job.Target;
            if ((tokens > budget && prompts > 0) || Used(granted) + job.Blocks(tokens, system) > system.KeyValueBlocks)
            {
                break;
            }

            waiting.RemoveAt(0);
            job.IsPreempted = false;
            running.Add(job);
            granted[job] = tokens;
            budget -= tokens;
            prompts++;
        }
    }

    private int Used(Dictionary<Job, int> granted) => running.Sum(job => job.Blocks(granted.GetValueOrDefault(job), system));

    private void Carry(Dictionary<Job, int> granted)
    {
        List<Job> decoding = [.. granted.Keys.Where(job => job.Decodes)];
        List<Job> prefilling = [.. granted.Keys.Where(job => !job.Decodes)];
        StepShape shape = new(
            prefilling.Sum(job => granted[job]),
            prefilling.Sum(job => PrefillAttention.Pairs(granted[job], job.Cached)),
            prefilling.Count,
            prefilling.Count(job => job.Cached + granted[job] == job.Target),
            decoding.Count,
            decoding.Sum(job => (long)job.Cached + 1));
        StepCost cost = model.Cost(shape);
        double contexts = shape.ContextTokens * cost.JoulesPerContextToken;
        now += cost.Seconds;
        TotalJoules += cost.Joules;
        foreach ((Job job, int tokens) in granted)
        {
            if (job.Decodes)
            {
                double shareJoules = (cost.Joules - cost.PrefillJoules - contexts) / decoding.Count;
                job.Joules += shareJoules + ((job.Cached + 1) * cost.JoulesPerContextToken);
            }
            else
            {
                job.Joules += cost.PrefillJoules * tokens / shape.PrefillTokens;
                job.PrefillJoules += cost.PrefillJoules * tokens / shape.PrefillTokens;
            }

            job.Cached += tokens;
            if (job.Cached == job.Target)
            {
                job.TokenSeconds.Add(now);
                job.Decodes = true;
                if (job.TokenSeconds.Count == job.Request.OutputTokens)
                {
                    running.Remove(job);
                }
            }
        }
    }

    internal sealed class Job(ScheduledRequest request)
    {
        internal ScheduledRequest Request { get; } = request;

        internal List<double> TokenSeconds { get; } = [];

        internal int Cached { get; set; }

        internal double Joules { get; set; }

        internal double PrefillJoules { get; set; }

        internal int Target => Request.InputTokens + TokenSeconds.Count;

        // The cache does not determine it, since the last token of a prompt that is computed again still belongs to the prompt.
        internal bool Decodes { get; set; }

        /// <summary>Whether it waits because it lost its cache.</summary>
        internal bool IsPreempted { get; set; }

        internal double[] Gaps => [.. TokenSeconds.Zip(TokenSeconds.Skip(1), (earlier, later) => later - earlier)];

        internal int Blocks(int more, SimulatedSystem system) =>
            (Cached + more + system.Engine.BlockTokens - 1) / system.Engine.BlockTokens;
    }
}
