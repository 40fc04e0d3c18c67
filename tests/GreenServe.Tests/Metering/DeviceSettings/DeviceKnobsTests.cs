using GreenServe.Metering.DeviceSettings;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Nvml;
using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Metering.Fakes;

namespace GreenServe.Tests.Metering.DeviceSettings;

public sealed class DeviceKnobsTests : IDisposable
{
    private readonly TemporaryFolder home = new();
    private readonly FakeGpu gpu = new() { PowerLimitMilliwatts = 650_000 };

    private string Folder => home.PathOf("device-knobs");

    public void Dispose() => home.Dispose();

    [Fact]
    public void Apply_TouchesNothing_WithoutPermission()
    {
        Assert.Throws<InvalidInputException>(
            () => DeviceKnobs.Apply(Gpus(), new DeviceKnobRequest(1200, 500), allowDeviceChanges: false, Folder));

        Assert.Empty(gpu.Settings);
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void Apply_TouchesNothing_WhenNothingIsAsked()
    {
        using (DeviceKnobs.Apply(Gpus(), new DeviceKnobRequest(null, null), allowDeviceChanges: false, Folder))
        {
            Assert.Empty(gpu.Settings);
        }

        Assert.Empty(gpu.Settings);
    }

    [Fact]
    public void Apply_SetsAndDisposeRestores_WithPermission()
    {
        using (DeviceKnobs knobs = DeviceKnobs.Apply(Gpus(), new DeviceKnobRequest(1200, 500), allowDeviceChanges: true, Folder))
        {
            Assert.Equal(500_000u, gpu.PowerLimitMilliwatts);
            Assert.Equal(1200u, gpu.ClockMegahertz);
            Assert.All(knobs.Outcomes, outcome => Assert.Null(outcome.Note));
            Assert.Single(Directory.GetFiles(Folder));
            Knobs recorded = knobs.AsRecorded(new Knobs { GpuClockMegahertz = 1200, PowerCapWatts = 500 });
            Assert.Equal((1200, 500), (recorded.GpuClockMegahertz, recorded.PowerCapWatts));
        }

        Assert.Equal(650_000u, gpu.PowerLimitMilliwatts);
        Assert.Equal(["power 500000", "lock 1200-1200", "power 650000", "unlock"], gpu.Settings);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void Restore_DoesItOnce_WhenCalledAgain()
    {
        DeviceKnobs knobs = DeviceKnobs.Apply(Gpus(), new DeviceKnobRequest(null, 500), allowDeviceChanges: true, Folder);

        knobs.Restore();
        knobs.Restore();
        knobs.Dispose();

        Assert.Equal(["power 500000", "power 650000"], gpu.Settings);
        Assert.Empty(knobs.Problems);
    }

    [Fact]
    public void AsRecorded_SaysWhatTheDeviceHas_WhenItRounds()
    {
        FakeGpu rounding = new() { LimitMade = limit => limit / 25_000 * 25_000 };
        using DeviceKnobs knobs = DeviceKnobs.Apply(Gpus(rounding), new DeviceKnobRequest(1207, 510), allowDeviceChanges: true, Folder);

        Knobs recorded = knobs.AsRecorded(new Knobs { GpuClockMegahertz = 1207, PowerCapWatts = 510 });

        Assert.Equal((1200, 500), (recorded.GpuClockMegahertz, recorded.PowerCapWatts));
        KnobOutcome power = knobs.Outcomes.Single(outcome => outcome.Knob == "power_cap_watts");
        KnobOutcome clock = knobs.Outcomes.Single(outcome => outcome.Knob == "gpu_clock_megahertz");
        Assert.Contains("500 W of 510 W", power.Note, StringComparison.Ordinal);
        Assert.Contains("no step of this GPU", clock.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 100.0)]
    [InlineData(null, 900.0)]
    [InlineData(null, double.NaN)]
    [InlineData(100.0, null)]
    [InlineData(5000.0, null)]
    public void Apply_RefusesWhatTheGpuCannotDo_BeforeItTouchesAnything(double? clock, double? power)
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => DeviceKnobs.Apply(Gpus(), new DeviceKnobRequest(clock, power), allowDeviceChanges: true, Folder));

        Assert.Contains("NVIDIA H200 (GPU 0)", exception.Message, StringComparison.Ordinal);
        Assert.Empty(gpu.Settings);
    }

    [Fact]
    public void Apply_LeavesNothingChanged_WhenTheDriverRefusesTheSecondGpu()
    {
        FakeGpu second = new() { Uuid = "GPU-2", SetterReturn = NvmlReturn.NoPermission };

        UnavailableException exception = Assert.Throws<UnavailableException>(
            () => DeviceKnobs.Apply(Gpus(gpu, second), new DeviceKnobRequest(null, 500), allowDeviceChanges: true, Folder));

        Assert.Contains("run as root", exception.Message, StringComparison.Ordinal);
        Assert.Equal(650_000u, gpu.PowerLimitMilliwatts);
    }

    [Fact]
    public void Apply_IsUnavailable_WithoutAGpu() => Assert.Throws<UnavailableException>(
        () => DeviceKnobs.Apply([], new DeviceKnobRequest(1200, null), allowDeviceChanges: true, Folder));

