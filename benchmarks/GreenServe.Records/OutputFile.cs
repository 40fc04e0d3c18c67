namespace GreenServe.Records;

/// <summary>Writes the output files of commands.</summary>
public static class OutputFile
{
    /// <summary>
    /// Replaces a file with a text in one step, so that no reader ever sees half of it, even when the disk is full.
    /// </summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void Replace(string path, string text) => Replace(path, stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true);
        writer.Write(text);
    });

    /// <summary>
    /// Replaces a file in one step with the bytes that <paramref name="write"/> writes. If that fails, the old file stays.
    /// </summary>
    /// <exception cref="InvalidInputException">The folder does not exist, or the user may not write there.</exception>
    /// <exception cref="UnavailableException">The disk is full; the old file stays.</exception>
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
            // Unbuffered: a buffer would be written when the file is closed, and a full disk could no longer be reported.
            return new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                new Problem("output file", exception.Message, "a file in a folder that exists and can be written", path));
        }
    }

    // The first failure is what the user must see. A draft that cannot be deleted adds nothing to it.
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
