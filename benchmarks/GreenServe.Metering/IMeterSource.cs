using GreenServe.Records.Measurements;

namespace GreenServe.Metering;

/// <summary>A group of meters that one call into a driver, a file or a connection reads together.</summary>
/// <remarks>
/// Each source is read on a thread of its own. It hands in a reading that failed as a <see cref="ReadingFailure"/>, never as a number.
/// </remarks>
public interface IMeterSource : IDisposable
{
    /// <summary>The stable name of the source and of its thread, for example <c>gpu0.energy</c>.</summary>
    string Name { get; }

    /// <summary>The meters in the order in which <see cref="Read"/> numbers them; empty for a source of device state alone.</summary>
    IReadOnlyList<MeterDescription> Meters { get; }

    /// <summary>How often the source wants to be read.</summary>
    SamplingNeed Need { get; }

    /// <summary>
    /// Numbers about the source itself that are kept with a run, by their name among the counters of the record. An example is the
    /// clock offset of a remote host. May be read from any thread; empty by default.
    /// </summary>
    IReadOnlyDictionary<string, double> Findings => new Dictionary<string, double>();

    /// <summary>Reads every meter once. The call may block for as long as the device takes.</summary>
    /// <param name="batch">Receives a reading or a failure for each meter that has something to say.</param>
    void Read(ReadingBatch batch);
}

/// <summary>How often a source wants to be read.</summary>
public sealed record SamplingNeed
{
    /// <summary>A meter that refreshes at a period of its own: it is read twice per refresh, as far as the cost budget allows.</summary>
    public static SamplingNeed EachRefresh { get; } = new();

    /// <summary>Clocks, temperatures and other state that changes slowly: it is read once a second.</summary>
    public static SamplingNeed EachSecond { get; } = new() { FixedIntervalSeconds = 1 };

    /// <summary>A page of another host: it is read once a second, and the wait for its answer costs this machine nothing.</summary>
    public static SamplingNeed EachSecondFromAfar { get; } = EachSecond with { WaitsForOthers = true };

    /// <summary>A connection that delivers when it likes: it is read again at once, because the read itself waits.</summary>
    public static SamplingNeed WhenDelivered { get; } = new() { FixedIntervalSeconds = 0 };

    /// <summary>The interval between two reads in seconds, whatever the meter does.</summary>
    /// <value>A number of zero or more. The default is <c>null</c>: the interval follows the refresh period of the meter.</value>
    public double? FixedIntervalSeconds { get; init; }

    /// <summary>Whether a read mostly waits for another host. Only its processor time then counts as its cost.</summary>
    /// <value>The default is <c>false</c>: the whole call counts, because it may hold the lock of a driver.</value>
    public bool WaitsForOthers { get; init; }

    /// <summary>The longest interval between two reads in seconds that loses nothing, whatever it costs to keep.</summary>
    /// <value>
    /// A positive number. For a counter that wraps it is half of the shortest time in which it can wrap. The default is <c>null</c>,
    /// which sets no limit.
    /// </value>
    public double? LongestIntervalSeconds { get; init; }
}
