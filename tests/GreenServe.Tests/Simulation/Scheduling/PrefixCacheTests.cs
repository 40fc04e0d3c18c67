using CsCheck;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Scheduling;
using GreenServe.Tests.Workloads;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Schedules;
using GreenServe.Workloads.Traces;

namespace GreenServe.Tests.Simulation.Scheduling;

public sealed class PrefixCacheTests
{
    private static readonly BatchLimits Limits = new(MaxSequences: 4, StepTokens: 1000, KeyValueBlocks: 20) { CachesPrefixes = true };

    [Fact]
    public void Plan_BeginsAfterTheKeptPrefix_WhenAnotherOfItsGroupCameBefore()
    {
        BatchScheduler<Sequence> scheduler = new(Limits);
        scheduler.Add(Member(100, 5, group: 1, shared: 70));
        Finish(scheduler);
        scheduler.Add(Member(100, 5, group: 1, shared: 70));
        scheduler.Add(Member(100, 5, group: 2, shared: 70));

        StepPlan<Sequence> plan = scheduler.Plan();

        // 70 shared tokens fill four blocks of 16; the other group has nothing kept.
        Assert.Equal([(64, 36), (0, 100)], plan.Prefills.Select(chunk => (chunk.Offset, chunk.Tokens)));
    }

    [Fact]
    public void Plan_AlwaysProcessesTheLastToken_WhenTheWholePromptIsShared()
    {
        BatchScheduler<Sequence> scheduler = new(Limits);
        scheduler.Add(Member(64, 2, group: 1, shared: 64));
        Finish(scheduler);
        scheduler.Add(Member(64, 2, group: 1, shared: 64));

        PrefillChunk<Sequence> chunk = Assert.Single(scheduler.Plan().Prefills);
        Assert.Equal((48, 16, true), (chunk.Offset, chunk.Tokens, chunk.CompletesPrompt));
    }

    [Fact]
    public void Plan_CountsASharedPrefixOnce()
    {
        BatchScheduler<Sequence> scheduler = new(Limits with { KeyValueBlocks = 12 });
        scheduler.Add(Member(128, 3, group: 1, shared: 128));
        Finish(scheduler);
        for (int index = 0; index < 3; index++)
        {
            scheduler.Add(Member(144, 3, group: 1, shared: 128));
        }

        // Eight blocks of prefix; each of the three adds one for its own 16 tokens, where alone it would need nine.
        Assert.Equal(3, scheduler.Plan().Prefills.Count);
        Assert.Equal(11, scheduler.UsedBlocks);
    }

    [Fact]
    public void Plan_DropsThePrefixUnusedForLongest_WhenRoomIsNeeded()
    {
        BatchScheduler<Sequence> scheduler = new(Limits);
        for (int group = 1; group <= 3; group++)
        {
            scheduler.Add(Member(80, 2, group, shared: 80));
            Finish(scheduler);
        }

        Assert.Equal(15, scheduler.UsedBlocks);
        scheduler.Add(new Sequence(120, 2));
        scheduler.Plan();

        // 8 blocks are needed and 5 are free: the first group's five go.
        Assert.Equal(18, scheduler.UsedBlocks);
        scheduler.Complete();
        Finish(scheduler);
        scheduler.Add(Member(80, 2, group: 2, shared: 80));
        Assert.Equal(64, Assert.Single(scheduler.Plan().Prefills).Offset);
        scheduler.Complete();
        Finish(scheduler);
        scheduler.Add(Member(80, 2, group: 1, shared: 80));
        Assert.Equal(0, Assert.Single(scheduler.Plan().Prefills).Offset);
    }

    [Fact]
    public void Plan_DoesWithoutAKeptPrefix_ThatLeavesNoRoomForTheRest()
    {
        BatchScheduler<Sequence> scheduler = new(Limits with { StepTokens = 64 });
        Sequence first = Member(150, 2, 0, 150);
        Sequence second = Member(200, 60, 0, 16);
        foreach (Sequence sequence in (Sequence[])[first, second])
        {
            scheduler.Add(sequence);
            while (scheduler.Plan() is { IsEmpty: false } plan)
            {
                scheduler.Complete(plan.Repeatable);
            }
        }

        // The first leaves 9 blocks, of which the second has one in common and needs 17: 9 + 16 are more than 20.
        Assert.Equal((SequencePhase.Ended, 60), (second.Phase, second.GeneratedTokens));
    }

