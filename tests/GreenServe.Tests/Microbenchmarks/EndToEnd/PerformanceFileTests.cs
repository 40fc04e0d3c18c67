using GreenServe.Microbenchmarks.EndToEnd;
using GreenServe.Records;

namespace GreenServe.Tests.Microbenchmarks.EndToEnd;

/// <summary>The numbers that lie beside the page of the suite's own performance.</summary>
public sealed class PerformanceFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("greenserve-performance-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Read_GivesBackWhatWasWritten()
    {
        string path = Path.Combine(folder, "performance.json");
        CommandCost cost = new("run", 1_000) { WallSeconds = 1.5, PeakBytes = 7, NotMeasured = "why", ReferenceSeconds = 0.25 };

        new PerformanceFile([Measurement("now", cost)]).Write(path);

        Assert.Equal(cost, PerformanceFile.Read(path).Measurements.Single().Find("run", 1_000));
    }

    [Fact]
    public void Read_IsEmpty_WithoutAFile() => Assert.Empty(PerformanceFile.Read(Path.Combine(folder, "none.json")).Measurements);

    [Fact]
    public void Read_Refuses_WhatHoldsNoMeasurements()
    {
        string path = Path.Combine(folder, "other.json");
        File.WriteAllText(path, """{ "measurements": 3 }""");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => PerformanceFile.Read(path));

        Assert.Contains("want measurements of this benchmark", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_ReplacesAMeasurementOfTheSameName_InItsPlace()
    {
        PerformanceFile file = new([Measurement("before"), Measurement("now")]);
        PerformanceMeasurement again = Measurement("before", new CommandCost("query", 1_000));

        PerformanceFile replaced = file.With(again).With(Measurement("other"));

        Assert.Equal(["before", "now", "other"], replaced.Measurements.Select(at => at.Label));
        Assert.Same(again, replaced.Measurements[0]);
    }

    private static PerformanceMeasurement Measurement(string label, params CommandCost[] costs) =>
        new(label, "0123456789abcdef", "2026-01-31", new PerformanceHost("a processor x 2", 8_000_000_000, "an OS", ".NET"), 1_000, costs);
}
