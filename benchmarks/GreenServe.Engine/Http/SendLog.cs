using System.Globalization;
using GreenServe.Records;

namespace GreenServe.Engine.Http;

/// <summary>
/// Records when the HTTP server received each request and when it handed each token to the socket. The accuracy of a client is measured
/// against this log.
/// </summary>
/// <remarks>
/// Timestamps are readings of <see cref="HttpServerOptions.Clock"/>. The default clock counts nanoseconds on Linux, and all processes of a
/// host share it. The class is thread-safe.
/// </remarks>
public sealed class SendLog
{
    /// <summary>The header of the CSV file.</summary>
    public const string Header = "request_id,token_index,tokens,timestamp";

    // The token index in the file's row for the arrival of a request.
    private const int ArrivalIndex = -1;
    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];

    /// <summary>Returns everything that has been logged so far, in order.</summary>
    public IReadOnlyList<Entry> Read()
    {
        lock (gate)
        {
            return [.. entries];
        }
    }

    /// <summary>Writes everything that has been logged so far as CSV. The row of an arrival has the token index -1.</summary>
    public void Write(string path) => OutputFile.Replace(path, Write);

    private void Write(Stream stream)
    {
        using StreamWriter writer = new(stream, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(Header);
        foreach (Entry entry in Read())
        {
            int index = entry.TokenIndex ?? ArrivalIndex;
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{Quote(entry.RequestId)},{index},{entry.Tokens},{entry.Timestamp}"));
        }
    }

    /// <summary>Logs that the body of a request has been read.</summary>
    internal void AddArrival(string requestId, long timestamp) => Add(new Entry(requestId, TokenIndex: null, Tokens: 0, timestamp));

    /// <summary>Logs that a chunk of tokens is handed to the socket.</summary>
    internal void AddTokens(string requestId, int tokenIndex, int tokens, long timestamp) =>
        Add(new Entry(requestId, tokenIndex, tokens, timestamp));

    private void Add(Entry entry)
    {
        lock (gate)
        {
            entries.Add(entry);
        }
    }

    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>One event: the arrival of a request, or the sending of a chunk.</summary>
    /// <param name="RequestId">The client's name for the request (<c>X-Request-Id</c>), or the server's if the client gave none.</param>
    /// <param name="TokenIndex">The number of the chunk's first token in the output, from 0; <c>null</c> for an arrival.</param>
    /// <param name="Tokens">The number of tokens in the chunk; 0 for an arrival.</param>
    /// <param name="Timestamp">
    /// The moment just before the bytes went to the socket. For an arrival it is the moment just after the request's body was read.
    /// </param>
    public readonly record struct Entry(string RequestId, int? TokenIndex, int Tokens, long Timestamp);
}
