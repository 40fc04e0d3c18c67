namespace GreenServe.Records;

/// <summary>Turns the failure of a write into the exception that the user should see.</summary>
public static class WriteFailure
{
    private const string Full = "the disk is full";
    private const string ReadOnly = "the disk is read-only";
    private const string Broken = "the disk reports an error";
    private const string Quota = "the user's share of the disk is full";

    // Error numbers of Linux and macOS. The quota has one number on each.
    private static readonly Dictionary<int, string> UnixErrors =
        new() { [28] = Full, [30] = ReadOnly, [5] = Broken, [122] = Quota, [69] = Quota };

    // Windows: disk full has two codes.
    private static readonly Dictionary<int, string> WindowsErrors = new()
    {
        [unchecked((int)0x80070070)] = Full,
        [unchecked((int)0x80070027)] = Full,
        [unchecked((int)0x80070013)] = ReadOnly,
    };

    /// <summary>Whether a disk is full, read-only or broken. The path that the user named is then not at fault.</summary>
    public static bool IsOfDisk(Exception exception) => OfDisk(exception) is not null;

    /// <summary>What went wrong, in words for users.</summary>
    public static string TextOf(Exception exception) => OfDisk(exception) ?? exception.Message;

    /// <summary>The exception for an output that could not be opened.</summary>
    /// <param name="exception">The failure: an <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</param>
    /// <param name="place">What was to be written, for example <c>output file</c>.</param>
    /// <param name="allowed">What would be accepted.</param>
    /// <param name="path">The path as the user named it.</param>
    internal static Exception ToOpen(Exception exception, string place, string allowed, string path) => IsOfDisk(exception)
        ? new UnavailableException($"{path}: cannot be written ({TextOf(exception)})")
        : new InvalidInputException(new Problem(place, exception.Message, allowed, path));

    /// <summary>The exception for a table of a record that could not be written.</summary>
    /// <param name="path">The file of the table.</param>
    /// <param name="exception">The failure.</param>
    internal static UnavailableException OfTable(string path, Exception exception) =>
        new($"{path}: cannot be written ({TextOf(exception)})");

    private static string? OfDisk(Exception exception) => exception is IOException
        ? (OperatingSystem.IsWindows() ? WindowsErrors : UnixErrors).GetValueOrDefault(exception.HResult)
        : null;
}
