namespace GreenServe.Metering;

/// <summary>The results of one read of a source. The same batch is cleared and used again for every read.</summary>
/// <param name="nowSeconds">Tells the time on the clock of the run (s from the start of the run).</param>
public sealed class ReadingBatch(Func<double> nowSeconds)
{
    private readonly List<MeterReading> readings = [];
    private readonly List<StateReading> states = [];

    /// <summary>The time on the clock of the run (s from the start of the run), for sources that must know when they are read.</summary>
    public double NowSeconds => nowSeconds();

    internal IReadOnlyList<MeterReading> Readings => readings;

    internal IReadOnlyList<StateReading> States => states;

    /// <summary>Adds a reading that this call took.</summary>
    /// <param name="meter">The number of the meter in its source.</param>
    /// <param name="value">For a counter, the energy since an arbitrary start (J); for a meter of power, the power (W).</param>
    public void Add(int meter, double value) => readings.Add(new MeterReading(meter, value, null, null));

    /// <summary>Adds a reading that the device took at a time of its own.</summary>
    /// <param name="meter">The number of the meter in its source.</param>
    /// <param name="value">For a counter, the energy since an arbitrary start (J); for a meter of power, the power (W).</param>
    /// <param name="atSeconds">The time of the reading on the clock of the run (s from the start of the run).</param>
    public void AddAt(int meter, double value, double atSeconds) => readings.Add(new MeterReading(meter, value, atSeconds, null));

    /// <summary>Says that this call could not read a meter.</summary>
    /// <param name="meter">The number of the meter in its source.</param>
    /// <param name="failure">What went wrong.</param>
    public void Fail(int meter, ReadingFailure failure) => readings.Add(new MeterReading(meter, null, null, failure));

    /// <summary>Adds a reading of the state of a device that this call took.</summary>
    /// <param name="device">The stable name of the device, for example <c>gpu0</c>.</param>
    /// <param name="quantity">What was read, with its unit, for example <c>sm_clock_megahertz</c>.</param>
    /// <param name="value">The value in that unit.</param>
    public void AddState(string device, string quantity, double value) => states.Add(new StateReading(device, quantity, value, null));

    /// <summary>Adds a reading of the state of a device that the device took at a time of its own.</summary>
    /// <param name="device">The stable name of the device, for example <c>gpu0</c>.</param>
    /// <param name="quantity">What was read, with its unit, for example <c>sm_clock_megahertz</c>.</param>
    /// <param name="value">The value in that unit.</param>
    /// <param name="atSeconds">The time of the reading on the clock of the run (s from the start of the run).</param>
    public void AddStateAt(string device, string quantity, double value, double atSeconds) =>
        states.Add(new StateReading(device, quantity, value, atSeconds));

    internal void Add(MeterReading reading) => readings.Add(reading);

    internal void Add(StateReading state) => states.Add(state);

    internal void Clear()
    {
        readings.Clear();
        states.Clear();
    }

    /// <summary>One outcome of reading a meter. Exactly one of the value and the failure is set.</summary>
    /// <param name="Meter">The number of the meter in its source.</param>
    /// <param name="Value">Joules or watts as the device gave them, so not checked yet; <c>null</c> if the reading failed.</param>
    /// <param name="AtSeconds">The device's own time of the reading (s); <c>null</c> for the time of the call.</param>
    /// <param name="Failure">Why the reading failed; <c>null</c> if it did not.</param>
    internal readonly record struct MeterReading(int Meter, double? Value, double? AtSeconds, ReadingFailure? Failure);

    /// <summary>One reading of the state of a device.</summary>
    /// <param name="Device">The stable name of the device.</param>
    /// <param name="Quantity">What was read, with its unit.</param>
    /// <param name="Value">The value in that unit.</param>
    /// <param name="AtSeconds">The device's own time of the reading (s); <c>null</c> for the time of the call.</param>
    internal readonly record struct StateReading(string Device, string Quantity, double Value, double? AtSeconds);
}

/// <summary>Why one reading failed.</summary>
/// <param name="Code">A stable name for machines, in kebab-case, for example <c>gpu-lost</c>.</param>
/// <param name="Message">What went wrong and how to mend it, for people.</param>
/// <param name="BreaksCounter">Whether energy counted across this moment is lost.</param>
public sealed record ReadingFailure(string Code, string Message, bool BreaksCounter = false);
