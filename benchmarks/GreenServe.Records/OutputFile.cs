namespace GreenServe.Records;

/// <summary>Files that commands write.</summary>
public static class OutputFile
{
    /// <summary>Replaces a file at once, so that a reader, or a full disk, never sees half of it.</summary>
    public static void Replace(string path, string text) => Replace(path, stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true);
        writer.Write(text);
    });

    /// <summary>Replaces a file at once with what <paramref name="write"/> writes; if that fails the old file stays.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written: no space, no permission, no such folder.</exception>
    public static void Replace(string path, Action<Stream> write)
    {
        string draft = path + ".draft";
        try
        {
            using (FileStream stream = File.Create(draft))
            {
                write(stream);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch (Exception exception)
        {
            Discard(draft);
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw new InvalidInputException(new Problem("output", exception.Message, "a file that can be written", path));
            }

            throw;
        }
    }

    // What failed already is what the user must hear of; a draft that cannot be deleted either is no news.
    private static void Discard(string draft)
    {
        try
        {
            File.Delete(draft);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
