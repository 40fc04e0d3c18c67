using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Discovery;

/// <summary>A source of which only some meters are kept: what is read together is not always wanted together.</summary>
internal sealed class SelectedMeters : IMeterSource
{
    private readonly IMeterSource source;
    private readonly int[] numbers;
    private ReadingBatch? all;

    /// <summary>Keeps the meters of some scopes.</summary>
    /// <param name="source">Reads them all; disposed with this.</param>
    /// <param name="scopes">The scopes wanted; at least one meter has one of them.</param>
    internal SelectedMeters(IMeterSource source, IReadOnlyList<MeterScope> scopes)
    {
        this.source = source;
        Meters = [.. source.Meters.Where(meter => scopes.Contains(meter.Scope))];
        numbers = [.. source.Meters.Select(meter => Meters.ToList().IndexOf(meter))];
    }

    public string Name => source.Name;

    public IReadOnlyList<MeterDescription> Meters { get; }

    public SamplingNeed Need => source.Need;

    public IReadOnlyDictionary<string, double> Findings => source.Findings;

    public void Read(ReadingBatch batch)
    {
        all ??= new ReadingBatch(() => batch.NowSeconds);
        all.Clear();
        source.Read(all);
        foreach (ReadingBatch.MeterReading reading in all.Readings.Where(reading => numbers[reading.Meter] >= 0))
        {
            batch.Add(reading with { Meter = numbers[reading.Meter] });
        }

        foreach (ReadingBatch.StateReading state in all.States)
        {
            batch.Add(state);
        }
    }

    public void Dispose() => source.Dispose();
}
