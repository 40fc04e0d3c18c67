using GreenServe.Records.Runs;

namespace GreenServe.Metering;

/// <summary>Where readings go. Called from one thread.</summary>
public interface IMeterSink
{
    /// <summary>Takes a meter reading.</summary>
    void Add(PowerSample sample);

    /// <summary>Takes a reading of a device's state.</summary>
    void Add(DeviceReading reading);
}
