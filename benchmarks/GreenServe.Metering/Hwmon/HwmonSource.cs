using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Hwmon;

/// <summary>The energy and power channels of one hardware monitoring chip (Grace, AMD, INA and others).</summary>
/// <remarks>The files are in µJ and µW. Source: Linux kernel, Documentation/hwmon/sysfs-interface.rst.</remarks>
internal sealed class HwmonSource : IMeterSource
{
    private readonly NumberFile[] channels;

    internal HwmonSource(string name, IReadOnlyList<(MeterDescription Meter, NumberFile File)> opened)
    {
        Name = name;
        channels = [.. opened.Select(item => item.File)];
        Meters = [.. opened.Select(item => item.Meter)];
    }

    public string Name { get; }

    public IReadOnlyList<MeterDescription> Meters { get; }

    public SamplingNeed Need => SamplingNeed.EachRefresh;

    public void Read(ReadingBatch batch)
    {
        for (int index = 0; index < channels.Length; index++)
        {
            try
            {
                if (channels[index].Read() is { } micro and >= 0)
                {
                    batch.Add(
                        index, Meters[index].IsCounter ? DeviceUnits.JoulesOfMicrojoules(micro) : DeviceUnits.WattsOfMicrowatts(micro));
                }
                else
                {
                    batch.Fail(index, new ReadingFailure("not-a-number", $"{Meters[index].Name} holds no number of zero or more"));
                }
            }
            catch (IOException exception)
            {
                batch.Fail(index, new ReadingFailure("read-failed", $"{Meters[index].Name}: {exception.Message}"));
            }
        }
    }

    public void Dispose()
    {
        foreach (NumberFile channel in channels)
        {
            channel.Dispose();
        }
    }
}
