using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Tables;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Physics;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Records.Runs;

namespace GreenServe.Tests.Simulation.Calibration;

public sealed class CalibrationHostTests : IDisposable
{
    private static readonly HostSpeed Fast = new() { LaunchSeconds = 4.5e-6, SingleThreadOperationsPerSecond = 10e6 };
    private static readonly HostSpeed Slow = new() { LaunchSeconds = 9e-6, SingleThreadOperationsPerSecond = 5e6 };

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Of_TakesTheMedianOfEachFigure_OfTheRecordsThatStateIt()
    {
        HostSpeed? host = CalibrationHost.Of(
        [
            Record(new HostSpeed { LaunchSeconds = 4e-6, SingleThreadOperationsPerSecond = 6e6, LaunchGpu = "NVIDIA H100" }),
            Record(new HostSpeed { LaunchSeconds = 3e-6, SingleThreadOperationsPerSecond = 10e6 }),
            Record(new HostSpeed { LaunchSeconds = 9e-6, SingleThreadOperationsPerSecond = 11e6, NotMeasured = "memory" }),
            Record(new HostSpeed { ProbeVersion = 2, LaunchSeconds = 1e-6 }), // does not compare with the others
            Record(HostSpeed.Unknown("no probe runs there")),
            Record(null),
        ]);

        Assert.Equal(new HostSpeed { LaunchSeconds = 4e-6, SingleThreadOperationsPerSecond = 10e6, LaunchGpu = "NVIDIA H100" }, host);
    }

    [Fact]
    public void Of_KnowsNoHost_WhenNoRecordDoes() => Assert.Null(CalibrationHost.Of([Record(null), Record(HostSpeed.Unknown("none"))]));

    [Fact]
    public void FittedOn_BringsTheProfileToTheHostOfTheFit_AndRunsElsewhereAreScaledFromIt()
    {
        SimulatedSystem onFast = CalibrationHost.FittedOn(SystemOf(fitted: Fast, host: Fast), Slow);

        // The profile had 2 ms on the fast host, so that it is 4 ms on the slow one. A run on the fast host still has 2 ms.
        Assert.Equal((4e-3, Slow), (onFast.Engine.Costs.StepSeconds, onFast.Engine.FittedHost));
        Assert.Equal(2e-3, onFast.EngineHere.Costs.StepSeconds, 1e-12);
        Assert.Equal(4e-3, SystemConstants.Of(onFast, CalibrationConstant.StepSeconds));
    }

    [Fact]
    public void With_SetsAConstantAsItIsOnTheHostOfTheFit()
    {
        SimulatedSystem system = SystemConstants.With(
            CalibrationHost.FittedOn(SystemOf(fitted: null, host: Slow), Fast),
            new Dictionary<CalibrationConstant, double> { [CalibrationConstant.StepSeconds] = 3e-3 });

        // The host of the run takes twice as long.
        Assert.Equal((3e-3, Fast), (system.Engine.Costs.StepSeconds, system.Engine.FittedHost));
        Assert.Equal(6e-3, system.EngineHere.Costs.StepSeconds, 1e-12);
    }

    [Fact]
    public void FittedOn_ForgetsTheHostOfTheProfile_WhenNoRecordSaysHowFastItsWas()
    {
        SimulatedSystem system = CalibrationHost.FittedOn(SystemOf(fitted: Fast, host: null), null);

        Assert.Equal((2e-3, null), (system.Engine.Costs.StepSeconds, system.Engine.FittedHost));
    }

    [Fact]
    public void Notes_SayWhichRecordsAreOfAnotherOrAnUnknownHost()
    {
        HostSpeed?[] hosts = [Fast, Slow, Slow, HostSpeed.Unknown("no probe runs there"), null];
        SimulatedSystem[] systems = [.. hosts.Select(host => CalibrationHost.FittedOn(SystemOf(null, host), Fast))];

        Assert.Equal(
            [
                "2 of 5 records are of another host: host work of twin is scaled to another host: launches of kernels from 4.50 us to "
                    + "9.00 us, one thread from 10.00 million operations/s to 5.00 million operations/s",
                "2 of 5 records do not say how fast their host was, and count as of the host of the others",
            ],
            CalibrationHost.Notes(systems));
    }

    [Fact]
    public void Notes_SayThatTheHostIsNotKnown_WhenNoRecordDoes()
    {
        Assert.Equal(
            ["no record says how fast its host was, so that the profile does not say it either"],
            CalibrationHost.Notes([CalibrationHost.FittedOn(SystemOf(Fast, null), null)]));
        Assert.Empty(CalibrationHost.Notes([]));
    }

    public void Dispose() => folder.Dispose();

    private static SimulatedSystem SystemOf(HostSpeed? fitted, HostSpeed? host) => TestSystems.H100() with
    {
        Engine = new EngineProfile
        {
            Name = "twin",
            Source = "test",
            Costs = new EngineCosts { LayerSeconds = 0, StepSeconds = 2e-3, SequenceSeconds = 0, OverlappedLayerSeconds = 50e-6 },
            FrontEndSeconds = 0.01,
            FittedHost = fitted,
        },
        Host = host,
    };

    private RunRecord Record(HostSpeed? speed)
    {
        RunManifest manifest = SmallRun.Manifest();
        manifest = manifest with { Environment = manifest.Environment with { HostSpeed = speed } };
        string name = $"record{Directory.GetDirectories(folder.Root).Length}";
        folder.Write(Path.Combine(name, RunFiles.Manifest), DocumentContract.Readable(manifest));
        return RunRecord.Read(folder.PathOf(name));
    }
}
