using System.Diagnostics;
using System.Text.Json;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Metering.DeviceSettings;

/// <summary>What a GPU had before it was changed, and by whom: a small file that outlives a crash.</summary>
internal sealed record KnobState
{
    /// <summary>UUID of the GPU.</summary>
    public required string Uuid { get; init; }

    /// <summary>Process that changed it.</summary>
    public required int ProcessId { get; init; }

    /// <summary>When that process began: a process number may have been given to someone else since.</summary>
    public required DateTimeOffset ProcessStartedAt { get; init; }

    /// <summary>Which boot it was: a reboot undoes the changes by itself. <c>null</c> where the system does not say.</summary>
    public string? BootId { get; init; }

    /// <summary>Power limit before (mW); <c>null</c> if it was not changed.</summary>
    public uint? PowerLimitMilliwatts { get; init; }

    /// <summary>Whether the clocks were locked.</summary>
    public bool LockedClocks { get; init; }

    /// <summary>Whether the process that wrote it still runs.</summary>
    internal bool IsOwnerAlive
    {
        get
        {
            try
            {
                using Process owner = Process.GetProcessById(ProcessId);
                return Math.Abs((new DateTimeOffset(owner.StartTime) - ProcessStartedAt).TotalSeconds) < 2;
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
            {
                return false;
            }
        }
    }

    internal static DateTimeOffset OwnStart
    {
        get
        {
            using Process own = Process.GetCurrentProcess();
            return new DateTimeOffset(own.StartTime);
        }
    }

    /// <summary>Every state in a folder; a file that cannot be read is passed over with a message.</summary>
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

    internal void Write(string path) => OutputFile.Replace(path, JsonSerializer.Serialize(this, DocumentContract.Indented) + "\n");
}
