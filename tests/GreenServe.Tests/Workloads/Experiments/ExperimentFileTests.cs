using GreenServe.Records;
using static GreenServe.Tests.Workloads.Experiments.ExperimentTests;

namespace GreenServe.Tests.Workloads.Experiments;

/// <summary>What is said of a file that is no experiment.</summary>
public sealed class ExperimentFileTests
{
    [Theory]
    [InlineData("grid: [{ name: a }]", "$.grid[0]: got nothing, want path and values, or cases")]
    [InlineData("grid: [{ name: a, path: knobs.max_batch }]", "$.grid[0]: got path, want path and values, or cases")]
    [InlineData(
        "grid: [{ name: a, path: knobs.max_batch, values: [1], cases: { x: {} } }]",
        "$.grid[0]: got path, values, cases, want path and values, or cases")]
    [InlineData("grid: [{ name: a, path: knobs.max_batch, values: [] }]", "$.grid[0].values: got an empty list, want at least one value")]
    [InlineData("grid: [{ name: a, cases: {} }]", "$.grid[0].cases: got an empty mapping, want at least one case")]
    [InlineData(
        "grid: [{ name: a, path: max_batch, values: [1] }]",
        "$.grid[0].path: got 'max_batch', want a path that begins with workload., knobs., system.")]
    [InlineData(
        "grid: [{ name: a, path: knobs.max_batch, values: [1, 1] }]",
        "$.grid[0].values[1]: got 1, want a value that is not on the axis already")]
    [InlineData(
        "grid: [{ name: a, path: knobs.max_batch, values: [{ b: 1 }] }]",
        "$.grid[0].values[0]: got a mapping or a list, want a number, text, true, false or nothing (use cases for the rest)")]
    [InlineData(
        "grid: [{ name: a, path: knobs.max_batch, values: [.nan] }]",
        "$.grid[0].values[0]: got NaN, want a finite number, text, true, false or nothing")]
    [InlineData(
        "grid: [{ name: a, cases: { x: { batch: 1 } } }]",
        "$.grid[0].cases.x.batch: got 'batch', want a path that begins with workload., knobs., system.")]
    [InlineData(
        "grid: [{ name: a, path: knobs.max_batch, values: [1] }, { name: a, path: knobs.step_tokens, values: [1] }]",
        "$.grid[1].name: got 'a', want a name that no other axis has")]
    [InlineData(
        "grid: [{ name: a/b, cases: { x/1: {} } }, { name: b, path: knobs.step_tokens, values: [1] }]",
        "$.grid[1].name: got 'b', want a name that no other axis has")]
    [InlineData("grid: [{ name: a/a, cases: { x/1: {} } }]", "$.grid[0].name: got 'a/a', want a name that no other axis has")]
    [InlineData(
        "grid: [{ name: '', path: knobs.step_tokens, values: [1] }]",
        "$.grid[0].name: got '', want a name, or names with slashes between them")]
    [InlineData(
        "grid: [{ name: a, cases: { 1: {}, '1.0': {} } }]",
        "$.grid[0].cases.1.0: got '1.0', want a name of another value than '1'")]
    [InlineData(
        "overrides: { requests: 3 }",
        "$.overrides.requests: got 'requests', want a path that begins with workload., knobs., system.")]
    [InlineData("repetitions: 0", "$.repetitions: got 0, want a whole number in [1, 1000]")]
    [InlineData("backend: magic", "$.backend: got 'magic', want one of simulated, engine, openai")]
    [InlineData(
        "grids: []",
        "$.grids: got unknown key, want one of the keys name, purpose, source, artifact, backend, system, server, knobs, workload, "
        + "overrides, grid, repetitions")]
    public void Read_NamesFoundAndAllowed_WhenOneThingIsWrong(string yaml, string expected)
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => Parse(Head + yaml));

        Assert.Equal($"grid.yaml:8: {expected}", exception.Message);
    }

    [Fact]
    public void Read_RefusesTheGrid_WhenItIsTooLarge()
    {
        string values = string.Join(", ", Enumerable.Range(1, 500));
        string yaml = Head
            + $"grid:\n  - {{ name: a, path: knobs.max_batch, values: [{values}] }}\n"
            + $"  - {{ name: b, path: knobs.step_tokens, values: [{values}] }}\n";

        Assert.Contains(
            "got 250000 runs, want at most 100000 runs",
            Assert.Throws<InvalidInputException>(() => Parse(yaml)).Message,
            StringComparison.Ordinal);
    }
}
