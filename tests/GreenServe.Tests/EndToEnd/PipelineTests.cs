using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.EndToEnd;

/// <summary>Runs the MSBuild pipeline on two small experiments, with the command that was built for the tests.</summary>
public sealed class PipelineTests(PipelineFixture fixture) : IClassFixture<PipelineFixture>
{
    private const string SimulatedRecord = "records/input-length.stamp";
    private const string MeasuredRecord = "measured-cpu/records/input-length/input-tokens-16/run.json";

    [Fact]
    public void Build_DrawsAndReports_WhenThereIsNoOutput()
    {
        Assert.Contains("PASS", fixture.Built.Output("claims.csv"), StringComparison.Ordinal);
        Assert.Contains("simulator-errors", fixture.Built.Output("index.md"), StringComparison.Ordinal);
        Assert.All(
            new[]
            {
                "artifacts/output-length.png", "artifacts/output-length.svg", "artifacts/input-length.png",
                "artifacts/simulator-errors.csv", "index.md", "index.html",
            },
            name => Assert.Contains(name, fixture.Built.Times().Keys));
    }

    [Fact]
    public void Build_DrawsWhatThisHostMeasured_ApartFromTheSimulatedArtifacts()
    {
        Assert.Equal(["measured", "simulated", "simulated"], fixture.Built.EvidenceOf("measured-cpu/artifacts/input-length.csv"));
        Assert.Equal(["simulated", "simulated"], fixture.Built.EvidenceOf("artifacts/input-length.csv"));
    }

    [Fact]
    public void Build_RunsNothing_WhenNothingChanged()
    {
        using PipelineFolder folder = fixture.Built.Copy();

        folder.Build();

        Assert.Equal(fixture.Built.Times(), folder.Times());
    }

    [Fact]
    public void Build_RunsNothing_WhenTheProgramsWereBuiltAgainWithTheSameBytes()
    {
        using TemporaryFolder programs = new();
        using PipelineFolder folder = fixture.Built.Copy();
        folder.Tools = PipelineTools.WithOtherTimes(programs);

        folder.Build();

        Assert.Equal(fixture.Built.Times(), folder.Times());
    }

    [Fact]
    public void Build_RunsOneExperimentAgain_WhenItsFileChanged()
    {
        using PipelineFolder folder = fixture.Built.Copy();
        Dictionary<string, DateTime> before = folder.Times();
        File.AppendAllText(folder.PathOf("experiments", "input-length.experiment.yaml"), "repetitions: 2\n");

        folder.Build();

        Dictionary<string, DateTime> after = folder.Times();
        Assert.NotEqual(before["artifacts/input-length.csv"], after["artifacts/input-length.csv"]);
        Assert.NotEqual(before["index.html"], after["index.html"]);
        Assert.Equal(before["artifacts/output-length.csv"], after["artifacts/output-length.csv"]);
        Assert.Equal(before[MeasuredRecord], after[MeasuredRecord]);
        Assert.NotEqual(before["measured-cpu/artifacts/input-length.csv"], after["measured-cpu/artifacts/input-length.csv"]);
    }

    [Theory]
    [InlineData("GreenServe.Records.dll")]
    [InlineData("GreenServe.Metering.dll")]
    public void Build_SimulatesAndMeasuresAgain_WhenAnAssemblyChangedThatRecordsDependOn(string assembly)
    {
        (Dictionary<string, DateTime> before, Dictionary<string, DateTime> after) = BuildWith(assembly);

        Assert.NotEqual(before[SimulatedRecord], after[SimulatedRecord]);
        Assert.NotEqual(before[MeasuredRecord], after[MeasuredRecord]);
        Assert.NotEqual(before["artifacts/simulator-errors.csv"], after["artifacts/simulator-errors.csv"]);
        Assert.NotEqual(before["index.html"], after["index.html"]);
    }

