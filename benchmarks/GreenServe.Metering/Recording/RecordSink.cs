using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Metering.Recording;

/// <summary>Writes readings into a run record.</summary>
internal sealed class RecordSink(RunRecordWriter record) : IMeterSink
{
    public void Add(PowerSample sample) => record.Add(sample);

    public void Add(DeviceReading reading) => record.Add(reading);
}
