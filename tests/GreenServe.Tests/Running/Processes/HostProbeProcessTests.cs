using GreenServe.Records.Systems;
using GreenServe.Running.Processes;
using GreenServe.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Running.Processes;

/// <summary>The process of the host probe. A shell stands for the program that measures.</summary>
public sealed class HostProbeProcessTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task MeasureAsync_TakesTheLastWholeLine()
    {
        HostSpeed speed = await MeasureAsync("""
            echo '{"not_measured":"first"}'; echo 'a warning of a driver'; echo '{"launch_seconds":5e-06}'; printf '{"launch_seconds":9e'
            """);

        Assert.Equal(5e-6, speed.LaunchSeconds);
        Assert.Null(speed.NotMeasured);
        Assert.NotNull(speed.ProbeSeconds);
    }

    [Fact]
    public async Task MeasureAsync_KeepsWhatWasMeasured_WhenTheProcessCrashes()
    {
        HostSpeed speed = await MeasureAsync(
            """echo '{"single_thread_operations_per_second":8e6,"not_measured":"launch: the probe ended"}'; kill -SEGV $$""");

        Assert.Equal((8e6, "launch: the probe ended"), (speed.SingleThreadOperationsPerSecond, speed.NotMeasured));
    }

    [Fact]
    public async Task MeasureAsync_SaysWhy_WhenTheProcessGivesNoResult() => Assert.Equal(
        "the probe ended with code 3 and gave no result: no such thing",
        (await MeasureAsync("echo '{\"launch_seconds\":-1}'; echo 'no such thing' >&2; exit 3")).NotMeasured);

    [Fact]
    public async Task MeasureAsync_SaysWhy_WhenThereIsNoSuchProgram()
    {
        HostSpeed speed = await new HostProbeProcess([folder.PathOf("missing")]).MeasureAsync(default);

        Assert.StartsWith("the probe cannot be started: ", speed.NotMeasured, StringComparison.Ordinal);
        Assert.False(speed.IsKnown());
    }

    [Fact]
    public async Task MeasureAsync_EndsTheProcess_WhenItTakesTooLong()
    {
        FakeTimeProvider clock = new();
        Task<HostSpeed> measuring = new HostProbeProcess(["/bin/sh", "-c", "sleep 600"], clock).MeasureAsync(default);

        clock.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal("the probe gave no answer in 15 s", (await measuring).NotMeasured);
    }

    [Fact]
    public async Task MeasureAsync_IsCancelled_WhenTheCommandStops()
    {
        using CancellationTokenSource stop = new();
        Task<HostSpeed> measuring = new HostProbeProcess(["/bin/sh", "-c", "sleep 600"]).MeasureAsync(stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => measuring);
    }

    [Fact]
    public async Task MeasureAsync_MeasuresOnce()
    {
        string file = folder.PathOf("starts");
        HostProbeProcess probe = new(["/bin/sh", "-c", $$"""echo start >> '{{file}}'; echo '{"launch_seconds":5e-06}'"""]);

        HostSpeed[] speeds = await Task.WhenAll(probe.MeasureAsync(default), probe.MeasureAsync(default));

        Assert.Same(speeds[0], speeds[1]);
        Assert.Single(await File.ReadAllLinesAsync(file));
    }

    [Theory]
    [InlineData(null, "0")]
    [InlineData("3,1", "3")]
    [InlineData("GPU-8932f937,GPU-1f", "GPU-8932f937")]
    [InlineData("", "")] // CUDA shows no GPU, which the process must not change
    public void FirstDevice_IsTheFirstThatThisProcessMayUse(string? visible, string first) =>
        Assert.Equal(first, HostProbeProcess.FirstDevice(visible));

    public void Dispose() => folder.Dispose();

    private static Task<HostSpeed> MeasureAsync(string script) => new HostProbeProcess(["/bin/sh", "-c", script]).MeasureAsync(default);
}
