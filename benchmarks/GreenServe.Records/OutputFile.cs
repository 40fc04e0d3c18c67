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
    public static void Replace(string path, Action<Stream> write)
    {
        string draft = path + ".draft";
        using (FileStream stream = File.Create(draft))
        {
            write(stream);
        }

        File.Move(draft, path, overwrite: true);
    }
}
