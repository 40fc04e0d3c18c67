using GreenServe.Cli.Commands.Run;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Cli.Commands.Run;

public sealed class ServerProcessTests
{
    [SkippableFact]
    public async Task StartAsync_SaysThatTheServerIsUnavailable_WhenItDoesNotComeUpInTime()
    {
        Skip.IfNot(
            Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            && File.Exists(Path.Combine(AppContext.BaseDirectory, "greenserve.dll")),
            "greenserve.dll must lie beside the tests, and dotnet must run them");
        using TemporaryFolder folder = new();
        FakeTimeProvider clock = new();
        ServerProcessOptions options = new() { GapSeconds = 1, SendLog = folder.PathOf("sends.csv") };

        Task<ServerProcess> start = ServerProcess.StartAsync(options, clock, CancellationToken.None);
        clock.Advance(ServerProcess.StartLimit);

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(() => start);
        Assert.Equal("The built-in server did not come up within 30 s.", exception.Message);
    }
}
