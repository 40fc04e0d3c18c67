using GreenServe.Metering;
using GreenServe.Metering.Sampling;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Tests.Metering.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Metering;

/// <summary>Whatever a meter does wrong, its energy is a number that can be believed or none with a reason. It is never 0 J.</summary>
public sealed class NeverZeroTests
{
    private const double Watts = 300;
    private const double FaultSeconds = 20;

    public enum Fault
    {
        NeverAnswers,
        AlwaysZero,
        NotANumber,
        Infinite,
        Freezes,
        JumpsBack,
        Vanishes,
        Leaps,
        Resets,
        Negative,
    }

    public static TheoryData<Fault, bool> Faults
    {
        get
        {
            TheoryData<Fault, bool> cases = [];
            foreach (Fault fault in Enum.GetValues<Fault>())
            {
                cases.Add(fault, true);

                // Power may fall and stand still: that is no fault of a meter of watts.
                if (fault is not (Fault.JumpsBack or Fault.Resets or Fault.Freezes))
                {
                    cases.Add(fault, false);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Window_IsNotMeasuredAndSaysWhy_AcrossAFault(Fault fault, bool isCounter)
    {
        (MeterDescription meter, IReadOnlyDictionary<string, MeterSeries> series) = Record(fault, isCounter);

        WindowEnergy energy = WindowEnergy.Measure([meter], series, 5, 38);

        ScopeEnergy scope = Assert.Single(energy.Scopes);
        Assert.Null(scope.Joules);
        Assert.Null(scope.MeanWatts);
        Assert.Null(scope.Per(1000));
        Assert.NotEqual("", scope.NotMeasured);
        Assert.Null(HeadlineScope.Of(energy));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Window_IsMeasured_WhereTheMeterWorks(bool isCounter)
    {
        (MeterDescription meter, IReadOnlyDictionary<string, MeterSeries> series) = Record(fault: null, isCounter);

        ScopeEnergy scope = Assert.Single(WindowEnergy.Measure([meter], series, 5, 38).Scopes);

        Assert.Equal(Watts * 33, scope.Joules!.Value, scope.EdgeErrorJoules!.Value + 1e-6);
    }

    private static (MeterDescription Meter, IReadOnlyDictionary<string, MeterSeries> Series) Record(Fault? fault, bool isCounter)
    {
        FakeTimeProvider time = new();
        RunClock clock = RunClock.Start(time);
        MeterDescription described = new()
        {
            Name = "fake",
            Scope = MeterScope.Gpu,
            Method = "test",
            IsCounter = isCounter,
            AveragingSeconds = isCounter ? null : 0.1,
            RefreshSeconds = 0.1,
        };
        FakeSource source = new(batch => Answer(batch, fault, isCounter, batch.NowSeconds)) { Meters = [described] };
        MeterSampler sampler = new(source, clock, budgetRatio: 0.015);
        List<PowerSample> samples = [];
        while (clock.Seconds < 40)
        {
            sampler.ReadAndPlanNextSeconds();
            time.Advance(TimeSpan.FromSeconds(0.1));
            sampler.Power.DrainTo(samples);
        }

        sampler.Finish();
        sampler.Power.DrainTo(samples);
        return (sampler.Describe().Single(), MeterSeries.ByMeter(samples));
    }

    private static void Answer(ReadingBatch batch, Fault? fault, bool isCounter, double now)
    {
        double value = isCounter ? Watts * now : Watts;
        bool hasHappened = now >= FaultSeconds;
        switch (fault)
        {
            case Fault.NeverAnswers:
            case Fault.Vanishes when hasHappened:
                batch.Fail(0, new ReadingFailure("read-failed", "nothing there"));
                return;
            case Fault.AlwaysZero:
                batch.Add(0, 0);
                return;
            default:
                batch.Add(0, !hasHappened ? value : fault switch
                {
                    Fault.NotANumber => double.NaN,
                    Fault.Infinite => double.PositiveInfinity,
                    Fault.Freezes => Watts * FaultSeconds,
                    Fault.JumpsBack => value - 1000,
                    Fault.Leaps => value + 1e9,
                    Fault.Negative => -value,
                    Fault.Resets => value - (Watts * FaultSeconds),
                    _ => value,
                });
                return;
        }
    }
}
