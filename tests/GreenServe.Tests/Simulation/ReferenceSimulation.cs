using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation;

/// <summary>
/// A plain simulation to compare the fast one with. It visits every sequence in every step, and keeps the time and energy of every token.
/// The two share only the cost of a step. The scheduling policy is written separately, from vLLM's rules.
/// </summary>
internal sealed class ReferenceSimulation(SimulatedSystem system)
{
    private readonly StepModel model = system.StepModel();
    private readonly List<Job> waiting = [];
    private readonly List<Job> running = [];
    private double now;

    internal double TotalJoules { get; private set; }

    internal double IdleJoules { get; private set; }

    internal int Preemptions { get; private set; }

    internal double Seconds => now;

    internal List<Job> Run(IReadOnlyList<ScheduledRequest> requests)
    {
        List<Job> all = [.. requests.Select(request => new Job(request))];
        Queue<Job> arriving = new(all);
        while (arriving.Count > 0 || waiting.Count > 0 || running.Count > 0)
        {
            if (waiting.Count == 0 && running.Count == 0 && Arrival(arriving.Peek()) > now)
            {
                double joules = model.LoadedIdleWatts.Middle * (Arrival(arriving.Peek()) - now);
                IdleJoules += joules;
                TotalJoules += joules;
                now = Arrival(arriving.Peek());
            }

            while (arriving.Count > 0 && Arrival(arriving.Peek()) <= now)
            {
                waiting.Add(arriving.Dequeue());
            }

            Step();
        }

        return all;
    }

    private double Arrival(Job job) => job.Request.ScheduledSeconds + system.Engine.FrontEndSeconds;

    private void Step()
    {
        int capacity = system.KeyValueBlocks;
        int budget = system.StepTokens;
        Dictionary<Job, int> granted = [];
        bool preempted = false;
        for (int index = 0; index < running.Count && budget > 0; index++)
        {
            Job job = running[index];
            int tokens = Math.Min(budget, job.Target - job.Cached);
            while (running.Contains(job) && Used(granted) + job.Blocks(tokens, system) - job.Blocks(0, system) > capacity)
            {
                Job victim = running[^1];
                running.Remove(victim);
                granted.Remove(victim);
                victim.Cached = 0;
                victim.Decodes = false;
                waiting.Insert(0, victim);
                preempted = true;
                Preemptions++;
            }

            if (running.Contains(job))
            {
                granted[job] = tokens;
                budget -= tokens;
            }
        }

        while (!preempted && waiting.Count > 0 && budget > 0 && running.Count < system.MaxSequences)
        {
            Job job = waiting[0];
            int tokens = Math.Min(budget, job.Target);
            if (Used(granted) + job.Blocks(tokens, system) > capacity)
            {
                break;
            }

            waiting.RemoveAt(0);
            running.Add(job);
            granted[job] = tokens;
            budget -= tokens;
        }

        Carry(granted);
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

        internal double[] Gaps => [.. TokenSeconds.Zip(TokenSeconds.Skip(1), (earlier, later) => later - earlier)];

        internal int Blocks(int more, SimulatedSystem system) =>
            (Cached + more + system.Engine.BlockTokens - 1) / system.Engine.BlockTokens;
    }
}
