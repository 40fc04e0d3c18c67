using CsCheck;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Scheduling;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Runs;

public sealed class SimulatedRunTests
{
    [Fact]
    public void Execute_ReportsTheSameAsThePlainSimulation_ForAnyLoad() =>
        Requests.Sample(requests => AssertLikeReference(requests, TestSystems.H100(TestSystems.Llama31For8B, 1)), iter: 40);

    /// <summary>Policies of the engines that published points come from, and all of them at once.</summary>
    public static TheoryData<SchedulerPolicy> Policies => new(
        new SchedulerPolicy { IsAsynchronous = true },
        new SchedulerPolicy { ChunksPrompts = false },
        new SchedulerPolicy { MixesPrompts = false },
        new SchedulerPolicy { MixesPrompts = false, ChunksPrompts = false },
        new SchedulerPolicy { MaxPrompts = 1, IsAsynchronous = true },
        new SchedulerPolicy { ChunksPrompts = false, BatchWaitRatio = 0.9, BatchWaitSteps = 20 },
        new SchedulerPolicy { MixesPrompts = false, MaxPrompts = 2, IsAsynchronous = true, BatchWaitRatio = 0.5, BatchWaitSteps = 3 });

    [Theory]
    [MemberData(nameof(Policies))]
    public void Execute_ReportsTheSameAsThePlainSimulation_ForAnyPolicy(SchedulerPolicy policy)
    {
        SimulatedSystem system = TestSystems.H100(TestSystems.Llama31For8B, 1).WithCache(20_000);
        system = system with { Engine = system.Engine with { Scheduler = policy }, Knobs = system.Knobs with { StepTokens = 1024 } };
        Requests.Sample(requests => AssertLikeReference(requests, system), iter: 25);
    }

    [Fact]
    public void Execute_ReportsTheSameAsThePlainSimulation_WhenTheCacheOverflows()
    {
        SimulatedSystem system = TestSystems.H100(TestSystems.Llama31For8B, 1).WithCache(8000);
        int preemptions = 0;
        Requests.Sample(requests => preemptions += AssertLikeReference(requests, system), iter: 40, threads: 1);
        Assert.True(preemptions > 100, $"only {preemptions} preemptions: the test does not reach what it is for");
    }

    [Fact]
    public void Execute_ReportsTheSameAsThePlainSimulation_WhenThePowerCapBinds()
    {
        SimulatedSystem system = TestSystems.H100(TestSystems.Llama31For8B, 1);
        AssertCapped(system with { Knobs = system.Knobs with { PowerCapWatts = 400, MaxBatch = 24 } });

        void AssertCapped(SimulatedSystem capped) => Requests.Sample(requests => AssertLikeReference(requests, capped), iter: 15);
    }

    [Fact]
    public void Execute_MatchesTheClosedForm_OfASingleRequest()
    {
        const int Input = 1000;
        const int Output = 301;
        SimulatedSystem system = TestSystems.H100();
        Recorder recorder = Run([Request(0, 0, Input, Output)], system);

        // One prefill step, then 300 decode steps over contexts 1001..1300; time and energy are linear in the context.
        StepModel model = system.StepModel();
        StepCost prefill = model.Cost(StepShape.Prefill(Input, 0, completesPrompt: true));
        StepCost middle = model.Cost(StepShape.Decode(1, 1150));
        StepCost next = model.Cost(StepShape.Decode(1, 1151));
        double decodeSeconds = 300 * (middle.Seconds + next.Seconds) / 2;
        double decodeJoules = 300 * (middle.Joules + next.Joules) / 2;

        RequestOutcome outcome = Assert.Single(recorder.Outcomes);
        Assert.Equal(system.Engine.FrontEndSeconds + prefill.Seconds, outcome.FirstTokenSeconds!.Value, 1e-12);
        Assert.Equal(decodeSeconds, outcome.CompletedSeconds!.Value - outcome.FirstTokenSeconds.Value, 1e-9);
        Assert.Equal(prefill.Joules + decodeJoules, outcome.EnergyJoules, 1e-6);
        Assert.Equal(prefill.Joules, outcome.PrefillEnergyJoules, 1e-9);
    }

