using GreenServe.Metering.Recording;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Metering.EnergyAccounting;

namespace GreenServe.Tests.Metering.Recording;

public sealed class ReadingLogTests
{
    private const double Watts = 500;
    private const double Phase = 0.03;
    private readonly MemorySink kept = new();

    [Fact]
    public void Add_HandsEverythingOn()
    {
        ReadingLog log = new(kept);
        PowerSample power = new("gpu0.power", 1, 400, null);
        DeviceReading state = new("gpu0", "sm_clock_megahertz", 1, 1980);

        log.Add(power);
        log.Add(state);

        Assert.Equal(power, Assert.Single(kept.Power));
        Assert.Equal(state, Assert.Single(kept.Device));
    }

    [Fact]
    public void Align_MovesTheEdgesOntoRefreshes_WhichShrinksTheEdgeError()
    {
        ReadingLog log = Log(Counter(readEverySeconds: 0.005));
        MeasurementWindow wanted = new(5.08, 15.08, "test");
        MeterDescription[] meters = [SyntheticMeter.Counter()];

        MeasurementWindow aligned = log.Align(wanted, meters);

        // Refreshes lie at 0.03 + k x 0.1 s, each caught within the 5 ms between two readings.
        Assert.InRange(aligned.StartSeconds, 5.125, 5.135);
        Assert.InRange(aligned.EndSeconds, 15.025, 15.035);
        double before = log.Measure(wanted, meters).Scopes[0].EdgeErrorJoules!.Value;
        double after = log.Measure(aligned, meters).Scopes[0].EdgeErrorJoules!.Value;

        // Half a refresh away at both edges: 2 x 500 W x 0.05 s, against the bracket of 5 ms.
        Assert.InRange(before, 50, 56);
        Assert.InRange(after, 0, (2 * Watts * 0.005) + 1e-6);
    }

    [Fact]
    public void Align_LeavesTheWindow_WhereNoCounterGivesItsEnergy()
    {
        MeasurementWindow wanted = new(5.08, 15.08, "test");

        Assert.Equal(wanted, new ReadingLog(kept).Align(wanted, []));
        Assert.Equal(wanted, Log(Averaged(1)).Align(wanted, [SyntheticMeter.Average()]));
    }

    [Theory]
    [InlineData(5, 15, 1)]
    [InlineData(5, 8, 0.3)]
    public void Align_MovesAnEdgeByATenthOfTheWindowAndAtMostASecond_WhenItIsNotTold(double start, double end, double reachSeconds)
    {
        // Reads lie half a second apart, but around one refresh each at reach and beyond reach of both edges they are dense.
        double[] dense = [start + reachSeconds - 0.1, start + reachSeconds + 0.2, end - reachSeconds + 0.1, end - reachSeconds - 0.2];
        IEnumerable<double> times = dense.SelectMany(at => SyntheticMeter.Every(0.005, at - 0.05, at + 0.05))
            .Concat(SyntheticMeter.Every(0.5, 0.0025, 19.5025)).Order();
        ReadingLog log = Log(SyntheticMeter.ReadCounter(time => Watts * time, times, Phase));

        MeasurementWindow aligned = log.Align(new MeasurementWindow(start, end, "test"), [SyntheticMeter.Counter()]);

        // The dense reads catch a refresh to 5 ms; those within reach win, however near the others lie.
        Assert.InRange(aligned.StartSeconds, start + reachSeconds - 0.15, start + reachSeconds);
        Assert.InRange(aligned.EndSeconds, end - reachSeconds, end - reachSeconds + 0.15);
    }

    [Fact]
    public void VerdictReasons_AreNone_WhenTheMetersAgree() => Assert.Empty(
        Log(Counter(0.005).Concat(Averaged(1))).VerdictReasons(
            new MeasurementWindow(5.03, 15.03, "test"), [SyntheticMeter.Counter(), SyntheticMeter.Average()]));

    [Fact]
    public void VerdictReasons_NameTheWindow_WhenItIsTooShort()
    {
        // Read at random against the refresh, the two edges are off by up to half a refresh each: 10 % of half a second.
        VerdictReason reason = Assert.Single(
            Log(Counter(0.05)).VerdictReasons(new MeasurementWindow(5.08, 5.58, "test"), [SyntheticMeter.Counter()]));

        Assert.Equal("energy-window-too-short", reason.Code);
    }

    [Fact]
    public void VerdictReasons_NameTheMeters_WhenTheyDisagree()
    {
        VerdictReason reason = Assert.Single(Log(Counter(0.005).Concat(Averaged(1.2))).VerdictReasons(
            new MeasurementWindow(5.03, 15.03, "test"), [SyntheticMeter.Counter(), SyntheticMeter.Average()]));

        Assert.Equal("energy-cross-check", reason.Code);
        Assert.Contains("+20.0 %", reason.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void VerdictReasons_NameAMeter_WhenItVanishedAndNotWhenItWasNeverThere()
    {
        MeterDescription vanished = SyntheticMeter.Counter("gpu1.energy", "GPU 1");
        MeterDescription absent = new() { Name = "rapl.package-0", Scope = MeterScope.CpuPackage, Method = "x", NotMeasured = "not here" };
        MeterDescription rail = new() { Name = "hwmon0.power1", Scope = MeterScope.Rail, Method = "x", Device = "rail" };

        VerdictReason[] reasons =
        [
            .. Log(Counter(0.005)).VerdictReasons(
                new MeasurementWindow(5.03, 15.03, "test"), [SyntheticMeter.Counter(), vanished, absent, rail]),
        ];

        Assert.Equal(["meter-failed"], reasons.Select(reason => reason.Code));
        Assert.Contains("gpu1.energy", reasons[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, MeterScope.Gpu)]
    [InlineData(false, MeterScope.CpuPackage)]
    public void HeadlineScope_TakesAReadingBeforeAModel(bool isGpuRead, MeterScope expected)
    {
        ScopeEnergy gpu = Scope(MeterScope.Gpu, isEstimated: !isGpuRead);
        ScopeEnergy package = Scope(MeterScope.CpuPackage, isEstimated: false);

        Assert.Equal(expected, HeadlineScope.Of(new WindowEnergy([gpu, package], []))!.Scope);
    }

    [Fact]
    public void HeadlineScope_IsNone_WhereNothingWasMeasured() => Assert.Null(
        HeadlineScope.Of(new WindowEnergy([Scope(MeterScope.Gpu, isEstimated: false, joules: null)], [])));

    private static ScopeEnergy Scope(MeterScope scope, bool isEstimated, double? joules = 100) => new(scope,
    [
        new EnergyReading
        {
            Meter = "x",
            Scope = scope,
            Method = "x",
            StartSeconds = 0,
            EndSeconds = 1,
            Joules = joules,
            EdgeErrorJoules = joules is null ? null : 0,
            IsEstimated = isEstimated,
            NotMeasured = joules is null ? "gone" : null,
        },
    ]);

    private static IEnumerable<PowerSample> Counter(double readEverySeconds) =>
        SyntheticMeter.ReadCounter(time => Watts * time, SyntheticMeter.Every(readEverySeconds, 0, 20), Phase);

    private static IEnumerable<PowerSample> Averaged(double gain) =>
        SyntheticMeter.ReadAverage(time => gain * Watts * time, SyntheticMeter.Every(0.05, 1, 20), Phase);

    private ReadingLog Log(IEnumerable<PowerSample> samples)
    {
        ReadingLog log = new(kept);
        foreach (PowerSample sample in samples)
        {
            log.Add(sample);
        }

        return log;
    }
}
