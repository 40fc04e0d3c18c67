using GreenServe.Records;
using GreenServe.Records.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records.Tables;

public sealed class RunFilesTests
{
    [Theory]
    [InlineData("run.json")]
    [InlineData("power.csv")]
    public void RequireOutsideOfRecord_RefusesTheFilesOfARecord(string name)
    {
        using TemporaryFolder folder = new();
        RunFiles.RequireOutsideOfRecord(folder.PathOf(name));
        File.WriteAllText(folder.PathOf("run.json"), "{}");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => RunFiles.RequireOutsideOfRecord(folder.PathOf(name)));

        Assert.EndsWith(
            "output file: got a file of a run record, want a file that is no part of a record",
            exception.Message,
            StringComparison.Ordinal);
        RunFiles.RequireOutsideOfRecord(folder.PathOf("other.json"));
    }
}
