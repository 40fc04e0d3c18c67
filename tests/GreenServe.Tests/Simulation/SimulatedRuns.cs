using CsCheck;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation;

/// <summary>Loads to simulate, and a recorder of what a simulation reports.</summary>
internal static class SimulatedRuns
{
    internal static readonly RequestClassCuts Cuts = new();

    /// <summary>Gaps, input and output lengths of up to 60 requests.</summary>
    internal static readonly Gen<List<ScheduledRequest>> Requests =
        Gen.Select(Gen.Double[0, 0.3], Gen.Int[1, 3000], Gen.Int[1, 400]).List[1, 60].Select(ToSchedule);

    internal static void AssertRelative(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");

    internal static Recorder Run(List<ScheduledRequest> requests, SimulatedSystem system)
    {
        Recorder recorder = new();
        recorder.Summary = SimulatedRun.Execute(new RequestSchedule(requests), system, recorder);
        return recorder;
    }

    internal static List<ScheduledRequest> ToSchedule(List<(double Gap, int Input, int Output)> drawn)
    {
        double seconds = 0;
        return [.. drawn.Select((item, id) => Request(id, seconds += item.Gap, item.Input, item.Output))];
    }

    internal static ScheduledRequest Request(int id, double seconds, int input, int output) =>
        new(id, seconds, Cuts.Classify(input, output), input, output);

    internal sealed class Recorder : ISimulationSink
    {
        internal List<RequestOutcome> Outcomes { get; } = [];

        internal Dictionary<string, LatencyHistogram> Gaps { get; } = [];

        internal List<StepStretch> Stretches { get; } = [];

        internal SimulationSummary? Summary { get; set; }

        public void Add(in StepStretch stretch) => Stretches.Add(stretch);

        public void Add(in RequestOutcome outcome) => Outcomes.Add(outcome);

        public void AddTokenGaps(string requestClass, LatencyHistogram gaps) => Gaps.Add(requestClass, gaps);
    }
}
