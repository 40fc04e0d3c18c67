using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Physics;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Calibration;

public sealed class StepHistoryTests
{
    [Fact]
    public void Of_AddsTheTimeBetweenStepsToTheEarlierStep_WhenTheEngineContinued()
    {
        using TemporaryFolder folder = new();
        SimulatedSystem system = TestSystems.H100(TestSystems.Llama31For8B, 1, engine: "vllm-0.11") with { GpuCount = 1 };
        RunRecord record = SimulatedRecords.Write(folder.PathOf("run"), system, 3);
        EditedRecord.ForgetSizes(folder.PathOf("run"));
        File.WriteAllText(folder.PathOf("run", RunFiles.Steps), """
            start_seconds,duration_seconds,prefill_tokens,decode_sequences,context_tokens
            0,0.02,600,0,0
            0.021,0.01,0,1,601
            0.032,0.01,0,1,602
            5,0.02,600,0,0

            """);

        IReadOnlyList<MeasuredStep> steps = StepHistory.Of(0, RunRecord.Read(record.Folder), TestSystems.H100());

        // Pauses of 1 ms are known after the first two steps; before the prompt at 5 s the engine was idle.
        Assert.Equal([0.021, 0.011, 0.011, 0.021], steps.Select(step => Math.Round(step.Seconds, 9)));
    }
}
