using System.IO.Compression;
using GreenServe.Metering;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Sampling;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Metering.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Metering.Recordings;

/// <summary>
/// Replays recorded NVML calls. A file whose first line begins with <c># synthetic</c> was made from published numbers; the others
/// were recorded with <c>greenserve meters characterize</c> on the GPU that their first line names.
/// </summary>
public class RecordedGpuTests
{
    public static TheoryData<string> Recordings =>
        [.. Directory.GetFiles(Folder, "*.csv.gz").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private static string Folder => Repository.PathOf("tests", "GreenServe.Tests", "Metering", "Recordings");

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Counter_RefreshesEachTenthOfASecond(string file)
    {
        RefreshObserver observer = new();
        foreach (string[] row in Rows(file).Where(row => row[1] == "energy" && row[5] == "Success"))
        {
            observer.Observe(Number(row[0]) + (Number(row[4]) / 2), Number(row[6]));
        }

        Assert.InRange(observer.PeriodSeconds!.Value, 0.09, 0.11);
        Assert.True(observer.Count > 20);
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Sampler_FindsTheCountersOwnEnergy_WhenARecordingIsReplayed(string file)
    {
        (double from, double to) = SteadyStretch(file);
        (IReadOnlyList<MeterDescription> meters, IReadOnlyDictionary<string, MeterSeries> series) = Replay(file, from - 2, to + 2);
        MeterDescription counter = meters.Single(meter => meter.IsCounter);
        MeasurementWindow wanted = new(2.5, to - from + 1.5, "test");
        MeasurementWindow window = EnergyWindow.AlignToRefreshes(wanted, counter, series[counter.Name], 1);

        EnergyReading reading = EnergyWindow.Measure(counter, series[counter.Name], window.StartSeconds, window.EndSeconds);

        (double Seconds, double Joules)[] recorded =
        [
            .. Rows(file)
                .Where(row => row[1] == "energy" && row[5] == "Success")
                .Select(row => (Number(row[0]) + (Number(row[4]) / 2) - (from - 2), Number(row[6]) / 1e3)),
        ];
        double atEnd = recorded.Last(row => row.Seconds <= window.EndSeconds).Joules;
        double expected = atEnd - recorded.Last(row => row.Seconds <= window.StartSeconds).Joules;
        double step = 2 * 0.11 * expected / window.LengthSeconds;
        Assert.Equal(expected, reading.Joules!.Value, tolerance: reading.EdgeErrorJoules!.Value + step);
        Assert.Empty(counter.Faults);
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Counter_AgreesWithAveragedPower_UnderSteadyLoad(string file)
    {
        (double from, double to) = SteadyStretch(file);
        (IReadOnlyList<MeterDescription> meters, IReadOnlyDictionary<string, MeterSeries> series) = Replay(file, from - 2, to + 2);

        WindowEnergy energy = WindowEnergy.Measure(meters, series, 3, to - from + 1);

        EnergyCrossCheck check = Assert.Single(energy.CrossChecks);
        Assert.True(check.Agrees, $"{check.DifferenceRatio:P2}");
        Assert.InRange(check.DifferenceRatio, -check.AllowedRatio + 0.03, check.AllowedRatio - 0.03);
    }

    /// <summary>Finds the longest stretch in which averaged power stays above nine tenths of its highest.</summary>
    private static (double From, double To) SteadyStretch(string file)
    {
        (double Seconds, double Watts)[] average =
        [
            .. Rows(file)
                .Where(row => row[1] == "field" && row[3] == "185:0" && row[5] == "Success")
                .Select(row => (Number(row[0]), Number(row[6]) / 1e3)),
        ];
        double high = 0.9 * average.Max(row => row.Watts);
        (double From, double To) best = (0, 0);
        double? begin = null;
        double last = 0;
        foreach ((double seconds, double watts) in average.Append((average[^1].Seconds, 0.0)))
        {
            if (watts >= high)
            {
                begin ??= seconds;
                last = seconds;
            }
            else if (begin is { } from)
            {
                best = last - from > best.To - best.From ? (from, last) : best;
                begin = null;
            }
        }

        return best;
    }

    /// <summary>Samples the replayed GPU from one moment of the recording to another. The first moment becomes second 0.</summary>
    private static (IReadOnlyList<MeterDescription> Meters, IReadOnlyDictionary<string, MeterSeries> Series) Replay(
        string file, double from, double to)
    {
        FakeTimeProvider time = new();
        long start = time.GetTimestamp();
        ReplayNvml nvml = new(Lines(file), () => from + time.GetElapsedTime(start).TotalSeconds);
        using MeterCatalog catalog = FakeMachine.Discover(FakeMachine.With(nvml, clock: time));
        List<MeterDescription> meters = [];
        List<PowerSample> samples = [];
        foreach (IMeterSource source in catalog.Sources.Where(source => source.Meters.Count > 0))
        {
            start = time.GetTimestamp();
            RunClock clock = RunClock.Start(time);
            MeterSampler sampler = new(source, clock, 0.015, new RefreshSearch(0.1));
            for (double next = 0; clock.Seconds < to - from;)
            {
                time.Advance(TimeSpan.FromSeconds(Math.Max(0.001, next - clock.Seconds)));
                next = sampler.ReadAndPlanNextSeconds();
                sampler.Power.DrainTo(samples);
            }

            sampler.Finish();
            sampler.Power.DrainTo(samples);
            meters.AddRange(sampler.Describe().Where(meter => meter.Name is "gpu0.energy" or "gpu0.power"));
        }

        return (meters, MeterSeries.ByMeter(samples));
    }

    private static IEnumerable<string[]> Rows(string file) =>
        Lines(file).Where(line => line.Length > 0 && line[0] != '#').Skip(1).Select(line => line.Split(','));

    private static string[] Lines(string file)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(Path.Combine(Folder, file)), CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n');
    }

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
