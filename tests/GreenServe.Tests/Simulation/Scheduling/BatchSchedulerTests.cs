using CsCheck;
using GreenServe.Records;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Tests.Simulation.Scheduling;

public sealed class BatchSchedulerTests
{
    private static readonly BatchLimits Roomy = new(MaxSequences: 4, StepTokens: 100, KeyValueBlocks: 1000);

    [Fact]
    public void Plan_IsEmpty_WhenNothingWaits()
    {
        BatchScheduler<Sequence> scheduler = new(Roomy);
        Assert.True(scheduler.Plan().IsEmpty);
        Assert.Throws<InvalidOperationException>(() => scheduler.Complete());
    }

    [Fact]
    public void Plan_CutsAPromptIntoChunks_AndSamplesInTheLast()
    {
        BatchScheduler<Sequence> scheduler = new(Roomy);
        Sequence sequence = new(promptTokens: 250, outputLimit: 2);
        scheduler.Add(sequence);

        Assert.Equal(new PrefillChunk<Sequence>(sequence, 0, 100, false), Assert.Single(scheduler.Plan().Prefills));
        scheduler.Complete();
        Assert.Equal(new PrefillChunk<Sequence>(sequence, 100, 100, false), Assert.Single(scheduler.Plan().Prefills));
        scheduler.Complete();
        Assert.Equal(new PrefillChunk<Sequence>(sequence, 200, 50, true), Assert.Single(scheduler.Plan().Prefills));
        Assert.Empty(scheduler.Complete());
        Assert.Equal(1, sequence.GeneratedTokens);

        StepPlan<Sequence> decode = scheduler.Plan();
        Assert.Equal((0, 1, 251L), (decode.PrefillTokens, decode.DecodeSequences, decode.ContextTokens));
        Assert.Same(sequence, Assert.Single(decode.Decoding));
        Assert.Same(sequence, Assert.Single(scheduler.Complete()));
        Assert.Equal((2, SequencePhase.Ended, 0), (sequence.GeneratedTokens, sequence.Phase, scheduler.UsedBlocks));
    }

    [Fact]
    public void Plan_FillsTheStepWithWaitingPrompts_AfterTheDecodingSequences()
    {
        BatchScheduler<Sequence> scheduler = new(Roomy);
        scheduler.Add(new Sequence(10, 50));
        Step(scheduler);
        scheduler.Add(new Sequence(60, 5));
        scheduler.Add(new Sequence(60, 5));

        StepPlan<Sequence> plan = scheduler.Plan();

        // One token decodes; 99 are left: a whole prompt of 60 and 39 of the next.
        Assert.Equal(1, plan.DecodeSequences);
        Assert.Equal([60, 39], plan.Prefills.Select(chunk => chunk.Tokens));
        Assert.Equal([true, false], plan.Prefills.Select(chunk => chunk.CompletesPrompt));
        Assert.Equal(1, plan.Repeatable);
    }

