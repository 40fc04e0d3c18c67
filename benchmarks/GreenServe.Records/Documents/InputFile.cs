namespace GreenServe.Records.Documents;

/// <summary>Reads a user's text file with errors meant for the user.</summary>
public static class InputFile
{
    private const long LargestBytes = 16 * 1024 * 1024;

    /// <summary>The whole text of a file of at most 16 MiB.</summary>
    /// <exception cref="InvalidInputException">The file is missing, unreadable or too large.</exception>
    public static string ReadText(string path)
    {
        try
        {
            FileInfo file = new(path);
            if (!file.Exists)
            {
                throw new InvalidInputException(new Problem("file", Directory.Exists(path) ? "a folder" : null, "an existing file", path));
            }

            return file.Length <= LargestBytes
                ? File.ReadAllText(path)
                : throw new InvalidInputException(new Problem("file", $"{file.Length} bytes", $"at most {LargestBytes} bytes", path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(new Problem("file", exception.Message, "a readable file", path));
        }
    }
}
