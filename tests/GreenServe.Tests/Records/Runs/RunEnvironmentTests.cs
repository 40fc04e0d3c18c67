using GreenServe.Records.Runs;

namespace GreenServe.Tests.Records.Runs;

public sealed class RunEnvironmentTests
{
    [Theory]
    [InlineData("0.1.0+0f3a", "0f3a")]
    [InlineData("0.1.0-beta+0f3a-dirty", "0f3a-dirty")]
    [InlineData("0.1.0", null)]
    [InlineData(null, null)]
    public void CommitOf_IsWhatFollowsThePlusSign(string? version, string? commit) =>
        Assert.Equal(commit, RunEnvironment.CommitOf(version));

    [Fact]
    public void Host_NamesTheCommitOfTheProgram_WhenItWasBuiltFromAClone()
    {
        string? version = AppContext.GetData("GreenServe.Version") as string;

        Assert.Equal(RunEnvironment.CommitOf(version), RunEnvironment.Host().GitCommit);
        Assert.Equal(version is null, RunEnvironment.Host().GitCommit is null);
    }

    [Fact]
    public void Virtual_NamesNoHostAndNoCommit_SoThatASimulatedRunIsTheSameBytesEverywhere()
    {
        RunEnvironment environment = RunEnvironment.Virtual();

        Assert.Equal(new RunEnvironment { SuiteVersion = RunEnvironment.Version, Gpus = environment.Gpus }, environment);
    }
}
