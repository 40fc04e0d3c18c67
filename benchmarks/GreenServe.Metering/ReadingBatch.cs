namespace GreenServe.Metering;

/// <summary>What one read of a source brought; used again for every read.</summary>
/// <param name="nowSeconds">The run's clock (s from the start of the run), for sources that must know how long ago they were read.</param>
public sealed class ReadingBatch(Func<double> nowSeconds)
{
    private readonly List<MeterReading> readings = [];
    private readonly List<StateReading> states = [];

    /// <summary>Now, on the run's clock (s from the start of the run).</summary>
    public double NowSeconds => nowSeconds();

    internal IReadOnlyList<MeterReading> Readings => readings;

    internal IReadOnlyList<StateReading> States => states;

    /// <summary>Adds a reading taken by this call: joules since an arbitrary start for a counter, watts otherwise.</summary>
    /// <param name="meter">Number of the meter in the source.</param>
    /// <param name="value">Cumulative joules or watts.</param>
    public void Add(int meter, double value) => readings.Add(new MeterReading(meter, value, null, null));

    /// <summary>Adds a reading that the device took at a time of its own.</summary>
    /// <param name="meter">Number of the meter in the source.</param>
    /// <param name="value">Cumulative joules or watts.</param>
    /// <param name="atSeconds">When, on the run's clock (s from the start of the run).</param>
    public void AddAt(int meter, double value, double atSeconds) => readings.Add(new MeterReading(meter, value, atSeconds, null));

    /// <summary>Says that a meter could not be read this time.</summary>
    /// <param name="meter">Number of the meter in the source.</param>
    /// <param name="failure">What went wrong.</param>
    public void Fail(int meter, ReadingFailure failure) => readings.Add(new MeterReading(meter, double.NaN, null, failure));

    /// <summary>Adds a reading of a device's state.</summary>
    /// <param name="device">Stable name of the device, for example <c>gpu0</c>.</param>
    /// <param name="quantity">What was read, with its unit, for example <c>sm_clock_megahertz</c>.</param>
    /// <param name="value">The value in that unit.</param>
    public void AddState(string device, string quantity, double value) => states.Add(new StateReading(device, quantity, value, null));

    /// <summary>Adds a reading of a device's state taken at a time of its own.</summary>
    /// <param name="device">Stable name of the device, for example <c>gpu0</c>.</param>
    /// <param name="quantity">What was read, with its unit, for example <c>sm_clock_megahertz</c>.</param>
    /// <param name="value">The value in that unit.</param>
    /// <param name="atSeconds">When, on the run's clock (s from the start of the run).</param>
    public void AddStateAt(string device, string quantity, double value, double atSeconds) =>
        states.Add(new StateReading(device, quantity, value, atSeconds));

    internal void Add(MeterReading reading) => readings.Add(reading);

    internal void Add(StateReading state) => states.Add(state);

    internal void Clear()
    {
        readings.Clear();
        states.Clear();
    }

    internal readonly record struct MeterReading(int Meter, double Value, double? AtSeconds, ReadingFailure? Failure);

    internal readonly record struct StateReading(string Device, string Quantity, double Value, double? AtSeconds);
}
