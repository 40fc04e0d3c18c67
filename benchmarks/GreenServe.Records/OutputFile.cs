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

    /// <summary>Replaces a file at once with what <paramref name="write"/> writes; if that fails the old file stays.</summary>
    /// <exception cref="InvalidInputException">There can be no such file: no such folder, no permission.</exception>
    /// <exception cref="UnavailableException">The disk is full; what was there before is unchanged.</exception>
    public static void Replace(string path, Action<Stream> write)
    {
        string draft = path + ".draft";
        using (FileStream stream = Create(draft, path))
        {
            try
            {
                write(stream);
                stream.Flush(flushToDisk: false);
            }
            catch (Exception exception)
            {
                stream.Close();
                Discard(draft);
                if (exception is IOException)
                {
                    throw new UnavailableException($"{path}: cannot be written ({exception.Message}); what was there before is unchanged");
                }

                throw;
            }
        }

        File.Move(draft, path, overwrite: true);
    }

    private static FileStream Create(string draft, string path)
    {
        try
        {
            // Unbuffered: a buffer would be written when the file is closed, where a full disk could no longer be told.
            return new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                new Problem("output file", exception.Message, "a file in a folder that exists and can be written", path));
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
