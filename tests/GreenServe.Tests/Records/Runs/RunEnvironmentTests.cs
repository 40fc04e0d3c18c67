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
    public void Virtual_NamesNoHostAndNoCommit_SoThatASimulatedRunIsTheSameBytesEverywhere()
    {
        RunEnvironment environment = RunEnvironment.Virtual();

        Assert.Equal(new RunEnvironment { SuiteVersion = RunEnvironment.Version, Gpus = environment.Gpus }, environment);
    }
}
