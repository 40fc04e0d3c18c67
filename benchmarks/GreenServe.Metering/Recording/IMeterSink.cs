using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Metering.Recording;

/// <summary>A place where a recording puts its readings. It is called from one thread.</summary>
public interface IMeterSink
{
    /// <summary>Takes a reading of a meter.</summary>
    void Add(PowerSample sample);

    /// <summary>Takes a reading of the state of a device.</summary>
    void Add(DeviceReading reading);
}

/// <summary>Writes readings into a run record.</summary>
internal sealed class RecordSink(RunRecordWriter record) : IMeterSink
{
    public void Add(PowerSample sample) => record.Add(sample);

    public void Add(DeviceReading reading) => record.Add(reading);
}
