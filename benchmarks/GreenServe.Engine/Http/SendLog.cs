using System.Globalization;

namespace GreenServe.Engine.Http;

/// <summary>When this server received each request and handed each token to the socket: the truth a client is judged by.</summary>
/// <remarks>Timestamps are those of <see cref="TimeProvider.System"/>, which on Linux all processes of a host share (ns). Thread-safe.</remarks>
public sealed class SendLog
{
    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];

    /// <summary>Header of the file.</summary>
    public const string Header = "request_id,token_index,tokens,timestamp";

    /// <summary>Everything logged so far.</summary>
    public IReadOnlyList<Entry> Read()
    {
        lock (gate)
        {
            return [.. entries];
        }
    }

    /// <summary>Writes everything logged so far as CSV.</summary>
    public void Write(string path)
    {
        using StreamWriter writer = new(path) { NewLine = "\n" };
        writer.WriteLine(Header);
        foreach (Entry entry in Read())
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{Quote(entry.RequestId)},{entry.TokenIndex},{entry.Tokens},{entry.Timestamp}"));
        }
    }

    internal void Add(string requestId, int tokenIndex, int tokens, long timestamp)
    {
        lock (gate)
        {
            entries.Add(new Entry(requestId, tokenIndex, tokens, timestamp));
        }
    }

    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>One event.</summary>
    /// <param name="RequestId">The client's name for the request (<c>X-Request-Id</c>), else the server's.</param>
    /// <param name="TokenIndex">Number of the chunk's first token in the output; -1 for the arrival of the request.</param>
    /// <param name="Tokens">Tokens in the chunk; 0 for an arrival.</param>
    /// <param name="Timestamp">Just before the bytes went to the socket, or just after the request's body was read.</param>
    public readonly record struct Entry(string RequestId, int TokenIndex, int Tokens, long Timestamp);
}
