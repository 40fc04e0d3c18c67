namespace GreenServe.Records;

/// <summary>A new folder among the temporary files of this host. It is gone when it is disposed.</summary>
/// <remarks>
/// A killed process leaves its folder behind. Each process that makes one therefore first removes those that no living process
/// owns. A folder is owned as <see cref="OutputFolder.Claim"/> describes, so that the number of a dead process, which the system
/// gives to a new one, misleads nobody.
/// </remarks>
public sealed class ScratchFolder : IDisposable
{
    private const string Prefix = "greenserve-scratch-";
    private readonly IDisposable claim;

    private ScratchFolder(string path, IDisposable claim)
    {
        Path = path;
        this.claim = claim;
    }

    /// <summary>The absolute path of the folder.</summary>
    public string Path { get; }

    /// <summary>Makes a folder, and removes those that killed processes have left.</summary>
    /// <param name="purpose">A word for the folder's name that says what it is for, for example <c>steps</c>.</param>
    /// <exception cref="UnavailableException">The disk is full or read-only.</exception>
    public static ScratchFolder Create(string purpose)
    {
        RemoveAbandoned();
        string path;
        try
        {
            path = Directory.CreateTempSubdirectory($"{Prefix}{purpose}-").FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            string place = System.IO.Path.GetTempPath();
            throw new UnavailableException($"{place}: no folder can be made there ({WriteFailure.TextOf(exception)})");
        }

        return new ScratchFolder(path, OutputFolder.Claim(path, mustBeEmpty: true));
    }

    /// <summary>Deletes the folder with all that it holds.</summary>
    public void Dispose()
    {
        claim.Dispose();
        Remove(Path);
    }

    private static void RemoveAbandoned()
    {
        foreach (string folder in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), $"{Prefix}*"))
        {
            if (OutputFolder.TryTakeOver(folder) is { } taken)
            {
                using (taken)
                {
                    Remove(folder);
                }
            }
        }
    }

    // What cannot be removed now is removed by a later start.
    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
