using GreenServe.Simulation.Validation;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Validation;

public sealed class ValidationFilesTests
{
    [Fact]
    public void Write_WritesErrorsAndEveryPoint()
    {
        using TemporaryFolder folder = new();
        ValidationFiles.Write(ValidationReport.Of([Points.Point("a"), Points.Point("b") with { Gpu = "H900" }]), folder.Root);

        string[] points = File.ReadAllLines(folder.PathOf(ValidationFiles.Points));
        Assert.Equal(3, points.Length);
        Assert.Contains("unknown GPU 'H900'", points[2], StringComparison.Ordinal);
        string table = File.ReadAllText(folder.PathOf(ValidationFiles.Table));
        Assert.Contains("Skipped 1: unknown GPU 'H900' (b)", table, StringComparison.Ordinal);
        string errors = File.ReadAllText(folder.PathOf(ValidationFiles.Errors));
        Assert.StartsWith("group,name,split,metric,points,mape_ratio", errors, StringComparison.Ordinal);
    }
}