    [Fact]
    public void Execute_MatchesTheClosedForm_OfASaturatedSteadyState()
    {
        const int Batch = 64;
        const int Input = 512;
        const int Output = 256;
        SimulatedSystem system = TestSystems.H100();
        system = system with { Knobs = system.Knobs with { MaxBatch = Batch }, Engine = system.Engine with { FrontEndSeconds = 0 } };

        // Users out of step: the first output of each is cut to another length, so that one request ends every fourth step.
        List<ScheduledRequest> requests =
            [.. Enumerable.Range(0, 40 * Batch).Select(id => Request(id, 0, Input, id < Batch ? 1 + (id * Output / Batch) : Output))];
        Recorder recorder = new();
        SimulatedRun.Execute(new RequestSchedule(requests, Batch), system, recorder);

        // A request takes part in 256 steps. 64 of them have a prompt beside 63 decoding sequences, and 192 decode all 64 sequences.
        // Contexts are 513 to 767 tokens long.
        StepModel model = system.StepModel();
        const long Mean = (513 + 767) / 2;
        StepCost plain = model.Cost(StepShape.Decode(Batch, Batch * Mean));
        StepCost mixed = model.Cost(new StepShape(Input, PrefillAttention.Pairs(Input, 0), 1, 1, Batch - 1, (Batch - 1) * Mean));
        double expectedSeconds = ((Output - Batch) * plain.Seconds) + (Batch * mixed.Seconds);
        double expectedJoules = ((Output - Batch) * plain.Joules) + (Batch * mixed.Joules);

        double from = recorder.Outcomes[5 * Batch].CompletedSeconds!.Value;
        double to = recorder.Outcomes[35 * Batch].CompletedSeconds!.Value;
        StepStretch[] steady = [.. recorder.Stretches.Where(stretch => stretch.StartSeconds >= from && stretch.StartSeconds < to)];
        AssertRelative(30 * Batch / (Batch / expectedSeconds), to - from, 0.01);
        AssertRelative(30 * expectedJoules, steady.Sum(stretch => stretch.Joules), 0.01);
    }

    [Fact]
    public void Execute_EndsAsSaturated_WhenTheLoadIsAboveCapacity()
    {
        List<ScheduledRequest> requests = [.. Enumerable.Range(0, 20000).Select(id => Request(id, id / 50.0, 4000, 300))];
        Recorder recorder = new();
        SimulationSummary summary = SimulatedRun.Execute(new RequestSchedule(requests), TestSystems.H100(), recorder);

        Assert.Equal("saturated", Assert.Single(summary.Verdict.Reasons).Code);
        Assert.True(summary.CancelledRequests > 0);
        Assert.Equal(20000, summary.CompletedRequests + summary.CancelledRequests);
        Assert.InRange(summary.DurationSeconds, 999, 1002);
        AssertRelative(summary.TotalJoules, recorder.Outcomes.Sum(outcome => outcome.EnergyJoules) + summary.IdleJoules, 1e-9);
        Assert.Equal(
            recorder.Outcomes.Where(outcome => outcome.Status == RequestStatus.Completed).Sum(outcome => outcome.OutputTokens - 1L),
            recorder.Gaps.Values.Sum(gaps => gaps.Count));
    }

    [Fact]
    public void Execute_SaysThatThePowerCapWasMissed_WhenEvenTheLowestClockDrawsMore()
    {
        SimulatedSystem system = TestSystems.H100();
        SimulatedSystem capped = system with
        {
            Gpu = system.Gpu with { PowerCap = system.Gpu.PowerCap with { LowestWatts = 1 } },
            Knobs = system.Knobs with { PowerCapWatts = 100 },
        };

        SimulationSummary summary = SimulatedRun.Execute(new RequestSchedule([Request(0, 0, 4000, 100)]), capped, new Recorder());

        Assert.Equal("power-cap-missed", Assert.Single(summary.Verdict.Reasons).Code);
    }

    [Fact]
    public void Execute_IsValid_WhenTheLoadIsBelowCapacity()
    {
        List<ScheduledRequest> requests = [.. Enumerable.Range(0, 1000).Select(id => Request(id, id / 5.0, 1000, 200))];
        Assert.True(SimulatedRun.Execute(new RequestSchedule(requests), TestSystems.H100(), new Recorder()).Verdict.IsValid);
    }

    [Fact]
    public void Execute_LetsUsersThink_InAClosedLoop()
    {
        List<ScheduledRequest> requests = [.. Enumerable.Range(0, 10).Select(id => Request(id, 0, 100, 50) with { ThinkSeconds = 2 })];
        Recorder recorder = new();
        SimulatedRun.Execute(new RequestSchedule(requests, concurrency: 1), TestSystems.H100(), recorder);

        double previous = 0;
        foreach (RequestOutcome outcome in recorder.Outcomes)
        {
            Assert.Equal(previous + 2, outcome.IssuedSeconds, 1e-9);
            Assert.Equal(outcome.IssuedSeconds, outcome.Request.ScheduledSeconds);
            previous = outcome.CompletedSeconds!.Value;
        }
    }