    [Fact]
    public void RestoreLeftovers_GivesBack_WhatACrashedProcessHadChanged()
    {
        Leftover(processId: int.MaxValue);
        gpu.PowerLimitMilliwatts = 400_000;

        IReadOnlyList<string> done = DeviceKnobs.RestoreLeftovers(Gpus(), Folder);

        Assert.Contains("left changed", Assert.Single(done), StringComparison.Ordinal);
        Assert.Equal(650_000u, gpu.PowerLimitMilliwatts);
        Assert.Contains("unlock", gpu.Settings);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void Discover_RestoresLeftovers_OfGpusThatWereNotChosenToo()
    {
        Leftover(processId: int.MaxValue);

        FakeNvml nvml = new(TimeProvider.System, gpu, new FakeGpu { Uuid = "GPU-2" });
        using MeterCatalog catalog = FakeMachine.Discover(
            FakeMachine.With(nvml, knobFolder: Folder), new MeterOptions { Gpus = "1" });

        Assert.Contains("left changed", Assert.Single(catalog.Notices), StringComparison.Ordinal);
        Assert.Contains("unlock", gpu.Settings);
    }

    [Fact]
    public void RestoreLeftovers_LeavesAlone_WhatALivingProcessHolds()
    {
        Leftover(Environment.ProcessId);

        Assert.Empty(DeviceKnobs.RestoreLeftovers(Gpus(), Folder));

        Assert.Empty(gpu.Settings);
        Assert.Throws<UnavailableException>(
            () => DeviceKnobs.Apply(Gpus(), new DeviceKnobRequest(null, 500), allowDeviceChanges: true, Folder));
    }

    [Fact]
    public void RestoreLeftovers_ForgetsTheState_AfterAReboot()
    {
        Leftover(int.MaxValue, bootId: "another boot");

        Assert.Empty(DeviceKnobs.RestoreLeftovers(Gpus(), Folder));

        Assert.Empty(gpu.Settings);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void RestoreLeftovers_KeepsTheStateAndSaysHow_WhenRestoringIsRefused()
    {
        Leftover(int.MaxValue);
        gpu.SetterReturn = NvmlReturn.NoPermission;
        gpu.PowerLimitMilliwatts = 400_000;

        IReadOnlyList<string> done = DeviceKnobs.RestoreLeftovers(Gpus(), Folder);

        Assert.Contains(done, line => line.Contains("sudo nvidia-smi -i 0 -pl 650", StringComparison.Ordinal));
        Assert.Contains(done, line => line.Contains("-rgc", StringComparison.Ordinal));
        Assert.Single(Directory.GetFiles(Folder));
    }

    [Fact]
    public void RestoreLeftovers_NamesTheFile_WhenItIsDamaged()
    {
        home.Write("device-knobs/broken.json", "{ not json");

        Assert.Contains("broken.json is damaged", Assert.Single(DeviceKnobs.RestoreLeftovers(Gpus(), Folder)), StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_TouchesNothing_WhenThePowerLimitToRestoreCannotBeRead()
    {
        gpu.LimitReturn = NvmlReturn.Timeout;

        UnavailableException exception = Assert.Throws<UnavailableException>(
            () => DeviceKnobs.Apply(Gpus(), new DeviceKnobRequest(null, 500), allowDeviceChanges: true, Folder));

        Assert.Contains("does not tell its power limit", exception.Message, StringComparison.Ordinal);
        Assert.Empty(gpu.Settings);
    }

    [Fact]
    public void Apply_TouchesNothing_WhenTheUuidCannotBeRead()
    {
        FakeGpu nameless = new() { UuidReturn = NvmlReturn.Unknown };

        UnavailableException exception = Assert.Throws<UnavailableException>(
            () => DeviceKnobs.Apply(Gpus(nameless), new DeviceKnobRequest(1200, null), allowDeviceChanges: true, Folder));

        Assert.Contains("does not tell its UUID", exception.Message, StringComparison.Ordinal);
        Assert.Empty(nameless.Settings);
    }

    [Fact]
    public void Restore_KeepsTheStateAndSaysSo_WhenThePowerLimitCannotBeReadBack()
    {
        DeviceKnobs knobs = DeviceKnobs.Apply(Gpus(), new DeviceKnobRequest(null, 500), allowDeviceChanges: true, Folder);
        gpu.LimitReturn = NvmlReturn.Timeout;

        knobs.Dispose();

        Assert.Contains("the power limit cannot be read and should be 650 W", Assert.Single(knobs.Problems), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Folder));
    }

    private IReadOnlyList<GpuDevice> Gpus(params FakeGpu[] others) =>
        FakeMachine.Discover(FakeMachine.With(new FakeNvml(TimeProvider.System, others.Length > 0 ? others : [gpu]))).Gpus;

    private void Leftover(int processId, string? bootId = null)
    {
        Directory.CreateDirectory(Folder);
        new KnobState
        {
            Uuid = gpu.Uuid,
            ProcessId = processId,
            ProcessStartedAt = KnobState.OwnStart,
            BootId = bootId,
            PowerLimitMilliwatts = 650_000,
            LockedClocks = true,
        }.Write(Path.Combine(Folder, $"{gpu.Uuid}.json"));
    }
}
