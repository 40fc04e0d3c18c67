using GreenServe.Serving.Streams;

namespace GreenServe.Serving.Servers;

/// <summary>What a server prints: kept in a file, its last lines at hand. Thread-safe.</summary>
internal sealed class ServerLog : IDisposable
{
    private const int TailLines = 15;
    private readonly Lock gate = new();
    private readonly Queue<string> tail = new();
    private readonly StreamWriter writer;
    private bool isClosed;

    internal ServerLog(string path) => writer = new StreamWriter(path) { AutoFlush = true };

    internal void Add(string line)
    {
        lock (gate)
        {
            if (isClosed)
            {
                return;
            }

            writer.WriteLine(line);
            tail.Enqueue(ErrorText.Clean(line));
            if (tail.Count > TailLines)
            {
                tail.Dequeue();
            }
        }
    }

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
}
