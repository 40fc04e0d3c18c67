using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Discovery;

/// <summary>A source of which only some meters are kept, because meters that are read together are not always wanted together.</summary>
internal sealed class SelectedMeters : IMeterSource
{
    private readonly IMeterSource source;
    private readonly int?[] numbers;
    private ReadingBatch? all;

    /// <summary>Keeps the meters of some scopes.</summary>
    /// <param name="source">The source of all meters; disposed with this one.</param>
    /// <param name="scopes">The scopes wanted. At least one meter has one of them.</param>
    internal SelectedMeters(IMeterSource source, IReadOnlyList<MeterScope> scopes)
    {
        this.source = source;
        List<MeterDescription> kept = [.. source.Meters.Where(meter => scopes.Contains(meter.Scope))];
        Meters = kept;
        numbers = [.. source.Meters.Select(meter => scopes.Contains(meter.Scope) ? kept.IndexOf(meter) : (int?)null)];
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
        foreach (ReadingBatch.MeterReading reading in all.Readings)
        {
            if (numbers[reading.Meter] is { } number)
            {
                batch.Add(reading with { Meter = number });
            }
        }

        foreach (ReadingBatch.StateReading state in all.States)
        {
            batch.Add(state);
        }
    }

    public void Dispose() => source.Dispose();
}
