using GreenServe.Serving.Streams;

namespace GreenServe.Serving.Servers;

/// <summary>Keeps what a server prints in a file, and its last lines in memory. Thread-safe.</summary>
/// <remarks>Where the disk is full or the log has reached its limit, the file ends early, and the last lines still follow.</remarks>
internal sealed class ServerLog : IDisposable
{
    /// <summary>Lines kept in memory: enough for the end of a stack trace, few enough for an error message.</summary>
    private const int TailLines = 15;
    private readonly Lock gate = new();
    private readonly Queue<string> tail = new();
    private readonly StreamWriter writer;
    private readonly long maxLength;
    private long length;
    private bool isClosed;
    private bool isFull;

    /// <summary>Opens the file, and empties it where it exists.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxLength">
    /// Longest log that the file keeps (characters); the default is 64 million, weeks of an ordinary server.
    /// </param>
    internal ServerLog(string path, long maxLength = 64_000_000)
    {
        this.maxLength = maxLength;
        FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        writer = new StreamWriter(file) { AutoFlush = true };
    }

    /// <summary>Adds a line. A line that comes after disposal is dropped.</summary>
    internal void Add(string line)
    {
        lock (gate)
        {
            if (isClosed)
            {
                return;
            }

            Write(line);
            tail.Enqueue(ErrorText.Clean(line));
            if (tail.Count > TailLines)
            {
                tail.Dequeue();
            }
        }
    }

    /// <summary>The last lines, joined by line feeds; a remark in brackets for a server that printed nothing.</summary>
    internal string Tail()
    {
        lock (gate)
        {
            return tail.Count > 0 ? string.Join('\n', tail) : "(it printed nothing)";
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isClosed = true;
            writer.Dispose();
        }
    }

    private void Write(string line)
    {
        if (isFull)
        {
            return;
        }

        length += line.Length + 1;
        isFull = length > maxLength;
        try
        {
            writer.WriteLine(isFull ? $"(the log ends here: it has reached {maxLength} characters)" : line);
        }
        catch (IOException)
        {
            isFull = true;
        }
    }
}
