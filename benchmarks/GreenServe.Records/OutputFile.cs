namespace GreenServe.Records;

/// <summary>Files that commands write.</summary>
public static class OutputFile
{
    /// <summary>Replaces a file at once, so that a reader, or a full disk, never sees half of it.</summary>
    /// <exception cref="InvalidInputException">It cannot be written there.</exception>
    public static void Replace(string path, string text) => Replace(path, stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true);
        writer.Write(text);
    });

    /// <summary>Replaces a file at once with what <paramref name="write"/> writes.</summary>
    /// <exception cref="InvalidInputException">It cannot be written there.</exception>
    public static void Replace(string path, Action<Stream> write)
    {
        string draft = path + ".draft";
        using (FileStream stream = Create(draft, path))
        {
            write(stream);
        }

        File.Move(draft, path, overwrite: true);
    }

    private static FileStream Create(string draft, string path)
    {
        try
        {
            return File.Create(draft);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(new Problem("output file", exception.Message, "a file in a folder that exists and can be written", path));
        }
    }
}