    [Fact]
    public void Plan_NeverHoldsMoreThanTheCache_AndServesEverybody_WithSharedPrefixes() =>
        Gen.Select(Gen.Int[1, 150], Gen.Int[1, 60], Gen.Int[0, 3], Gen.Int[0, 150]).List[1, 40].Sample(drawn =>
        {
            List<Sequence> sequences =
                [.. drawn.Select(item => Member(item.Item1, item.Item2, item.Item3, Math.Min(item.Item1, item.Item4)))];
            AssertAllAreServed(sequences);
        });

    [Fact]
    public void Execute_AnswersSooner_WhenPrefixesAreKept()
    {
        SimulatedSystem without = TestSystems.H100();
        SimulatedSystem with = without with { Engine = without.Engine with { CachesPrefixes = true } };
        List<ScheduledRequest> requests = [.. Enumerable.Range(0, 100).Select(id =>
            new ScheduledRequest(id, id * 0.5, new RequestClassCuts().Classify(4096, 50), 4096, 50)
            {
                PrefixGroup = id % 2,
                SharedPrefixTokens = 4000,
            })];
        SimulationAggregate slow = new();
        SimulationAggregate fast = new();
        SimulatedRun.Execute(new RequestSchedule(requests), without, slow);
        SimulatedRun.Execute(new RequestSchedule(requests), with, fast);

        // Two prompts are computed whole, the others from their last whole block of 16 on: 4000 is 250 blocks.
        Assert.Equal(100 * 4096, slow.PrefillTokens);
        Assert.Equal((2 * 4096) + (98 * 96), fast.PrefillTokens);
        Assert.True(fast.Ttft.PercentileSeconds(50) < 0.6 * slow.Ttft.PercentileSeconds(50));
        Assert.Equal(fast.TotalJoules, fast.RequestJoules + fast.IdleJoules, 1e-9 * fast.TotalJoules);
    }

    [Fact]
    public void Execute_ComputesOnlyWhatIsNew_OfEachTurn()
    {
        SimulatedSystem without = TestSystems.H100();
        SimulatedSystem with = without with { Engine = without.Engine with { CachesPrefixes = true } };
        ClosedLoopArrival arrival = new() { Concurrency = 3, ThinkSeconds = 1 };
        Workload workload = Samples.Workload(arrival, Samples.Fixed(160, 32), requests: 40) with
        {
            Sessions = new Sessions { Turns = 4 },
        };
        SimulationAggregate whole = new();
        SimulationAggregate cached = new();
        SimulatedRun.Execute(RequestSchedule.For(workload), without, whole);
        SimulatedRun.Execute(RequestSchedule.For(workload), with, cached);

        // Prompts of 160, 352, 544 and 736 tokens, whole blocks of 16 all: with a cache each turn computes what the prompt before lacked.
        Assert.Equal(10 * (160 + 352 + 544 + 736), whole.PrefillTokens);
        Assert.Equal(10 * 736, cached.PrefillTokens);
        Assert.Equal(cached.TotalJoules, cached.RequestJoules + cached.IdleJoules, 1e-9 * cached.TotalJoules);
    }

    [Fact]
    public void Plan_BeginsAfterTheLongestKeptPath_WhenPromptsAreMadeOfBlocks()
    {
        // Blocks of 32 tokens are two cache blocks each. The path 0, 1 is kept by the first; the second branches off after 0.
        BatchScheduler<Sequence> scheduler = new(Limits);
        scheduler.Add(OfBlocks(70, 2, 0, 1));
        Finish(scheduler);
        scheduler.Add(OfBlocks(70, 2, 0, 2));
        scheduler.Add(OfBlocks(80, 2, 0, 1));
        scheduler.Add(OfBlocks(64, 2, 0, 1));
        scheduler.Add(OfBlocks(70, 2, 3, 4));

        // The last token of a prompt is always processed, so that 64 tokens begin after one block.
        Assert.Equal(
            [(32, 38), (64, 16), (32, 32), (0, 70)], scheduler.Plan().Prefills.Select(chunk => (chunk.Offset, chunk.Tokens)));
    }

    [Fact]
    public void Plan_HoldsABlockOnce_WhenTwoComputeItAtTheSameTime()
    {
        BatchScheduler<Sequence> scheduler = new(Limits);
        scheduler.Add(OfBlocks(64, 2, 0, 1));
        scheduler.Add(OfBlocks(64, 2, 0, 1));
        scheduler.Plan();

        // Side by side each holds the four cache blocks of its prompt.
        Assert.Equal(8, scheduler.UsedBlocks);
        scheduler.Complete();
        Finish(scheduler);
        Assert.Equal(4, scheduler.UsedBlocks);
    }

