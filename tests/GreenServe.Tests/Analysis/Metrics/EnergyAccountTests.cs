using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Metrics.Steps;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Metrics;

public sealed class EnergyAccountTests
{
    private static readonly MeasurementWindow Window = new(1, 9, "test");

    [Fact]
    public void Of_SubtractsTheCounters_WhenTheyCoverTheWindow()
    {
        RunEnergy energy = Account(
            [Counter("gpu0", "A"), Counter("gpu1", "B")], [.. Counted("gpu0", 100, 5000), .. Counted("gpu1", 300, 0)]);

        // (100 W + 300 W) x 8 s. Edges: half a reading to the middle of the 0.1 s in which the next refresh lies, and those 0.1 s,
        // at 400 W, twice. Gain: 5 %.
        Assert.Equal(3200, energy.Joules.Value!.Value, 1e-6);
        Assert.Equal(120, energy.EdgeErrorJoules!.Value, 1e-6);
        Assert.Equal(120 + (0.05 * 3200), energy.Joules.ErrorBound!.Value, 1e-6);
        Assert.Equal(400, energy.MeanWatts.Value!.Value, 1e-6);
        Assert.Equal(400, energy.PeakWatts.Value!.Value, 1e-6);
        Assert.Equal(EnergySource.Counter, energy.Source);
    }

    [Fact]
    public void Of_IntegratesPower_WhenThereIsNoCounter()
    {
        // A ramp of 10 W a second from 0 W: the integral from 1 s to 9 s is 5 x (81 - 1) = 400 J.
        PowerSample[] samples = [.. Enumerable.Range(0, 101).Select(index => new PowerSample("gpu0", index / 10.0, index, null))];

        RunEnergy energy = Account([Power("gpu0", "A")], samples);

        Assert.Equal(400, energy.Joules.Value!.Value, 1e-9);
        Assert.Equal(90, energy.PeakWatts.Value!.Value, 1e-9);
        Assert.Equal(EnergySource.AveragedPower, energy.Source);
    }

    [Fact]
    public void Of_IsNotMeasuredForAll_WhenOneDeviceIsMissing()
    {
        MeterDescription broken = Counter("gpu1", "B") with { NotMeasured = "no permission" };

        RunEnergy energy = Account([Counter("gpu0", "A"), broken], Counted("gpu0", 100, 0));

        Assert.Null(energy.Joules.Value);
        Assert.Equal("B: no permission", energy.Joules.NotMeasured);
        Assert.Null(energy.PeakWatts.Value);
    }

    [Fact]
    public void Of_SaysWhatIsCovered_WhenTheMeterBeganLate()
    {
        RunEnergy energy = Account([Counter("gpu0", "A")], [.. Counted("gpu0", 100, 0).Where(sample => sample.Seconds > 3)]);

        Assert.Equal("A: the readings cover only 3.05 s to 10 s of the run", energy.Joules.NotMeasured);
    }

    [Fact]
    public void Of_RefusesASilentSensor_WhenTheGapIsLong()
    {
        PowerSample[] samples = [.. Enumerable.Range(0, 101).Where(index => index is < 20 or > 60)
            .Select(index => new PowerSample("gpu0", index / 10.0, 100, null))];

        RunEnergy energy = Account([Power("gpu0", "A")], samples);

        Assert.Equal("A: no reading between 1.9 s and 6.1 s", energy.Joules.NotMeasured);
    }

    [Fact]
    public void Of_NeverAddsScopes_WhenTheyContainEachOther()
    {
        MeterDescription memory = Counter("mem0", "A") with { Scope = MeterScope.GpuMemory };
        MeterDescription node = Counter("wall", "W") with { Scope = MeterScope.Node };

        RunEnergy energy = Account(
            [node, Counter("gpu0", "A"), memory], [.. Counted("gpu0", 100, 0), .. Counted("mem0", 30, 0), .. Counted("wall", 500, 0)]);

        Assert.Equal(MeterScope.Gpu, energy.Scope);
        Assert.Equal(800, energy.Joules.Value!.Value, 1e-6);
        Assert.Equal(240, energy.ByScope[MeterScope.GpuMemory].Value!.Value, 1e-6);
        Assert.Equal(4000, energy.ByScope[MeterScope.Node].Value!.Value, 1e-6);
    }

    [Fact]
    public void Of_ComparesCounterAndPower_WhenBothWereRead()
    {
        IEnumerable<PowerSample> powers = Enumerable.Range(0, 101).Select(index => new PowerSample("p0", index / 10.0, 90, null));
        PowerSample[] samples = [.. Counted("gpu0", 100, 0), .. powers];

        RunEnergy energy = Account([Counter("gpu0", "A"), Power("p0", "A") with { AveragingSeconds = 1 }], samples);

        Assert.Equal(800, energy.Joules.Value!.Value, 1e-6);
        Assert.Equal(-0.1, energy.CrossCheckRatio!.Value, 1e-9);
    }

