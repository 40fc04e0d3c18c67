using System.Diagnostics;
using System.Text.Json;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Metering.DeviceSettings;

/// <summary>
/// The settings of a GPU before a change, and the process that changed them. It is kept in a small file that survives a crash.
/// </summary>
/// <remarks>The names of the properties are the format of the file.</remarks>
internal sealed record KnobState
{
    /// <summary>Start times of one process as two readers see it differ by rounding; two processes start further apart (s).</summary>
    private const double SameStartSeconds = 2;

    /// <summary>The UUID of the GPU.</summary>
    public required string Uuid { get; init; }

    /// <summary>The number of the process that changed the GPU.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Time at which that process started. It distinguishes the process from a later one with the same id.</summary>
    public required DateTimeOffset ProcessStartedAt { get; init; }

    /// <summary>
    /// Id of the host's boot, because a reboot undoes the changes; <c>null</c> where the system does not state it.
    /// </summary>
    public string? BootId { get; init; }

    /// <summary>The power limit before the change (mW); <c>null</c> if it was not changed.</summary>
    public uint? PowerLimitMilliwatts { get; init; }

    /// <summary>Whether the clocks were locked by the change.</summary>
    public bool LockedClocks { get; init; }

    /// <summary>Whether the process that changed the GPU still runs.</summary>
    internal bool IsOwnerAlive
    {
        get
        {
            try
            {
                using Process owner = Process.GetProcessById(ProcessId);
                return Math.Abs((new DateTimeOffset(owner.StartTime) - ProcessStartedAt).TotalSeconds) < SameStartSeconds;
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
            {
                return false;
            }
        }
    }

    /// <summary>Time at which this process started.</summary>
    internal static DateTimeOffset OwnStart
    {
        get
        {
            using Process own = Process.GetCurrentProcess();
            return new DateTimeOffset(own.StartTime);
        }
    }

    /// <summary>Reads every state in a folder. The state of a file that cannot be read is <c>null</c>.</summary>
    internal static IEnumerable<(string Path, KnobState? State)> ReadAll(string folder)
    {
        string[] paths = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];
        foreach (string path in paths.Order(StringComparer.Ordinal))
        {
            KnobState? state = null;
            try
            {
                state = JsonSerializer.Deserialize<KnobState>(File.ReadAllText(path), DocumentContract.Options);
            }
            catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
            {
                // The caller says so; a damaged file must not stop a run.
            }

            yield return (path, state);
        }
    }

    /// <summary>Writes the state to a file, which then holds either the old state or the new one, never half of it.</summary>
    internal void Write(string path) => OutputFile.Replace(path, DocumentContract.Readable(this));
}