    [Fact]
    public void Execute_ReportsEveryProblemAtOnce_WhenTheSystemIsWrong()
    {
        SimulatedSystem system = TestSystems.H100() with
        {
            GpuCount = 2,
            Knobs = new Knobs
            {
                TensorParallelism = 3,
                GpuClockMegahertz = 3000,
                PowerCapWatts = 50,
                Precision = Precision.Fp32,
                StepTokens = 8,
            },
        };
        system = system with { Gpu = system.Gpu with { Fp32 = null } };

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => SimulatedRun.Execute(new RequestSchedule([]), system, new Recorder()));

        string[] places = [.. exception.Problems.Select(problem => problem.Place)];
        Assert.Equal(
            [
                "knobs.tensor_parallelism", "knobs.tensor_parallelism", "knobs.gpu_clock_megahertz", "knobs.power_cap_watts",
                "knobs.precision", "knobs.step_tokens", "model",
            ],
            places);
        Assert.Contains("210 to 1980 MHz", exception.Message, StringComparison.Ordinal);
        Assert.Contains("bf16, fp8", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_ReportsRequests_WhenTheyAreLongerThanTheCache()
    {
        SimulatedSystem system = TestSystems.H100(TestSystems.Llama31For8B, 1).WithCache(1600);
        List<ScheduledRequest> requests = [.. Enumerable.Range(0, 8).Select(id => Request(id, 0, 1600, 1 + id))];

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => SimulatedRun.Execute(new RequestSchedule(requests), system, new Recorder()));

        Assert.Equal(6, exception.Problems.Count);
        Assert.Contains("1600 + 1 tokens", exception.Message, StringComparison.Ordinal);
        Assert.Contains("3 more", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Isolated_MeasuresASingleRequestOfEachClass()
    {
        IReadOnlyList<IsolatedLatency> isolated = SimulatedRun.Isolated(Cuts, TestSystems.H100());

        Assert.Equal(RequestClass.All.Select(requestClass => requestClass.Name), isolated.Select(latency => latency.Class));
        Assert.Equal("8 x H100-80GB-SXM", isolated[0].System);
        IsolatedLatency longPrompt = isolated.Single(latency => latency.Class == "LS");
        IsolatedLatency shortPrompt = isolated.Single(latency => latency.Class == "SS");
        Assert.True(longPrompt.TtftSeconds > shortPrompt.TtftSeconds);
    }

    private static int AssertLikeReference(List<ScheduledRequest> requests, SimulatedSystem system)
    {
        Recorder recorder = Run(requests, system);
        ReferenceSimulation reference = new(system);
        List<ReferenceSimulation.Job> jobs = reference.Run(requests);

        AssertRelative(reference.TotalJoules, recorder.Summary!.TotalJoules, 1e-9);
        AssertRelative(reference.Seconds, recorder.Summary.DurationSeconds, 1e-9);
        Assert.Equal(reference.Preemptions, recorder.Summary.Preemptions);
        Dictionary<int, long> bins = [];
        IEnumerable<RequestOutcome> outcomes = recorder.Outcomes.OrderBy(outcome => outcome.Request.Id);
        foreach ((ReferenceSimulation.Job job, RequestOutcome outcome) in jobs.Zip(outcomes))
        {
            double[] gaps = job.Gaps;
            AssertRelative(job.TokenSeconds[0], outcome.FirstTokenSeconds!.Value, 1e-9);
            AssertRelative(job.TokenSeconds[^1], outcome.CompletedSeconds!.Value, 1e-9);
            AssertRelative(job.Joules, outcome.EnergyJoules, 1e-9);
            AssertRelative(job.PrefillJoules, outcome.PrefillEnergyJoules, 1e-9);
            Assert.Equal(gaps.Length == 0, outcome.TbtMaxSeconds is null);
            if (gaps.Length > 0)
            {
                Array.Sort(gaps);
                AssertRelative(gaps[^1], outcome.TbtMaxSeconds!.Value, 1e-7);
                AssertRelative(gaps[(int)Math.Ceiling(0.99 * gaps.Length) - 1], outcome.TbtP99Seconds!.Value, 1e-7);
            }
        }

        Assert.Equal(jobs.Sum(job => (long)job.Gaps.Length), recorder.Gaps.Values.Sum(gaps => gaps.Count));
        AssertRelative(1 + jobs.Sum(job => job.Gaps.Sum()), 1 + recorder.Gaps.Values.Sum(gaps => gaps.SumSeconds), 0.004);
        return reference.Preemptions;
    }
}
