using CsCheck;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Tests.Records.Runs;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Runs;

/// <summary>Properties that hold for every simulated run and every load. They depend on all types of a run together.</summary>
public sealed class SimulatedRunInvariantTests
{
    [Fact]
    public void Execute_ConservesTokensAndEnergy_ForAnyLoad() =>
        Requests.Sample(
            requests =>
            {
                SimulationAggregate aggregate = new();
                SimulationSummary summary = SimulatedRun.Execute(new RequestSchedule(requests), TestSystems.H100(), aggregate);

                Assert.Equal(requests.Count, aggregate.Completed);
                Assert.Equal(requests.Sum(request => (long)request.InputTokens), aggregate.PrefillTokens);
                Assert.Equal(requests.Sum(request => (long)request.OutputTokens), aggregate.DecodeTokens + aggregate.Completed);
                AssertRelative(aggregate.TotalJoules, aggregate.RequestJoules + aggregate.IdleJoules, 1e-9);
                AssertRelative(summary.TotalJoules, aggregate.TotalJoules, 1e-12);
                AssertRelative(summary.DurationSeconds, aggregate.CoveredSeconds, 1e-9);
                Assert.Equal(requests.Sum(request => request.OutputTokens - 1L), aggregate.TokenGaps.Values.Sum(gaps => gaps.Count));
            },
            iter: 60);

    [Fact]
    public void Execute_StartsRequestsInTheOrderOfArrival_ForAnyLoad() =>
        Requests.Sample(
            requests =>
            {
                Recorder recorder = Run(requests, TestSystems.H100(TestSystems.Llama31For8B, 1));
                double[] firstTokens =
                    [.. recorder.Outcomes.OrderBy(outcome => outcome.Request.Id).Select(outcome => outcome.FirstTokenSeconds!.Value)];
                Assert.Equal(firstTokens.Order(), firstTokens);
            },
            iter: 60);

    [Fact]
    public void Execute_GeneratesTheSameTokens_ForEveryTensorParallelism() =>
        Requests.Sample(
            requests =>
            {
                long[] tokens = [.. new[] { 2, 4, 8 }.Select(degree => Tokens(requests, TestSystems.H100(tensorParallelism: degree)))];
                Assert.Single(tokens.Distinct());
            },
            iter: 20);

    [Fact]
    public void Execute_WritesTheSameBytes_ForTheSameInputs()
    {
        List<ScheduledRequest> requests = ToSchedule(
            [.. Enumerable.Range(0, 200).Select(id => (0.05 + (id % 7 * 0.01), 100 + (id * 37 % 3000), 1 + (id * 13 % 300)))]);
        using Fixtures.TemporaryFolder folder = new();
        string[] texts = [.. new[] { "first", "second" }.Select(name => Write(requests, folder.PathOf(name)))];

        Assert.Equal(texts[0], texts[1]);
        RunRecord record = RunRecord.Read(folder.PathOf("first"));
        Assert.Equal(EvidenceKind.Simulated, record.Manifest.Evidence);
        Assert.True(Assert.Single(record.Manifest.Meters).IsEstimated);
        double total = record.Steps.Sum(step => step.EnergyJoules!.Value);
        AssertRelative(total, record.Power[^1].CumulativeJoules!.Value, 1e-9);
        double requestJoules = record.Requests.Sum(request => request.EnergyJoules!.Value);
        double idleJoules = record.Steps.Where(step => step.IsIdle).Sum(step => step.EnergyJoules!.Value);
        AssertRelative(total, requestJoules + idleJoules, 1e-9);
        AssertRelative(record.Manifest.DurationSeconds!.Value, record.Steps.Sum(step => step.DurationSeconds), 1e-6);
        for (int index = 1; index < record.Steps.Count; index++)
        {
            EngineStep before = record.Steps[index - 1];
            Assert.Equal(before.StartSeconds + before.DurationSeconds, record.Steps[index].StartSeconds, 3e-9);
        }
    }

    [Fact]
    public void Execute_ServesEverybody_ThoughTheCacheOverflows_ForAnyLoad() =>
        Requests.Sample(
            requests =>
            {
                Recorder recorder = Run(requests, TestSystems.H100(TestSystems.Llama31For8B, 1).WithCache(5000));
                Assert.All(recorder.Outcomes, outcome => Assert.Equal(RequestStatus.Completed, outcome.Status));
                Assert.Equal(requests.Count, recorder.Outcomes.Count);
            },
            iter: 40);

    [Fact]
    public void Execute_HalvesEveryTime_WhenAllRatesAndSpeedsDouble_ForAnyLoad() =>
        Requests.Sample(
            requests =>
            {
                SimulatedSystem plain = TestSystems.H100(TestSystems.Llama31For8B, 1);
                List<ScheduledRequest> denser =
                    [.. requests.Select(request => request with { ScheduledSeconds = request.ScheduledSeconds / 2 })];

                Recorder slow = Run(requests, plain);
                Recorder fast = Run(denser, TestSystems.TwiceAsFast(plain));

                AssertRelative(slow.Summary!.DurationSeconds, 2 * fast.Summary!.DurationSeconds, 1e-9);
                foreach ((RequestOutcome first, RequestOutcome second) in slow.Outcomes.OrderBy(outcome => outcome.Request.Id)
                    .Zip(fast.Outcomes.OrderBy(outcome => outcome.Request.Id)))
                {
                    AssertRelative(first.FirstTokenSeconds!.Value, 2 * second.FirstTokenSeconds!.Value, 1e-9);
                    AssertRelative(first.CompletedSeconds!.Value, 2 * second.CompletedSeconds!.Value, 1e-9);
                }
            },
            iter: 30);

    private static long Tokens(List<ScheduledRequest> requests, SimulatedSystem system)
    {
        SimulationAggregate aggregate = new();
        SimulatedRun.Execute(new RequestSchedule(requests), system, aggregate);
        return aggregate.OutputTokens;
    }

    private static string Write(List<ScheduledRequest> requests, string folder)
    {
        using (RunRecordWriter writer = RunRecordWriter.Create(folder, SmallRun.Manifest()))
        {
            RunRecordSink sink = new(writer);
            SimulationSummary summary = SimulatedRun.Execute(new RequestSchedule(requests), TestSystems.H100(), sink);
            writer.Complete(summary.Complete);
        }

        return string.Concat(Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllText));
    }
}
