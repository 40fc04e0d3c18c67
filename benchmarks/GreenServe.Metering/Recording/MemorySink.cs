using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Recording;

/// <summary>Keeps readings in memory; for measurements of seconds, not of hours. Thread-safe.</summary>
public sealed class MemorySink : IMeterSink
{
    private readonly Lock gate = new();
    private readonly List<PowerSample> power = [];
    private readonly List<DeviceReading> device = [];

    /// <summary>Meter readings so far.</summary>
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

    /// <summary>Readings of device state so far.</summary>
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
