using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;

namespace GreenServe.Tests.Records.Systems;

public sealed class HostSpeedTests
{
    [Fact]
    public void Document_KeepsEveryFigure()
    {
        HostSpeed speed = new()
        {
            ProbeVersion = 2,
            LaunchSeconds = 4.5e-6,
            LaunchSpreadRatio = 0.01,
            LaunchGpu = "NVIDIA H100 80GB HBM3",
            SingleThreadOperationsPerSecond = 11e6,
            SingleThreadSpreadRatio = 0.02,
            MemoryBytesPerSecond = 300e9,
            MemorySpreadRatio = 0.03,
            SingleThreadMemoryBytesPerSecond = 20e9,
            SingleThreadMemorySpreadRatio = 0.04,
            NotMeasured = "nothing",
            ProbeSeconds = 1.5,
        };

        Assert.Equal(speed, DocumentTree.ParseJson(DocumentContract.Canonical(speed)).BindWritten<HostSpeed>());
    }

    [Fact]
    public void Document_LeavesOutWhatIsNotKnown() => Assert.Equal(
        """{"probe_version":1,"not_measured":"no probe ran there"}""", DocumentContract.Canonical(HostSpeed.Unknown("no probe ran there")));

    [Theory]
    [InlineData("launch_seconds: 0", "$.launch_seconds", "a number in (0, 1]")]
    [InlineData("launch_seconds: 4500", "$.launch_seconds", "a number in (0, 1]")]
    [InlineData("single_thread_operations_per_second: -1", "$.single_thread_operations_per_second", "a number in (0, 1000000000000000]")]
    [InlineData("{launch_seconds: 5e-6, probe_version: 0}", "$.probe_version", "a whole number in [1, 2147483647]")]
    [InlineData(
        "probe_version: 1",
        "$.not_measured",
        "launch_seconds, single_thread_operations_per_second, or the reason why nothing was measured")]
    public void Document_IsRefused_WhenAFigureCannotBe(string yaml, string place, string allowed)
    {
        Problem problem = Assert.Single(InvalidInputException.ProblemsOf(() => DocumentTree.Parse(yaml).Bind<HostSpeed>()));

        Assert.Equal((place, allowed), (problem.Place, problem.Allowed));
    }

    [Fact]
    public void Environment_SaysNothingOfASpeed_WhenARecordOfAnEarlierVersionHasNone()
    {
        string text = DocumentContract.Canonical(RunEnvironment.Virtual());

        Assert.DoesNotContain("host_speed", text, StringComparison.Ordinal);
        Assert.Null(DocumentTree.ParseJson(text).BindWritten<RunEnvironment>().HostSpeed);
    }

    [Fact]
    public void System_KeepsItsBytes_WhenNoHostIsNamed() => Assert.Equal(
        """{"gpu":"H200","gpu_count":8,"engine":"any"}""", DocumentContract.Canonical(new ServingSystem { Gpu = "H200", Engine = "any" }));
}
