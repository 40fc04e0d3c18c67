using GreenServe.Cli.Commands.Meters;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Meters;

public sealed class MetersCommandHostTests
{
    [Fact]
    public void Lines_ShowEachFigureInItsUnit()
    {
        HostSpeed speed = new()
        {
            LaunchSeconds = 4.512e-6,
            LaunchSpreadRatio = 0.0123,
            LaunchGpu = "NVIDIA H200",
            SingleThreadOperationsPerSecond = 11.4e6,
            SingleThreadMemoryBytesPerSecond = 20e9,
            MemoryBytesPerSecond = 312.5e9,
            MemorySpreadRatio = 0.1,
        };

        Assert.Equal(
            [
                ("kernel launch", "4.51 us (middle half within 1.2 %), empty kernels on NVIDIA H200"),
                ("one thread", "11.40 million operations/s, of version 1 of the probe"),
                ("memory, one thread", "20.00 GB/s, read and written"),
                ("memory, all cores", "312.50 GB/s (middle half within 10.0 %), read and written"),
            ],
            MetersCommandHost.Lines(speed));
    }

    [Fact]
    public void Lines_SayWhatWasNotMeasured() => Assert.Equal(
        [("not measured", "launch time of kernels: this host has no CUDA driver")],
        MetersCommandHost.Lines(HostSpeed.Unknown("launch time of kernels: this host has no CUDA driver")));

    [Fact]
    public async Task Host_ExitsWithUnavailable_WhenNothingCouldBeMeasured()
    {
        using TemporaryFolder folder = new();
        string file = folder.PathOf("host.json");

        // The process of the tests is not the program that has the probe.
        CommandResult result = await CommandRunner.RunAsync("meters", "host", "--out", file);

        Assert.Equal(ExitCode.Unavailable, result.ExitCode);
        Assert.Contains("this process has no probe", result.Output, StringComparison.Ordinal);
        Assert.Equal(HostSpeed.Unknown("this process has no probe"), DocumentTree.Read(file).Bind<HostSpeed>());
    }
}
