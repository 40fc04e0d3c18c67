using GreenServe.Metering;
using GreenServe.Records.Measurements;

namespace GreenServe.Tests.Metering.Fakes;

/// <summary>A source of one meter that does what a test says.</summary>
internal sealed class FakeSource(Action<ReadingBatch> read, bool isCounter = true, string name = "fake") : IMeterSource
{
    private long reads;

    internal long Reads => Interlocked.Read(ref reads);

    public string Name => name;

    public IReadOnlyList<MeterDescription> Meters { get; init; } =
    [
        new MeterDescription
        {
            Name = name,
            Scope = MeterScope.Gpu,
            Method = "fake",
            Device = name,
            IsCounter = isCounter,
            AveragingSeconds = isCounter ? null : 1,
        },
    ];

    public SamplingNeed Need { get; init; } = SamplingNeed.EachRefresh;

    public void Read(ReadingBatch batch)
    {
        Interlocked.Increment(ref reads);
        read(batch);
    }

    public void Dispose()
    {
    }
}
