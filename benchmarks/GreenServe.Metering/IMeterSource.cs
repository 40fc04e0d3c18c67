using GreenServe.Records.Measurements;

namespace GreenServe.Metering;

/// <summary>Meters that are read together by one call into a driver, a file or a connection. Each source has a thread of its own.</summary>
/// <remarks>Read from one thread at a time. A reading that fails is handed in as a failure, never as a number.</remarks>
public interface IMeterSource : IDisposable
{
    /// <summary>Stable name, also that of its thread, for example <c>gpu0.energy</c>.</summary>
    string Name { get; }

    /// <summary>The meters it reads, in the order in which <see cref="Read"/> numbers them. Empty for device state alone.</summary>
    IReadOnlyList<MeterDescription> Meters { get; }

    /// <summary>How it wants to be read.</summary>
    SamplingNeed Need { get; }

    /// <summary>Numbers about the source itself worth keeping with a run, such as the clock offset of a remote host. May be read from any thread.</summary>
    IReadOnlyDictionary<string, double> Findings => new Dictionary<string, double>();

    /// <summary>Reads every meter once, and may wait for as long as the device takes.</summary>
    void Read(ReadingBatch batch);
}
