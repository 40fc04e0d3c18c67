using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Recording;

/// <summary>Where readings go. Called from one thread.</summary>
public interface IMeterSink
{
    /// <summary>Takes a meter reading.</summary>
    void Add(PowerSample sample);

    /// <summary>Takes a reading of a device's state.</summary>
    void Add(DeviceReading reading);
}
