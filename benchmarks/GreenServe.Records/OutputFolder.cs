namespace GreenServe.Records;

/// <summary>Creates the output folders of commands.</summary>
public static class OutputFolder
{
    private const string ProbePrefix = ".write-test-";
    private const string Place = "output folder";
    private const string Allowed = "a folder that can be written";
    private const string ClaimName = ".greenserve-writes-here";

    /// <summary>Creates a folder; one that exists must be empty.</summary>
    /// <exception cref="InvalidInputException">The folder is not empty, or it cannot be created or written.</exception>
    /// <exception cref="UnavailableException">The disk is full or read-only.</exception>
    public static void CreateEmpty(string path)
    {
        RequireEmpty(path);
        Create(path);
    }

    /// <summary>Creates a folder, or accepts one that exists and can be written.</summary>
    /// <exception cref="InvalidInputException">The folder cannot be created or written.</exception>
    /// <exception cref="UnavailableException">The disk is full or read-only.</exception>
    public static void Create(string path) => Attempt(path, () =>
    {
        Directory.CreateDirectory(path);
        string probe = Path.Combine(path, ProbePrefix + Path.GetRandomFileName());
        new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
    });

    /// <summary>Creates a folder for this process alone. Its end, however it comes, frees the folder again.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="mustBeEmpty">Whether a folder that exists must be empty.</param>
    /// <returns>Frees the folder when it is disposed.</returns>
    /// <exception cref="InvalidInputException">
    /// Another process has claimed the folder, it is not empty, or it cannot be created or written.
    /// </exception>
    /// <exception cref="UnavailableException">The disk is full or read-only.</exception>
    public static IDisposable Claim(string path, bool mustBeEmpty)
    {
        if (mustBeEmpty)
        {
            RequireEmpty(path);
        }

        Create(path);
        FileStream claim = Lock(path);
        try
        {
            if (mustBeEmpty)
            {
                RequireEmpty(path);
            }

            return claim;
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Removes a folder that nothing was written into, so that a command which failed at once leaves no trace.</summary>
    /// <param name="path">The folder. It may be missing.</param>
    public static void RemoveIfEmpty(string path)
    {
        try
        {
            Directory.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Something is in it, or it is not this user's to remove.
        }
    }

    /// <summary>Claims a folder that a process which has ended had claimed.</summary>
    /// <returns>Frees the folder when it is disposed; <c>null</c> if a living process owns it, or if nobody has claimed it.</returns>
    internal static IDisposable? TryTakeOver(string path)
    {
        try
        {
            // A claim that is empty is just being made.
            string claim = Path.Combine(path, ClaimName);
            return new FileInfo(claim) is { Exists: true, Length: > 0 } ? OpenClaim(claim, FileMode.Open) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // The system unlocks the file when its process ends, in whatever way.
    private static FileStream OpenClaim(string claim, FileMode mode) =>
        new(claim, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);

    private static FileStream Lock(string path)
    {
        try
        {
            FileStream claim = OpenClaim(Path.Combine(path, ClaimName), FileMode.OpenOrCreate);
            claim.WriteByte((byte)'\n');
            return claim;
        }
        catch (IOException exception) when (!WriteFailure.IsOfDisk(exception))
        {
            throw new InvalidInputException(
                new Problem(Place, "a folder into which another greenserve process writes", "a folder of its own", path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw WriteFailure.ToOpen(exception, Place, Allowed, path);
        }
    }

    private static void RequireEmpty(string path) => Attempt(path, () =>
    {
        // The probe of another process that wants the folder too is no content of it.
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName)
            .Any(name => name != ClaimName && !name!.StartsWith(ProbePrefix, StringComparison.Ordinal)))
        {
            throw new InvalidInputException(new Problem(Place, "a folder that is not empty", "a new or empty folder", path));
        }
    });

    private static void Attempt(string path, Action action)
    {
        if (path.Length == 0)
        {
            throw new InvalidInputException(new Problem(Place, null, Allowed, path));
        }

        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw WriteFailure.ToOpen(exception, Place, Allowed, path);
        }
    }
}
