using GreenServe.Metering.Characterization;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.IdlePower;
using GreenServe.Metering.Recording;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Tests.Metering.Fakes;

namespace GreenServe.Tests.Metering.Characterization;

public class MeterCharacterizationTests
{
    private const string Load =
        """
        echo '{"event":"ready"}'
        while read verb seconds kind; do
          [ "$verb" = exit ] && exit
          echo '{"event":"started"}'
          sleep $seconds
          echo noise
          echo '{"event":"done","steps":7,"median_step_seconds":0.5}'
        done
        """;

    private static readonly BaselineOptions QuickBaseline = new() { MeasureSeconds = 0.2, SettlingSeconds = 0.1, LongestWaitSeconds = 0 };

    [SkippableFact]
    public async Task RunAsync_ReportsEveryFigure_OfASteadyLoad()
    {
        Skip.If(OperatingSystem.IsWindows(), "the load of this test is a shell script");
        using MeterCatalog catalog = Discover();
        using MeterCatalog usual = Discover();
        MemorySink sink = new();

        MeterCharacterization characterization = new(catalog, usual, Options(Load));
        CharacterizationReport report = await characterization.RunAsync(RunClock.Start(TimeProvider.System), sink);

        SteadyLoadResult load = Assert.Single(report.Loads);
        Assert.Equal(("gemm", 7, 0.5), (load.Kind, load.Steps, load.MedianStepSeconds));
        Assert.NotEmpty(report.WithoutLoad);
        Assert.NotEmpty(report.UnderLoad);
        Assert.NotNull(report.Idle.Watts);
        Assert.NotNull(report.LoadedIdle.Watts);
        Assert.Equal((2, 0.0), (report.Interference!.Pairs, report.Interference.StepTimeChangeRatio));
        Assert.NotEmpty(sink.Power);
        Assert.Contains("NVIDIA H200", Assert.Single(report.Gpus), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("echo hello; exit 3", "hello")]
    [InlineData("echo '{\"event\":\"ready\"}'", "ended before it said \"started\"")]
    [InlineData("echo '{ broken'; echo trouble >&2; exit 1", "trouble")]
    [InlineData("echo '{\"event\":\"ready\"}'; echo '{\"event\":\"started\"}'; echo '{\"event\":\"done\",\"steps\":7}'; cat", "without")]
    public async Task RunAsync_IsUnavailableWithTheLog_WhenTheLoadDoesNotDoItsPart(string command, string words)
    {
        Skip.If(OperatingSystem.IsWindows(), "the load of this test is a shell script");
        using MeterCatalog catalog = new([new FakeSource(batch => batch.Add(0, 300 * batch.NowSeconds))], [], [], []);

        MeterCharacterization characterization = new(catalog, catalog, Options(command));
        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(
            () => characterization.RunAsync(RunClock.Start(TimeProvider.System), new MemorySink()));

        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
    }

    private static CharacterizationOptions Options(string command) => new()
    {
        LoadCommand = command,
        Kinds = ["gemm"],
        SteadySeconds = 0.4,
        SettleSeconds = 0.1,
        AroundSeconds = 0.25,
        ProbeSeconds = 0.1,
        Pairs = 2,
        PhaseSeconds = 0.1,
        Idle = QuickBaseline,
        LoadedIdle = QuickBaseline,
    };

    private static MeterCatalog Discover() => FakeMachine.Discover(FakeMachine.With(
        new FakeNvml(TimeProvider.System, new FakeGpu { JoulesAt = time => 300 * time, EnergyCallSeconds = 0 })));
}
