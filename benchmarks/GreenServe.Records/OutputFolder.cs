namespace GreenServe.Records;

/// <summary>Creates the output folders of commands.</summary>
public static class OutputFolder
{
    /// <summary>Creates a folder; one that exists must be empty.</summary>
    /// <exception cref="InvalidInputException">The folder is not empty, or it cannot be created or written.</exception>
    public static void CreateEmpty(string path)
    {
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new InvalidInputException(new Problem("output folder", "a folder that is not empty", "a new or empty folder", path));
        }

        Create(path);
    }

    /// <summary>Creates a folder, or accepts one that exists and can be written.</summary>
    /// <exception cref="InvalidInputException">The folder cannot be created or written.</exception>
    public static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            string probe = Path.Combine(path, $".write-test-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(new Problem("output folder", exception.Message, "a folder that can be written", path));
        }
    }
}
