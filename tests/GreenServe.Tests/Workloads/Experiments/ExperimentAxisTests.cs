using GreenServe.Records;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Workloads.Experiments;

/// <summary>What an axis sets is what its points run with.</summary>
public sealed class ExperimentAxisTests
{
    [Theory]
    [InlineData("- { name: a, path: knobs.max_batch, values: [1, 2] }\n  - { name: b, path: knobs.max_batch, values: [3] }",
        "$.grid[1]: got 'knobs.max_batch' on the axis 'b', want a path that the axis 'a' before it does not set")]
    [InlineData("- { name: a, path: workload.arrival.concurrency, values: [1] }\n"
        + "  - { name: b, cases: { x: { workload.arrival: { kind: poisson, requests_per_second: 1 } } } }",
        "$.grid[1]: got 'workload.arrival' on the axis 'b'")]
    [InlineData(
        "- name: a\n    cases:\n      x: { knobs.max_batch: 2 }\n      y: { knobs.step_tokens: 512 }\n"
        + "  - { name: b, path: knobs.step_tokens, values: [256] }",
        "$.grid[1]: got 'knobs.step_tokens' on the axis 'b'")]
    [InlineData(
        "- name: a\n    cases:\n      x: { workload.arrival.concurrency: 2, workload.arrival: { kind: closed_loop, concurrency: 3 } }",
        "$.grid[0].cases.x.workload.arrival: got it after 'workload.arrival.concurrency'")]
    public void Check_NamesTheAxis_WhenItOverwritesWhatAnotherSets(string grid, string expected)
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => ExperimentTests.Parse(ExperimentTests.Head + "grid:\n  " + grid).Points());

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_AreAllThere_WhenALaterAxisSetsAPartOfWhatAnEarlierOneSets()
    {
        IReadOnlyList<OperatingPoint> points = ExperimentTests.Parse(ExperimentTests.Head + """
            grid:
              - name: arrival
                cases:
                  thinking: { workload.arrival: { kind: closed_loop, concurrency: 1, think_seconds: 2 } }
                  steady: { workload.arrival: { kind: closed_loop, concurrency: 1 } }
              - { name: users, path: workload.arrival.concurrency, values: [4, 8] }
            """).Points();

        Assert.Equal([4, 8, 4, 8], points.Select(point => point.Workload.Concurrency()));
    }

    [Theory]
    [InlineData("max_batch=4", "--set max_batch=4: got it for what the axis 'batch' varies, want a value that no axis sets")]
    [InlineData("knobs.max_batch=4", "the axis 'batch' varies")]
    public void Points_RefuseASetting_WhenAnAxisSetsTheSame(string setting, string expected)
    {
        Experiment experiment = ExperimentTests.Parse(
            ExperimentTests.Head + "grid:\n  - { name: batch, path: knobs.max_batch, values: [1, 2] }");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => experiment.Points([setting]));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_NameWhatTheyChangeInTheWorkload()
    {
        OperatingPoint point = ExperimentTests.Parse(ExperimentTests.Head + """
            overrides: { workload.requests: 12, workload.model: llama-2-7b, knobs.precision: fp8 }
            grid:
              - { name: batch, path: workload.arrival.concurrency, values: [1] }
            """).Points(["workload.warm_up_seconds=0", "slo=dynamollm"]).Single();

        // The model and the SLO stand in records beside the workload, so they do not make its name wrong.
        Assert.Equal(["requests", "warm_up_seconds", "arrival.concurrency"], point.Place!.WorkloadChanges);
    }
}