    [Fact]
    public void Build_MeasuresAgainAndDoesNotSimulate_WhenTheEngineChanged()
    {
        (Dictionary<string, DateTime> before, Dictionary<string, DateTime> after) = BuildWith("greenserve-engine.dll");

        Assert.NotEqual(before[MeasuredRecord], after[MeasuredRecord]);
        Assert.Equal(before[SimulatedRecord], after[SimulatedRecord]);
        Assert.Equal(before["artifacts/input-length.csv"], after["artifacts/input-length.csv"]);
    }

    [Fact]
    public void Build_DrawsAgainAndDoesNotSimulateOrMeasure_WhenTheAnalysisChanged()
    {
        (Dictionary<string, DateTime> before, Dictionary<string, DateTime> after) = BuildWith("GreenServe.Analysis.dll");

        Assert.NotEqual(before["artifacts/input-length.csv"], after["artifacts/input-length.csv"]);
        Assert.NotEqual(before["measured-cpu/artifacts/input-length.csv"], after["measured-cpu/artifacts/input-length.csv"]);
        Assert.NotEqual(before["index.html"], after["index.html"]);
        Assert.Equal(before[SimulatedRecord], after[SimulatedRecord]);
        Assert.Equal(before[MeasuredRecord], after[MeasuredRecord]);
    }

    [Fact]
    public void Build_DrawsArchivedRunsBesideTheSimulatedOnes_WhenACampaignIsAdded()
    {
        Assert.Equal(["measured", "measured", "simulated", "simulated"], fixture.WithArchive.EvidenceOf("artifacts/output-length.csv"));
        Assert.Equal(fixture.Built.Times()["artifacts/input-length.csv"], fixture.WithArchive.Times()["artifacts/input-length.csv"]);
    }

    [Fact]
    public void Build_TellsFittedRunsFromHeldOutOnes_WhenACampaignListsThem()
    {
        string errors = fixture.WithArchive.Output("artifacts/twin-errors.csv");

        Assert.Contains("experiment,output-length,calibration,tbt,1,", errors, StringComparison.Ordinal);
        Assert.Contains("experiment,output-length,validation,tbt,1,", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_RemovesWhatWasMadeOfAnArchive_WhenTheArchiveIsGone()
    {
        using PipelineFolder folder = fixture.WithArchive.Copy();
        File.Delete(folder.PathOf("measured", "campaign", "output-length.zip"));
        File.Delete(folder.PathOf("measured", "campaign", "calibration-half.txt"));

        folder.Build();

        Assert.DoesNotContain("measured", folder.EvidenceOf("artifacts/output-length.csv"));
        Assert.DoesNotContain(
            folder.Times().Keys,
            name => name.Contains("twin-errors", StringComparison.Ordinal)
                || name.StartsWith("measured/campaign/", StringComparison.Ordinal));
        Assert.DoesNotContain("twin-errors", folder.Output("index.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_TakesTheErrorsThatAreShippedAndSaysSo_WhenThereAreNoPoints()
    {
        using PipelineFolder folder = fixture.Built.Copy();
        File.Delete(folder.PathOf("points", "few.csv"));

        string printed = folder.Build();

        Assert.Contains("simulator-errors: those that the command ships", printed, StringComparison.Ordinal);
        Assert.Contains("ML.ENERGY", folder.Output("artifacts/simulator-errors.csv"), StringComparison.Ordinal);
        Assert.Contains("simulator-errors", folder.Output("index.md"), StringComparison.Ordinal);
    }

    /// <summary>Builds again with programs in which one assembly has other bytes.</summary>
    private (Dictionary<string, DateTime> Before, Dictionary<string, DateTime> After) BuildWith(string assembly)
    {
        using TemporaryFolder programs = new();
        using PipelineFolder folder = fixture.Built.Copy();
        Dictionary<string, DateTime> before = folder.Times();
        folder.Tools = PipelineTools.WithOtherBytes(programs, assembly);

        folder.Build();

        return (before, folder.Times());
    }
}
