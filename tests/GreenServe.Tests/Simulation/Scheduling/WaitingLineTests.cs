using CsCheck;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Scheduling;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Scheduling;

public sealed class WaitingLineTests
{
    [Fact]
    public void TryPeek_GivesPreemptedThenLowRanksThenArrivals_InTheirTurn()
    {
        WaitingLine<Named> line = new();
        foreach ((string name, long rank) in new[] { ("a", 0L), ("b", 5L), ("c", -3L), ("d", 0L), ("e", 5L), ("f", -3L) })
        {
            line.Add(Named.Waiting(name, rank));
        }

        line.PutFirst(Named.Waiting("g", rank: 9));
        line.PutFirst(Named.Waiting("h", rank: 0));

        const string inTurn = "hgcfadbe";
        Assert.Equal(inTurn, string.Concat(line.Sequences.Select(sequence => sequence.Name)));
        Assert.Equal(inTurn, string.Concat(Drain(line)));
        Assert.Equal(0, line.Count);
    }

    [Fact]
    public void TryPeek_PassesOverSequencesThatEnded_OfAnyRank()
    {
        WaitingLine<Named> line = new();
        Named[] all = [.. new long[] { 4, 0, -2, 4 }.Select((rank, index) => Named.Waiting($"{index}", rank))];
        Array.ForEach(all, line.Add);
        foreach (Named ended in all[1..3])
        {
            ended.Leave(SequencePhase.Ended);
            line.NoteEnded();
        }

        Assert.Equal(2, line.Count);
        Assert.Equal(["0", "3"], Drain(line));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    public void WouldLead_IsTrue_OnlyForARankBelowTheForemost(long rank, bool leads)
    {
        WaitingLine<Named> line = new();
        Assert.True(line.WouldLead(rank));
        line.Add(Named.Waiting("a", rank: 2));
        Assert.Equal(leads, line.WouldLead(rank));

        line.PutFirst(Named.Waiting("b", rank: 9));
        Assert.False(line.WouldLead(rank));
    }

    /// <summary>Ranks change who is served first, on batches that are full and caches that overflow, as a plain simulation says.</summary>
    [Fact]
    public void Enqueue_ServesInTheOrderOfRanks_LikeThePlainSimulation() =>
        Gen.Select(Requests, Gen.Long[-2, 2].Array[7], Gen.Int[1, 6], Gen.Bool, Gen.Int[3500, 9000]).Sample(
            (requests, ranks, batch, isAsynchronous, cacheTokens) =>
            {
                SimulatedSystem system = TestSystems.H100(TestSystems.Llama31For8B, 1).WithCache(cacheTokens);
                system = system with
                {
                    Engine = system.Engine with { Scheduler = new SchedulerPolicy { IsAsynchronous = isAsynchronous } },
                    Knobs = system.Knobs with { MaxBatch = batch },
                };
                long RankOf(ScheduledRequest request) => ranks[request.Id % ranks.Length];

                Recorder recorder = new();
                SimulatedReplica replica = new(0, system.StepModel(), system.Limits, new GapCounts(), recorder);
                new LoadDriver(new RequestSchedule(requests), new Ranking(replica, RankOf), system.EngineHere.FrontEndSeconds)
                    .RunToEndSeconds();

                List<ReferenceSimulation.Job> jobs = new ReferenceSimulation(system, RankOf).Run(requests);
                foreach ((ReferenceSimulation.Job job, RequestOutcome outcome) in
                    jobs.Zip(recorder.Outcomes.OrderBy(outcome => outcome.Request.Id)))
                {
                    AssertRelative(job.TokenSeconds[0], outcome.FirstTokenSeconds!.Value, 1e-9);
                    AssertRelative(job.TokenSeconds[^1], outcome.CompletedSeconds!.Value, 1e-9);
                }
            },
            iter: 15);

    private static List<string> Drain(WaitingLine<Named> line)
    {
        List<string> names = [];
        while (line.TryPeek(out Named? sequence))
        {
            names.Add(sequence.Name);
            line.Dequeue();
        }

        return names;
    }

    private sealed class Named(string name) : Sequence(promptTokens: 1, outputLimit: 1)
    {
        internal string Name { get; } = name;

        internal static Named Waiting(string name, long rank) => new(name) { Rank = rank, Phase = SequencePhase.Waiting };
    }

    /// <summary>Gives requests their rank on the way to an instance, as a routing policy does.</summary>
    private sealed class Ranking(IServingTarget target, Func<ScheduledRequest, long> rankOf) : IServingTarget
    {
        public double NowSeconds => target.NowSeconds;

        public double EndsAtSeconds => target.EndsAtSeconds;

        public int WaitingCount => target.WaitingCount;

        public void Enqueue(SimulatedRequest request, double seconds)
        {
            request.Rank = rankOf(request.Request);
            target.Enqueue(request, seconds);
        }

        public IReadOnlyList<SimulatedRequest> Advance() => target.Advance();

        public void RunOut(double seconds) => target.RunOut(seconds);
    }
}