    [Fact]
    public void Plan_RepeatsUntilTheFirstSequenceEnds_WhenAllDecode()
    {
        BatchScheduler<Sequence> scheduler = new(Roomy);
        scheduler.Add(new Sequence(10, 30));
        scheduler.Add(new Sequence(10, 20));
        Step(scheduler);

        StepPlan<Sequence> plan = scheduler.Plan();

        Assert.Equal(19, plan.Repeatable);
        Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.Complete(20));
        Assert.Equal(20, Assert.Single(scheduler.Complete(19)).OutputLimit);
        Assert.Equal(10, scheduler.Plan().Repeatable);
    }

    [Fact]
    public void Plan_AdmitsNoMoreThanTheBatchHolds()
    {
        BatchScheduler<Sequence> scheduler = new(Roomy);
        for (int index = 0; index < 6; index++)
        {
            scheduler.Add(new Sequence(5, 5));
        }

        Assert.Equal(4, scheduler.Plan().Prefills.Count);
        Assert.Equal((4, 2), (scheduler.RunningCount, scheduler.WaitingCount));
        Assert.False(scheduler.CouldAdmit(rank: 0));
    }

    [Fact]
    public void Plan_PreemptsTheLatest_WhenTheCacheIsFull_AndRecomputesItFirst()
    {
        // Four blocks of 16: two prompts of 30 fill them; the 33rd token of each needs a block.
        BatchScheduler<Sequence> scheduler = new(new BatchLimits(MaxSequences: 4, StepTokens: 100, KeyValueBlocks: 4));
        Sequence first = new(30, 20);
        Sequence second = new(30, 20);
        Sequence third = new(30, 20);
        scheduler.Add(first);
        scheduler.Add(second);
        scheduler.Add(third);
        Step(scheduler);
        Assert.Equal(2, scheduler.Plan().Repeatable);
        scheduler.Complete(2);

        StepPlan<Sequence> plan = scheduler.Plan();

        Assert.Same(second, Assert.Single(plan.Preempted));
        Assert.Equal((1, 3, 0, 1L), (plan.DecodeSequences, second.GeneratedTokens, second.CachedTokens, scheduler.Preemptions));
        Assert.Equal([first, second, third], scheduler.Unfinished);
        Assert.Equal(1, plan.Repeatable);
        scheduler.Complete();

        // It comes back before the third, with its prompt and its three tokens to recompute, once the first has ended.
        StepPlan<Sequence> later = scheduler.Plan();
        while (later.Prefills.Count == 0)
        {
            scheduler.Complete();
            later = scheduler.Plan();
        }

        Assert.Equal(SequencePhase.Ended, first.Phase);
        Assert.Equal((second, 33, true), (later.Prefills[0].Sequence, later.Prefills[0].Tokens, later.Prefills[0].CompletesPrompt));
    }

    [Fact]
    public void End_FreesARunningSequence_AndForgetsAWaitingOne()
    {
        BatchScheduler<Sequence> scheduler = new(Roomy with { MaxSequences = 1 });
        Sequence running = new(100, 50);
        Sequence waiting = new(100, 50);
        Sequence last = new(100, 50);
        scheduler.Add(running);
        scheduler.Add(waiting);
        scheduler.Add(last);
        Step(scheduler);

        Assert.True(scheduler.End(waiting));
        Assert.True(scheduler.End(running));
        Assert.False(scheduler.End(running));
        Assert.Equal((0, 1, 0), (scheduler.RunningCount, scheduler.WaitingCount, scheduler.UsedBlocks));
        Assert.Same(last, Assert.Single(scheduler.Plan().Prefills).Sequence);
        Assert.Equal(0, scheduler.WaitingCount);
    }

    [Fact]
    public void End_IsRefused_DuringAStep()
    {
        BatchScheduler<Sequence> scheduler = new(Roomy);
        Sequence sequence = new(10, 10);
        scheduler.Add(sequence);
        scheduler.Plan();
        Assert.Throws<InvalidOperationException>(() => scheduler.End(sequence));
        Assert.Throws<InvalidOperationException>(() => scheduler.Plan());
    }

    [Fact]
    public void Add_Refuses_WhatTheCacheCannotHold()
    {
        BatchScheduler<Sequence> scheduler = new(Roomy with { KeyValueBlocks = 10 });
        scheduler.Add(new Sequence(100, 61));
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => scheduler.Add(new Sequence(100, 62)));
        Assert.Contains("160 tokens", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_RefusesLimitsThatContradictEachOther() =>
        Assert.Equal(
            ["step_tokens", "key-value cache"],
            Assert.Throws<InvalidInputException>(() => new BatchScheduler<Sequence>(new BatchLimits(64, 32, 0)))
                .Problems.Select(problem => problem.Place));

    [Fact]
    public void Complete_GivesTheSame_WhetherStepsAreRepeatedOrPlannedOneByOne() =>
        Gen.Select(Gen.Int[1, 200], Gen.Int[1, 60]).List[1, 30].Sample(lengths =>
        {
            BatchLimits limits = new(MaxSequences: 8, StepTokens: 64, KeyValueBlocks: 24);
            Assert.Equal(Trace(lengths, limits, repeat: false), Trace(lengths, limits, repeat: true));
        });

    [Fact]
    public void Plan_NeverUsesMoreThanTheCacheOrTheStepHolds_AndServesEverybody() =>
        Gen.Select(Gen.Int[1, 200], Gen.Int[1, 60], Gen.Int[0, 5]).List[1, 40].Sample(drawn =>
        {
            BatchLimits limits = new(MaxSequences: 8, StepTokens: 64, KeyValueBlocks: 20);
            BatchScheduler<Sequence> scheduler = new(limits);
            List<Sequence> sequences = [.. drawn.Select(item => new Sequence(item.Item1, item.Item2))];
            int steps = 0;
            for (int next = 0; next < sequences.Count || scheduler.RunningCount + scheduler.WaitingCount > 0; steps++)
            {
                for (; next < sequences.Count && (drawn[next].Item3 > steps % 6 || !scheduler.Unfinished.Any()); next++)
                {
                    scheduler.Add(sequences[next]);
                }

                StepPlan<Sequence> plan = scheduler.Plan();
                Assert.False(plan.IsEmpty);
                Assert.InRange(plan.PrefillTokens + plan.DecodeSequences, 1, limits.StepTokens);
                Assert.InRange(scheduler.UsedBlocks, 1, limits.KeyValueBlocks);
                Assert.InRange(scheduler.RunningCount, 1, limits.MaxSequences);
                Assert.Equal(plan.ContextTokens, plan.Decoding.Sum(sequence => sequence.CachedTokens + 1L));
                Assert.Equal(plan.DecodeSequences, plan.Decoding.Count());
                scheduler.Complete();
                Assert.True(steps < 100_000, "a sequence never ends");
            }

            Assert.All(sequences, sequence => Assert.Equal(SequencePhase.Ended, sequence.Phase));
            Assert.All(sequences, sequence => Assert.Equal(sequence.OutputLimit, sequence.GeneratedTokens));
            Assert.Equal(0, scheduler.UsedBlocks);
        });

    private static List<(long Step, int Sequence, int Preemptions)> Trace(
        List<(int Prompt, int Output)> lengths, BatchLimits limits, bool repeat)
    {
        BatchScheduler<Sequence> scheduler = new(limits);
        List<Sequence> sequences = [.. lengths.Select(item => new Sequence(item.Prompt, item.Output))];
        sequences.ForEach(scheduler.Add);
        List<(long, int, int)> ends = [];
        while (scheduler.Plan() is { IsEmpty: false } plan)
        {
            foreach (Sequence ended in scheduler.Complete(repeat ? plan.Repeatable : 1))
            {
                ends.Add((scheduler.StepsCompleted, sequences.IndexOf(ended), ended.Preemptions));
            }
        }

        Assert.Equal(lengths.Count, ends.Count);
        return ends;
    }

    private static void Step(BatchScheduler<Sequence> scheduler)
    {
        scheduler.Plan();
        scheduler.Complete();
    }
}
