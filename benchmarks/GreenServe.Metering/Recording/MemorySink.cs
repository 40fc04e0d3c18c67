using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Recording;

/// <summary>Keeps readings in memory. It suits measurements of seconds, not of hours. Thread-safe.</summary>
public sealed class MemorySink : IMeterSink
{
    private readonly Lock gate = new();
    private readonly List<PowerSample> power = [];
    private readonly List<DeviceReading> device = [];

    /// <summary>The readings of meters so far, as a copy.</summary>
    public IReadOnlyList<PowerSample> Power
    {
        get
        {
            lock (gate)
            {
                return [.. power];
            }
        }
    }

    /// <summary>The readings of device state so far, as a copy.</summary>
    public IReadOnlyList<DeviceReading> Device
    {
        get
        {
            lock (gate)
            {
                return [.. device];
            }
        }
    }

    /// <inheritdoc />
    public void Add(PowerSample sample)
    {
        lock (gate)
        {
            power.Add(sample);
        }
    }

    /// <inheritdoc />
    public void Add(DeviceReading reading)
    {
        lock (gate)
        {
            device.Add(reading);
        }
    }
}
