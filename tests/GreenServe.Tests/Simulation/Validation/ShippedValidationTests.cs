using GreenServe.Simulation.Validation;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Validation;

public sealed class ShippedValidationTests
{
    private const string UpdateVariable = "GREENSERVE_UPDATE_VALIDATION";

    /// <summary>What numbers of two machines may differ by, far below any change of a constant.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>Points that are simulated again: at most this many of each engine, GPU, precision and kind of load.</summary>
    private const int PointsOfEach = 1;

    private static readonly string Remedy =
        $"{UpdateVariable}=1 dotnet test tests/GreenServe.Tests --filter {nameof(ShippedValidationTests)} makes the table anew";

    /// <summary>Whether the table is made anew. The table of this build stays the former one until the next build.</summary>
    private static bool IsUpdated => Environment.GetEnvironmentVariable(UpdateVariable) is "1";

    private static string TableFile =>
        Repository.PathOf("benchmarks", "GreenServe.Simulation", "profiles", "errors", "validation.csv");

    [Fact]
    public void Report_HoldsEveryPublishedPoint()
    {
        MeasuredPoint[] published = [.. Repository.PointsFiles.SelectMany(PointsFile.Read)];
        if (IsUpdated)
        {
            File.WriteAllText(TableFile, ShippedValidation.ToCsv(ValidationReport.Of(published)));
            return;
        }

        Assert.True(
            published.Select(TextOf).SequenceEqual(ShippedValidation.Report.Results.Select(result => TextOf(result.Point))),
            $"The shipped table does not hold the points of paper-artifacts/points. {Remedy}.");
    }

    [Fact]
    public void Report_HoldsWhatTheSimulatorPredicts()
    {
        if (IsUpdated)
        {
            return;
        }

        PointResult[] shipped = [.. ShippedValidation.Report.Results.Where(result => result.Point.Load != "saturated, offline")
            .GroupBy(result => (result.Engine, result.Point.Gpu, result.Point.Precision, result.Point.Load?.Split(' ')[0]))
            .SelectMany(group => group.OrderBy(result => result.Setting?.ConcurrentRequests).Take(PointsOfEach))];

        ValidationReport now = ValidationReport.Of([.. shipped.Select(result => result.Point)]);

        string[] stale = [.. shipped.Zip(now.Results).Where(pair => !IsSame(pair.First, pair.Second)).Select(pair => pair.First.Point.Id)];
        Assert.True(stale.Length == 0, $"The shipped table is out of date at the points {string.Join(", ", stale)}. {Remedy}.");
    }

    [Fact]
    public void Parse_GivesBackEveryColumn_OfWhatWasWritten()
    {
        ValidationReport report = ValidationReport.Of([Points.Point("a"), Points.Point("b") with { Gpu = "H900" }]);

        ValidationReport read = ShippedValidation.Parse(ShippedValidation.ToCsv(report));

        Assert.Equal(2, read.Results.Count);
        Assert.True(IsSame(report.Results[0], read.Results[0]));
        Assert.Equal(report.Results[0].Setting! with { WeightsPerToken = 0 }, read.Results[0].Setting! with { WeightsPerToken = 0 });
        Assert.Equal(("unknown GPU 'H900'", null, null), (read.Results[1].Skipped, read.Results[1].Prediction, read.Results[1].Setting));
    }

    [Fact]
    public void WasFittedTo_ComparesWhatWasRun_AndNotTheIdentifier()
    {
        MeasuredPoint fitted = ShippedValidation.Report.Results.First(result => result.Point.IsForCalibration).Point;
        string source = $"{ValidationReport.SourceName(fitted.Source)} @9";
        MeasuredPoint renamed = fitted with { Id = "mine", Split = "validation", Source = source };

        Assert.True(ShippedValidation.WasFittedTo(renamed));
        Assert.False(ShippedValidation.WasFittedTo(fitted));
        Assert.False(ShippedValidation.WasFittedTo(renamed with { OutputTokens = fitted.OutputTokens + 1 }));
        Assert.False(ShippedValidation.WasFittedTo(Points.Point(fitted.Id)));
        Assert.DoesNotContain(ShippedValidation.Report.Results, result => ShippedValidation.WasFittedTo(result.Point));
    }

    /// <summary>What identifies a point and what was measured. Six digits are shipped, and the line of a file is not.</summary>
    private static string TextOf(MeasuredPoint point) => string.Join('|', new[]
    {
        point.Id, point.Source, point.Split, point.Gpu, point.Model, point.Precision, point.Load, point.Stack, $"{point.TensorParallelism}",
    }.Concat(Enum.GetValues<PointMetric>().Select(metric => FormattableString.Invariant($"{point.Value(metric):G4}"))));

    private static bool IsSame(PointResult one, PointResult other) =>
        one.Skipped == other.Skipped && Enum.GetValues<PointMetric>().All(metric =>
            (one.Prediction?.Value(metric), other.Prediction?.Value(metric)) switch
            {
                (null, null) => true,
                ({ } left, { } right) => Math.Abs((left / right) - 1) < Tolerance,
                _ => false,
            });
}