    [Fact]
    public void Of_SaysThatPowerWasInstant_WhenThatIsAllThereIs()
    {
        MeterDescription instant = Power("gpu0", "A") with { Method = "NVML instant power" };

        RunEnergy energy = Account([instant], [.. Enumerable.Range(0, 11).Select(second => new PowerSample("gpu0", second, 100, null))]);

        Assert.Equal(800, energy.Joules.Value!.Value, 1e-9);
        Assert.Equal("NVML instant power, integrated", Assert.Single(energy.Devices).Method);
    }

    [Fact]
    public void Of_RefusesACounter_WhenItFellWithoutAWrap()
    {
        PowerSample[] samples = [.. Counted("gpu0", 100, 5000)
            .Select(sample => sample.Seconds < 5 ? sample : sample with { CumulativeJoules = sample.CumulativeJoules - 5400 })];

        RunEnergy energy = Account([Counter("gpu0", "A")], samples);

        Assert.Contains("the counter jumped back", energy.Joules.NotMeasured, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SubtractsLoadedIdle_WhenTheBaselineWasMeasured()
    {
        Baselines baselines = new(IdleWatts: null, LoadedIdleWatts: 60) { LoadedIdleErrorWatts = 1 };

        RunEnergy energy = Account([Counter("gpu0", "A")], Counted("gpu0", 100, 0), baselines);

        // (100 W - 60 W) x 8 s. Error: the edges, 1 W over 8 s, and 5 % gain of the difference.
        Assert.Equal(320, energy.DynamicJoules.Value!.Value, 1e-6);
        Assert.Equal(energy.EdgeErrorJoules!.Value + 8 + (0.05 * 320), energy.DynamicJoules.ErrorBound!.Value, 1e-6);
    }

    [Fact]
    public void Of_SaysWhyThereIsNoDynamicEnergy_WhenThereIsNoBaseline()
    {
        RunEnergy energy = Account([Counter("gpu0", "A")], Counted("gpu0", 100, 0));

        Assert.Equal("loaded-idle power not measured", energy.DynamicJoules.NotMeasured);
    }

    [Theory]
    [InlineData(4_294_967.295)]
    [InlineData(-5)]
    public void Of_LeavesOutReadingsThatAreNoNumbers_FromEnergyAndPeakAlike(double blank)
    {
        PowerSample[] samples = [.. Enumerable.Range(0, 101)
            .Select(index => new PowerSample("gpu0", index / 10.0, index is > 40 and < 45 ? blank : 100, null))];

        RunEnergy energy = Account([Power("gpu0", "A")], samples);

        Assert.Equal(800, energy.Joules.Value!.Value, 1e-9);
        Assert.Equal(100, energy.PeakWatts.Value!.Value, 1e-9);
    }

    [Fact]
    public void Of_StatesNoErrorBound_WhenNobodyKnowsIt()
    {
        PowerSample[] samples = [.. Enumerable.Range(0, 101).Select(index => new PowerSample("gpu0", index / 10.0, 100, null))];

        // Readings that never change have no spread at the edges, and the meter states no gain error: ± 0 J would be a claim.
        Assert.Null(Account([Power("gpu0", "A")], samples).Joules.ErrorBound);
        RunEnergy modelled = Account([Power("gpu0", "A") with { IsEstimated = true, GainErrorRatio = 0.05 }], samples);
        Assert.Equal(800, modelled.Joules.Value!.Value, 1e-9);
        Assert.Null(modelled.Joules.ErrorBound);
        Assert.Null(modelled.MeanWatts.ErrorBound);
    }

    [Fact]
    public void Of_TakesThePeakFromMeters_WhenAModelStandsBesideThem()
    {
        IEnumerable<PowerSample> modelled = Enumerable.Range(0, 101).Select(index => new PowerSample("model", index / 10.0, 700, null));

        RunEnergy energy = Account(
            [Counter("gpu0", "A"), Power("model", "A") with { IsEstimated = true }], [.. Counted("gpu0", 100, 0), .. modelled]);

        Assert.False(energy.IsEstimated);
        Assert.Equal(800, energy.Joules.Value!.Value, 1e-6);
        Assert.Equal(100, energy.PeakWatts.Value!.Value, 1e-6);
    }

    [Fact]
    public void Timeline_AddsUpToTheWindow_WhereverItIsCut()
    {
        using TemporaryFolder folder = new();
        IEnumerable<PowerSample> powers = Enumerable.Range(0, 121)
            .Select(index => new PowerSample("p1", index / 10.0, 50 + (index % 7), null));
        RunRecord record = Write(
            folder,
            [Counter("gpu0", "A"), Power("p1", "B") with { AveragingSeconds = 1 }],
            [.. Counted("gpu0", 100, 5000), .. powers]);

        double whole = EnergyOf(record).Joules.Value!.Value;
        Func<double, double, double> energy = EnergyAccount.Timeline(record, StepWindow.Of(record, Window), [])!;

        Assert.Equal(whole, energy(1, 9), whole * 1e-12);
        Assert.Equal(whole, energy(1, 2.345) + energy(2.345, 7.77) + energy(7.77, 9), whole * 1e-12);
    }

    [Fact]
    public void Of_PrefersSteps_WhenTheMeterIsAModelToo()
    {
        MeterDescription model = Counter("gpu", null) with { IsEstimated = true };
        using TemporaryFolder folder = new();
        SyntheticRun run = new() { Waves = 8 };
        using (RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("run"), run.Manifest with { Meters = [model] }))
        {
            writer.Add(new EngineStep(0, 10, 1, 0, 0) { EnergyJoules = 1000 });
            foreach (PowerSample sample in Counted("gpu", 100, 0))
            {
                writer.Add(sample);
            }

            writer.Complete(manifest => manifest);
        }

        RunEnergy energy = EnergyOf(RunRecord.Read(folder.PathOf("run")));

        Assert.Equal(EnergySource.Steps, energy.Source);
        Assert.Equal(800, energy.Joules.Value!.Value, 1e-6);
        Assert.Null(energy.Joules.ErrorBound);
    }

    [Fact]
    public void Of_TakesThePeakOfAClusterFromItsWholeSeconds_AllMetersTogether()
    {
        // Each meter has 100 W, and 300 W for a second of its own: the cluster never has 600 W. The second burst lies across two seconds.
        PowerSample[] samples = [.. Burst("gpu0", 3), .. Burst("gpu1", 6.5)];
        using TemporaryFolder folder = new();
        Dictionary<string, double> counters = new() { [RunCounter.Replicas.Name] = 2 };

        RunEnergy energy = EnergyOf(Write(folder, [Counter("gpu0", "A"), Counter("gpu1", "B")], samples, counters: counters));

        Assert.Equal(400, energy.PeakWatts.Value!.Value, 1e-6);
        Assert.Equal("highest 1 s mean of the whole cluster", energy.PeakBasis);
    }

    private static IEnumerable<PowerSample> Burst(string meter, double from) => Enumerable.Range(0, 101).Select(index =>
        new PowerSample(meter, index / 10.0, null, (100 * index / 10.0) + (200 * Math.Clamp((index / 10.0) - from, 0, 1))));

    private static RunEnergy Account(MeterDescription[] meters, IEnumerable<PowerSample> samples, Baselines? baselines = null)
    {
        using TemporaryFolder folder = new();
        return EnergyOf(Write(folder, meters, samples, baselines));
    }

    private static RunEnergy EnergyOf(RunRecord record) => EnergyAccount.Of(record, Window, StepWindow.Of(record, Window));

    private static RunRecord Write(
        TemporaryFolder folder,
        MeterDescription[] meters,
        IEnumerable<PowerSample> samples,
        Baselines? baselines = null,
        IReadOnlyDictionary<string, double>? counters = null)
    {
        RunManifest manifest = new SyntheticRun { Evidence = EvidenceKind.Measured }.Manifest with
        {
            Meters = meters,
            Baselines = baselines,
            Counters = counters ?? new Dictionary<string, double>(),
        };
        using (RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("run"), manifest))
        {
            foreach (PowerSample sample in samples)
            {
                writer.Add(sample);
            }

            writer.Complete(started => started);
        }

        return RunRecord.Read(folder.PathOf("run"));
    }

    private static IEnumerable<PowerSample> Counted(string meter, double watts, double start) =>
        Enumerable.Range(0, 101).Select(index => new PowerSample(meter, index / 10.0, null, start + (watts * index / 10)));

    private static MeterDescription Counter(string name, string? device) => new()
    {
        Name = name,
        Device = device,
        Scope = MeterScope.Gpu,
        Method = "energy counter",
        IsCounter = true,
        RefreshSeconds = 0.1,
        GainErrorRatio = 0.05,
    };

    private static MeterDescription Power(string name, string device) => new()
    {
        Name = name,
        Device = device,
        Scope = MeterScope.Gpu,
        Method = "averaged power",
        RefreshSeconds = 0.1,
    };
}
