using System.Text.Json.Nodes;
using GreenServe.Analysis.Grids;
using GreenServe.Records.Systems;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Grids;

public sealed class RunSeriesTests
{
    [Fact]
    public void NameOf_TellsPoliciesApart_AndTheirParameters_ButNotTheirSources()
    {
        string slow = NameUnder(Policy("slow", 1200, "a page"));

        Assert.Contains(" · slow #", slow, StringComparison.Ordinal);
        Assert.Equal(slow, NameUnder(Policy("slow", 1200, "a better page")));
        Assert.NotEqual(slow, NameUnder(Policy("slow", 1400, "a page")));
        Assert.NotEqual(slow, NameUnder(Policy("fast", 1200, "a page")));
        Assert.NotEqual(slow, NameUnder(null));
    }

    [Fact]
    public void NameOf_HasThePolicyAlone_WhereTheRecordDoesNotStateItsParameters()
    {
        ControlPolicy unknown = new() { Name = "slow" };

        Assert.Contains(" · slow · ", NameUnder(unknown), StringComparison.Ordinal);
        Assert.Equal(NameUnder(unknown), NameUnder(unknown with { Definition = JsonValue.Create("a text, which no policy is") }));
    }

    private static string NameUnder(ControlPolicy? policy)
    {
        using TemporaryFolder folder = new();
        new SyntheticRun { Policy = policy }.WriteAndRead(folder.PathOf("run"));
        return RunSeries.NameOf(ExperimentRun.Read(folder.PathOf("run")));
    }

    private static ControlPolicy Policy(string name, int megahertz, string source) => new()
    {
        Name = name,
        Definition = new JsonObject { ["name"] = name, ["source"] = source, ["gpu_clock_megahertz"] = megahertz },
    };
}
