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

    /// <summary>Replaces a file at once with what <paramref name="write"/> writes.</summary>
    /// <exception cref="UnavailableException">The disk is full, or the file cannot be written; what was there before is unchanged.</exception>
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
            // Half a draft would keep a full disk full.
            File.Delete(draft);
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw new UnavailableException($"{path}: cannot be written ({exception.Message}); what was there before is unchanged. Free space or choose another folder.");
            }

            throw;
        }
    }
}