    [Fact]
    public void Plan_DropsALaterBlockBeforeTheOnesThatLeadToIt()
    {
        BatchScheduler<Sequence> scheduler = new(Limits);
        scheduler.Add(OfBlocks(160, 2, 0, 1, 2, 3, 4));
        Finish(scheduler);
        scheduler.Add(new Sequence(190, 2));
        Finish(scheduler);
        scheduler.Add(OfBlocks(160, 2, 0, 1, 2, 3, 4));

        // 12 cache blocks are needed beside the 10 kept ones, and there are 20: one block of the path goes, the last one.
        Assert.Equal(128, Assert.Single(scheduler.Plan().Prefills).Offset);
    }

    [Fact]
    public void Plan_NeverHoldsMoreThanTheCache_AndServesEverybody_WithBlocks() =>
        Gen.Select(Gen.Int[1, 150], Gen.Int[1, 60], Gen.Int[0, 1].Array[0, 8], Gen.Int[1, 40]).List[1, 40].Sample(drawn =>
        {
            int blockTokens = drawn[0].Item4;
            List<Sequence> sequences = [.. drawn.Select(item => new Sequence(item.Item1, item.Item2)
            {
                Blocks = PathOf(item.Item3[..Math.Min(item.Item3.Length, ((item.Item1 - 1) / blockTokens) + 1)], blockTokens),
            })];
            AssertAllAreServed(sequences);
        });

    [Fact]
    public void Execute_ComputesASharedBeginningOnce_WhenPromptsComeFromATrace()
    {
        // Ten prompts of 1600 tokens a second apart begin with the same three blocks of 512: nine compute only 64 tokens.
        SimulatedSystem without = TestSystems.H100();
        SimulatedSystem with = without with { Engine = without.Engine with { CachesPrefixes = true } };
        ScheduledRequest[] requests = [.. Enumerable.Range(0, 10).Select(id =>
            new ScheduledRequest(id, id, new RequestClassCuts().Classify(1600, 8), 1600, 8)
            {
                Blocks = new PromptBlocks(512, [0, 1, 2, 100 + id], Lap: 0, Path: [0, 1, 2, 100 + id]),
            })];
        SimulationAggregate whole = new();
        SimulationAggregate cached = new();
        SimulatedRun.Execute(new RequestSchedule(requests), without, whole);
        SimulatedRun.Execute(new RequestSchedule(requests), with, cached);

        Assert.Equal(10 * 1600, whole.PrefillTokens);
        Assert.Equal(1600 + (9 * 64), cached.PrefillTokens);
    }

    private static Sequence OfBlocks(int prompt, int output, params int[] path) => new(prompt, output)
    {
        Blocks = new PromptBlocks(32, path, Lap: 0, path),
    };

    /// <summary>Blocks with a number for each beginning, as a tree of two branches at every place gives them.</summary>
    private static PromptBlocks PathOf(int[] branches, int blockTokens)
    {
        int beginning = 1;
        int[] path = [.. branches.Select(branch => beginning = (2 * beginning) + branch)];
        return new PromptBlocks(blockTokens, branches, Lap: 0, path);
    }

    private static Sequence Member(int prompt, int output, int group, int shared) => new(prompt, output)
    {
        PrefixGroup = group,
        SharedPrefixTokens = shared,
    };

    /// <summary>
    /// Serves sequences in steps of 64 tokens. The cache must never overflow, and each sequence must get all its tokens.
    /// </summary>
    private static void AssertAllAreServed(List<Sequence> sequences)
    {
        BatchScheduler<Sequence> scheduler = new(Limits with { StepTokens = 64 });
        sequences.ForEach(scheduler.Add);
        for (int steps = 0; scheduler.Plan() is { IsEmpty: false } plan; steps++)
        {
            Assert.InRange(scheduler.UsedBlocks, 1, 20);
            scheduler.Complete(plan.Repeatable);
            Assert.True(steps < 100_000, "a sequence never ends");
        }

        Assert.All(sequences, sequence => Assert.Equal(SequencePhase.Ended, sequence.Phase));
        Assert.All(sequences, sequence => Assert.Equal(sequence.OutputLimit, sequence.GeneratedTokens));
    }

    private static void Finish(BatchScheduler<Sequence> scheduler)
    {
        while (scheduler.Plan() is { IsEmpty: false } plan)
        {
            scheduler.Complete(plan.Repeatable);
        }
    }
}
