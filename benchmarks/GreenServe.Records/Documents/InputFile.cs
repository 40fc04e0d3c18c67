using System.Text;
using GreenServe.Records.Files;

namespace GreenServe.Records.Documents;

/// <summary>Reads a user's files with errors meant for the user, and never more than a bounded amount at once.</summary>
public static class InputFile
{
    private const int MaxTextBytes = 16 * 1024 * 1024;
    private const int MaxLineLetters = 1 << 20;
    private const int BufferLetters = 1 << 14;

    /// <summary>The whole text of a file of at most 16 MiB.</summary>
    /// <exception cref="InvalidInputException">The file is missing, unreadable or too large.</exception>
    public static string ReadText(string path)
    {
        using FileStream file = OpenRead(path);
        try
        {
            // The length of a device is 0, whatever it gives. So what counts is what comes.
            byte[] bytes = new byte[Math.Min(file.CanSeek ? file.Length : 0, MaxTextBytes) + 1];
            int count = 0;
            for (int read; (read = file.Read(bytes, count, bytes.Length - count)) > 0;)
            {
                count += read;
                if (count > MaxTextBytes)
                {
                    throw new InvalidInputException(
                        new Problem("file", $"more than {MaxTextBytes} bytes", $"at most {MaxTextBytes} bytes", path));
                }

                if (count == bytes.Length)
                {
                    Array.Resize(ref bytes, Math.Min(2 * count, MaxTextBytes + 1));
                }
            }

            using StreamReader text = new(new MemoryStream(bytes, 0, count), Encoding.UTF8);
            return text.ReadToEnd();
        }
        catch (IOException exception)
        {
            throw Unreadable(path, exception);
        }
    }

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="InvalidInputException">The file is missing or unreadable, or it is a folder.</exception>
    public static FileStream OpenRead(string path)
    {
        FileKind kind = FileStatus.Of(path).Kind;
        try
        {
            return kind is FileKind.Missing or FileKind.Folder
                ? throw new InvalidInputException(new Problem("file", WordsOf(kind), "an existing file", path))
                : File.OpenRead(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception);
        }
    }

    /// <summary>Opens a file that belongs to a run record. It must be a regular file, since a pipe or a device may never end.</summary>
    /// <exception cref="InvalidInputException">The file is missing, unreadable, or no regular file.</exception>
    internal static FileStream OpenRegular(string path)
    {
        FileKind kind = FileStatus.Of(path).Kind;
        return kind is FileKind.File ? OpenRead(path) : throw NotRegular(path, kind);
    }

    /// <summary>The whole text of a regular file of at most 16 MiB.</summary>
    /// <exception cref="InvalidInputException">The file is missing, unreadable, too large, or no regular file.</exception>
    internal static string ReadRegularText(string path)
    {
        FileKind kind = FileStatus.Of(path).Kind;
        return kind is FileKind.File ? ReadText(path) : throw NotRegular(path, kind);
    }

    /// <summary>The lines of a file.</summary>
    /// <exception cref="InvalidInputException">The file is missing or unreadable, or a line has more than a million letters.</exception>
    public static IEnumerable<string> ReadLines(string path)
    {
        using StreamReader text = new(OpenRead(path), Encoding.UTF8);
        foreach (string line in Lines(text, path))
        {
            yield return line;
        }
    }

    /// <summary>The lines of a text, without their ends: a line feed, a carriage return, or both.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">The file that the text came from, for messages.</param>
    /// <exception cref="InvalidInputException">A line has more than a million letters, or the file cannot be read further.</exception>
    public static IEnumerable<string> Lines(TextReader text, string file)
    {
        char[] buffer = new char[BufferLetters];
        StringBuilder line = new();
        bool endsInReturn = false;
        int number = 1;
        for (int count; (count = Read(text, buffer, file)) > 0;)
        {
            int start = endsInReturn && buffer[0] == '\n' ? 1 : 0;
            endsInReturn = buffer[count - 1] == '\r';
            for (int end; (end = buffer.AsSpan(start, count - start).IndexOfAny('\r', '\n')) >= 0; number++)
            {
                yield return line.Append(buffer, start, end).ToString();
                line.Clear();
                start += end + 1;
                start += start < count && buffer[start - 1] == '\r' && buffer[start] == '\n' ? 1 : 0;
            }

            line.Append(buffer, start, count - start);
            if (line.Length > MaxLineLetters)
            {
                throw new InvalidInputException(
                    new Problem("line", $"more than {MaxLineLetters} letters", $"at most {MaxLineLetters} letters", file, number));
            }
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }

    /// <summary>Why a file or folder cannot be read, in words for a user.</summary>
    /// <param name="exception">What the system said.</param>
    internal static string ReasonOf(Exception exception) =>
        exception is UnauthorizedAccessException ? "no permission to read it" : exception.Message;

    private static int Read(TextReader text, char[] buffer, string file)
    {
        try
        {
            return text.Read(buffer, 0, buffer.Length);
        }
        catch (IOException exception)
        {
            throw Unreadable(file, exception);
        }
    }

    private static InvalidInputException Unreadable(string path, Exception exception) =>
        new(new Problem("file", ReasonOf(exception), "a readable file", path));

    private static InvalidInputException NotRegular(string path, FileKind kind) =>
        new(new Problem("file", WordsOf(kind), "a regular file", path));

    private static string? WordsOf(FileKind kind) => kind switch
    {
        FileKind.Missing => null,
        FileKind.Folder => "a folder",
        FileKind.Pipe => "a pipe",
        FileKind.Socket => "a socket",
        FileKind.Device => "a device",
        _ => "a file",
    };
}
